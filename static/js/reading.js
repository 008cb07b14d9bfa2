/* Transcriptions unfolded for printing, the thread that shows how far one has read, and
   the arrow keys between documents. */
(function () {
  "use strict";
  const folds = document.querySelectorAll("details.fold");
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = Array.from(folds).filter((fold) => !fold.open);
    unfolded.forEach((fold) => (fold.open = true));
  });
  window.addEventListener("afterprint", () => {
    unfolded.forEach((fold) => (fold.open = false));
  });

  const thread = document.querySelector("[data-progress]");
  if (thread) {
    let waiting = false;
    const draw = () => {
      waiting = false;
      const room = document.documentElement.scrollHeight - window.innerHeight;
      const share = room > 0 ? Math.min(1, window.scrollY / room) : 1;
      thread.style.transform = "scaleX(" + share.toFixed(4) + ")";
    };
    const ask = () => {
      if (!waiting) {
        waiting = true;
        window.requestAnimationFrame(draw);
      }
    };
    window.addEventListener("scroll", ask, { passive: true });
    window.addEventListener("resize", ask);
    draw();
  }

  const ways = { ArrowLeft: "prev", ArrowRight: "next" };
  document.addEventListener("keydown", (event) => {
    const rel = ways[event.key];
    if (!rel || event.defaultPrevented) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog, details[open]")) {
      return;
    }
    const link = document.querySelector(".walk a[rel='" + rel + "']");
    if (link) link.click();
  });
})();
