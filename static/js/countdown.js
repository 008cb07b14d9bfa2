/* The page of an announced exhibition: counts down to its hour, and shows the exhibition as
   soon as it is opened, by the clock or on stage. The portal's clock counts, not the phone's. */
(function () {
  "use strict";
  const box = document.querySelector("[data-opening]");
  if (!box) return;
  const NEAR = 15 * 60 * 1000;
  const clock = box.querySelector(".countdown__clock");
  const wait = box.querySelector(".countdown__wait");
  const cells = Array.from(clock.querySelectorAll("[data-unit]"));
  const printed = box.dataset.opens ? Date.parse(box.dataset.opens) : null;
  let opens = printed;
  let ahead = 0;
  let waiting = 0;
  let asked = false;

  const left = () => (opens === null ? null : opens - (Date.now() + ahead));

  function tick() {
    const rest = left();
    clock.hidden = rest === null || rest <= 0;
    let seconds = Math.max(0, Math.ceil((rest || 0) / 1000));
    cells.forEach((cell) => {
      const unit = Number(cell.dataset.unit);
      cell.textContent = String(Math.floor(seconds / unit)).padStart(2, "0");
      seconds %= unit;
    });
    if (rest !== null && rest <= 0) wait.textContent = wait.dataset.due;
  }

  // A hall full of telephones does not ask all at once, and one in a pocket not at all.
  function pause() {
    const rest = left();
    const near = rest === null || rest < NEAR;
    return (near ? 8000 : 20000) * (1 + Math.random());
  }

  function plan() {
    window.clearTimeout(waiting);
    if (!document.hidden) waiting = window.setTimeout(ask, pause());
  }

  async function ask() {
    try {
      const answer = await fetch(box.dataset.opening, { cache: "no-store", credentials: "omit" });
      if (answer.ok) {
        const told = await answer.json();
        const hour = told.opens_at ? Date.parse(told.opens_at) : null;
        if (told.state !== "announced" || hour !== printed) {
          // It has opened, or was put off: the page says so. Told so at once, a stored page
          // was shown: not to ask for it again and again.
          window.setTimeout(() => window.location.reload(), asked ? 0 : 10000);
          return;
        }
        asked = true;
        ahead = Date.parse(told.now) - Date.now();
        opens = hour;
      }
    } catch {
      // No connection for a while: it is asked again.
    }
    tick();
    plan();
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) ask();
  });
  wait.hidden = false;
  tick();
  window.setInterval(tick, 1000);
  ask();
})();
