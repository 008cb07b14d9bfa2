/* Statistics of a third party: asked for only after the reader has agreed, and never from
   a browser that says that its reader is not to be tracked. The choice is kept in the
   reader's own browser, for the service it was made for, and sent nowhere. */
(function () {
  "use strict";
  const SCRIPT = "/_v/ben-thu-ba.js";
  const KEPT_AS = "trienlam-third-party";
  const bar = document.getElementById("ben-thu-ba");
  const control = document.getElementById("ben-thu-ba-xem-lai");
  const agreed = "yes " + bar.dataset.service;
  let loaded = false;

  function declinesTracking() {
    return Boolean(navigator.globalPrivacyControl) || navigator.doNotTrack === "1";
  }

  function kept() {
    try {
      return window.localStorage.getItem(KEPT_AS);
    } catch (error) {
      return null; /* storage refused: asked on every page, nothing loaded until then */
    }
  }

  function keep(choice) {
    try {
      window.localStorage.setItem(KEPT_AS, choice);
    } catch (error) {
      /* the choice holds for this page */
    }
  }

  function load() {
    if (loaded) return;
    loaded = true;
    const script = document.createElement("script");
    script.src = SCRIPT;
    document.head.append(script);
  }

  function choose(choice) {
    keep(choice);
    bar.hidden = true;
    control.focus({ preventScroll: true });
    if (choice === agreed) load();
    /* What runs already cannot be called back. */
    else if (loaded) window.location.reload();
  }

  function start() {
    const choice = kept();
    if (choice === agreed) load();
    else if (choice !== "no") bar.hidden = false;
  }

  if (declinesTracking()) return;
  bar.querySelectorAll("button").forEach((button) => {
    button.addEventListener("click", () => choose(button.value === "yes" ? agreed : "no"));
  });
  control.parentElement.hidden = false;
  control.addEventListener("click", () => {
    bar.hidden = false;
    bar.focus();
  });
  if (document.prerendering) {
    document.addEventListener("prerenderingchange", start, { once: true });
  } else {
    start();
  }
})();
