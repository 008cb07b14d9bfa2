/* Disclosures of the header and the contents sheet open without script; this adds
   Escape, a click outside, and keeps the focus inside a sheet that covers the page. */
(function () {
  "use strict";
  const disclosures = document.querySelectorAll("details.sheet, details.settings, details.contents");
  const focusable = "a[href], button, input:checked, summary";

  function close(details) {
    details.open = false;
    details.querySelector("summary").focus();
  }

  function stops(details) {
    return Array.from(details.querySelectorAll(focusable)).filter(
      (element) => element.getClientRects().length > 0,
    );
  }

  function keepInside(event, details) {
    const places = stops(details);
    const first = places[0];
    const last = places[places.length - 1];
    if (event.shiftKey && document.activeElement === first) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && document.activeElement === last) {
      event.preventDefault();
      first.focus();
    }
  }

  disclosures.forEach((details) => {
    details.addEventListener("keydown", (event) => {
      if (!details.open) return;
      if (event.key === "Escape") close(details);
      else if (event.key === "Tab" && !details.matches(".settings")) keepInside(event, details);
    });
  });

  document.addEventListener("click", (event) => {
    disclosures.forEach((details) => {
      if (details.open && !details.contains(event.target)) details.open = false;
    });
  });
})();
