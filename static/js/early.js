/* Before the first paint: the reader's own settings, so that nothing flashes or moves. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.setAttribute("data-js", "");
  ["theme", "contrast", "text-size"].forEach(function (name) {
    var value = null;
    try {
      value = window.localStorage.getItem("trienlam-" + name);
    } catch (error) {
      return; /* storage refused: the device's own settings stand */
    }
    if (value && /^[a-z]+$/.test(value)) root.setAttribute("data-" + name, value);
  });
})();
