/* From a check to its field: where the panel of checks covers the form, it is closed first. */
"use strict";

document.addEventListener("click", (event) => {
  const link = event.target.closest(".readiness-panel a[href^='#']");
  if (!link) {
    return;
  }
  const panel = link.closest("[data-form-side]");
  if (panel && panel.getBoundingClientRect().width > window.innerWidth * 0.8) {
    panel.querySelector("[data-form-side-close-button]").click();
  }
  const field = document.getElementById(link.hash.slice(1));
  field?.focus({ preventScroll: true });
});
