/* Reports this page as viewed once it has been in sight for a second or the reader has done
   something, and again when it comes back from the browser's memory. Then shows how often
   it was viewed. No cookie, nothing stored. */
(function () {
  "use strict";
  const page = document.currentScript.dataset.page;
  let reported = false;
  let waiting = 0;

  function wait() {
    clearTimeout(waiting);
    waiting = setTimeout(report, 1000);
  }

  function report() {
    if (reported || document.visibilityState !== "visible" || document.prerendering) return;
    reported = true;
    const address = new URL(location);
    const tag = address.searchParams.get("utm_content") || "";
    const code = /^\w{8}$/.test(tag) ? tag : "";
    const host = document.referrer.split("/")[2] || "";
    navigator.sendBeacon(`/_v/?p=${page}&c=${code}&r=${host}`);
    /* The address a reader passes on must not credit whoever brought this reader. */
    if (!document.querySelector("script[src*='ben-thu-ba']")) {
      Array.from(address.searchParams.keys())
        .filter((name) => name.startsWith("utm_"))
        .forEach((name) => address.searchParams.delete(name));
      history.replaceState(history.state, "", address);
    }
    document.querySelectorAll("[data-views]").forEach((place) => {
      fetch(`/_v/${place.dataset.views}.json`)
        .then((answer) => answer.json())
        .then((figure) => (place.textContent = figure.views))
        .catch(() => {});
    });
  }

  ["pointerdown", "keydown", "wheel", "touchstart"].forEach((sign) =>
    addEventListener(sign, report, { passive: true }),
  );
  /* Out of sight nothing is reported; back in sight, the second begins anew. */
  ["visibilitychange", "prerenderingchange"].forEach((change) =>
    document.addEventListener(change, wait),
  );
  addEventListener("pageshow", (event) => {
    if (event.persisted) reported = false;
    wait();
  });
  wait();
})();
