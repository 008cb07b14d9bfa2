/* How far an import is, while one looks at its report. */
"use strict";

for (const box of document.querySelectorAll("[data-import-progress]")) {
  const bar = box.querySelector("progress");
  const label = box.querySelector("[data-label]");
  const figures = box.querySelector("[data-figures]");
  const announcer = box.querySelector("[data-announce]");
  const QUARTER = 25;
  let pause = 1000;
  let spoken = "";

  /* The figures change every second; what is spoken, with the state and at every quarter. */
  const announce = (told) => {
    const percent = told.total ? (100 * told.done) / told.total : 0;
    const text = `${told.label}: ${QUARTER * Math.floor(percent / QUARTER)} %`;
    if (text !== spoken) {
      spoken = text;
      announcer.textContent = text;
    }
  };

  const look = async () => {
    let told;
    try {
      const answer = await fetch(box.dataset.importProgress, { credentials: "same-origin" });
      if (answer.redirected) {
        /* The session has ended: signing in leads back here. */
        location.reload();
        return;
      }
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      told = await answer.json();
    } catch {
      pause = Math.min(pause * 2, 15000);
      setTimeout(look, pause);
      return;
    }
    pause = 1000;
    bar.max = Math.max(told.total, 1);
    bar.value = told.done;
    label.textContent = told.label;
    figures.textContent = `${told.done}/${told.total}`;
    announce(told);
    if (told.at_work) {
      setTimeout(look, pause);
    } else {
      location.reload();
    }
  };

  if (box.dataset.atWork) {
    setTimeout(look, pause);
  }
}
