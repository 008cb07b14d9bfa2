/* How far an import is, while one looks at its report. */
"use strict";

for (const box of document.querySelectorAll("[data-import-progress]")) {
  const bar = box.querySelector("progress");
  const label = box.querySelector("[data-label]");
  const figures = box.querySelector("[data-figures]");
  let pause = 1000;

  const look = async () => {
    let told;
    try {
      const answer = await fetch(box.dataset.importProgress, { credentials: "same-origin" });
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
