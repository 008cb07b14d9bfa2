/* Text size, background and contrast: kept in the reader's own browser, sent nowhere. */
(function () {
  "use strict";
  const root = document.documentElement;
  const inputs = document.querySelectorAll("input[data-setting]");

  function show() {
    inputs.forEach((input) => {
      input.checked = input.value === (root.getAttribute("data-" + input.dataset.setting) || "");
    });
  }

  function keep(name, value) {
    try {
      if (value) window.localStorage.setItem("trienlam-" + name, value);
      else window.localStorage.removeItem("trienlam-" + name);
    } catch (error) {
      /* storage refused: the choice holds for this page */
    }
  }

  inputs.forEach((input) => {
    input.addEventListener("change", () => {
      const name = input.dataset.setting;
      if (input.value) root.setAttribute("data-" + name, input.value);
      else root.removeAttribute("data-" + name);
      keep(name, input.value);
      show();
    });
  });
  show();
})();
