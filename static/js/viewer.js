/* "Phóng to tài liệu": the largest published width in a dialog, to be moved and zoomed
   with fingers, mouse, buttons or keys. Without script the same link opens the picture. */
(function () {
  "use strict";
  const dialog = document.getElementById("phong-to");
  const links = Array.from(document.querySelectorAll("a[data-viewer]"));
  if (!dialog || !links.length || typeof dialog.showModal !== "function") return;

  const stage = dialog.querySelector(".viewer__stage");
  const picture = document.createElement("img");
  const count = dialog.querySelector(".viewer__count");
  const buttons = {};
  dialog.querySelectorAll("[data-viewer-do]").forEach((button) => {
    buttons[button.dataset.viewerDo] = button;
  });
  picture.className = "viewer__picture";
  picture.draggable = false;
  const largest = 8;
  const fingers = new Map();
  let pages = [];
  let place = 0;
  let scale = 1;
  let x = 0;
  let y = 0;

  function draw() {
    const limitX = Math.max(0, (picture.offsetWidth * scale - stage.clientWidth) / 2);
    const limitY = Math.max(0, (picture.offsetHeight * scale - stage.clientHeight) / 2);
    x = Math.min(limitX, Math.max(-limitX, x));
    y = Math.min(limitY, Math.max(-limitY, y));
    picture.style.transform = "translate(" + x + "px," + y + "px) scale(" + scale + ")";
    buttons.out.disabled = scale <= 1;
    buttons.whole.disabled = scale <= 1;
    buttons.in.disabled = scale >= largest;
    stage.classList.toggle("viewer__stage--close", scale > 1);
  }

  /* Zoom so that the point (px, py), measured from the middle of the stage, stays put. */
  function zoom(factor, px, py) {
    const wanted = Math.min(largest, Math.max(1, scale * factor));
    const ratio = wanted / scale;
    x = px - (px - x) * ratio;
    y = py - (py - y) * ratio;
    scale = wanted;
    draw();
  }

  function fromMiddle(clientX, clientY) {
    const box = stage.getBoundingClientRect();
    return [clientX - box.left - box.width / 2, clientY - box.top - box.height / 2];
  }

  function show(index) {
    place = index;
    scale = 1;
    x = 0;
    y = 0;
    const link = pages[place];
    picture.src = link.href;
    picture.alt = link.dataset.viewerAlt || "";
    count.textContent = link.dataset.viewerLabel || "";
    stage.append(picture);
    buttons.previous.hidden = place === 0;
    buttons.next.hidden = place === pages.length - 1;
    draw();
  }

  function turn(step) {
    const index = place + step;
    if (index < 0 || index >= pages.length) return;
    show(index);
    const button = step < 0 ? buttons.previous : buttons.next;
    if (button.hidden) stage.focus();
  }

  const deeds = {
    previous: () => turn(-1),
    next: () => turn(1),
    in: () => zoom(1.5, 0, 0),
    out: () => zoom(1 / 1.5, 0, 0),
    whole: () => zoom(1 / largest, 0, 0),
    close: () => dialog.close(),
  };
  Object.keys(deeds).forEach((name) => buttons[name].addEventListener("click", deeds[name]));

  /* The pages of one document are turned over in the viewer; single pictures are not. */
  function pagesWith(link) {
    if (!link.dataset.viewer) return [link];
    return links.filter((other) => other.dataset.viewer === link.dataset.viewer);
  }

  links.forEach((link) => {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      pages = pagesWith(link);
      dialog.showModal();
      show(pages.indexOf(link));
    });
  });
  picture.addEventListener("load", draw);
  window.addEventListener("resize", () => dialog.open && draw());
  dialog.addEventListener("close", () => {
    picture.remove();
    picture.removeAttribute("src");
    pages[place].focus();
  });

  function move(dx, dy) {
    x += dx;
    y += dy;
    draw();
  }

  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = {
      "+": deeds.in,
      "=": deeds.in,
      "-": deeds.out,
      0: deeds.whole,
      ArrowLeft: () => (scale > 1 ? move(80, 0) : turn(-1)),
      ArrowRight: () => (scale > 1 ? move(-80, 0) : turn(1)),
      ArrowUp: () => move(0, 80),
      ArrowDown: () => move(0, -80),
    };
    const deed = keys[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });

  stage.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const [px, py] = fromMiddle(event.clientX, event.clientY);
      zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), px, py);
    },
    { passive: false },
  );

  stage.addEventListener("dblclick", (event) => {
    const [px, py] = fromMiddle(event.clientX, event.clientY);
    zoom(scale > 1 ? 1 / largest : 2.5, px, py);
  });

  stage.addEventListener("pointerdown", (event) => {
    stage.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
  });

  stage.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = [event.clientX, event.clientY];
    if (fingers.size === 2) {
      const other = Array.from(fingers).find(([id]) => id !== event.pointerId)[1];
      const apart = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]);
      const [px, py] = fromMiddle((now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
      zoom(apart(now) / Math.max(1, apart(before)), px, py);
    } else if (scale > 1) {
      move(now[0] - before[0], now[1] - before[1]);
    }
    fingers.set(event.pointerId, now);
  });

  ["pointerup", "pointercancel"].forEach((kind) => {
    stage.addEventListener(kind, (event) => fingers.delete(event.pointerId));
  });
})();
