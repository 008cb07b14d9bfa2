/* Arranging items by dragging, and by keyboard with every step announced. */
"use strict";

for (const form of document.querySelectorAll("[data-grid]")) {
  const announcer = form.querySelector("[data-announce]");
  const failure = form.querySelector("[data-failure]");
  const token = form.querySelector("[name='csrfmiddlewaretoken']").value;
  const lists = [...form.querySelectorAll("[data-part]")];
  let held = null;
  let dragged = null;

  const cardsOf = (list) => [...list.querySelectorAll(":scope > [data-item]")];
  const words = (text, card) => {
    const list = card.parentElement;
    const cards = cardsOf(list);
    const values = {
      title: card.dataset.title,
      place: cards.indexOf(card) + 1,
      total: cards.length,
      part: list.dataset.title,
    };
    return text.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]);
  };
  const announce = (text, card) => {
    announcer.textContent = words(text, card);
  };
  const number = () => {
    for (const list of lists) {
      for (const [index, card] of cardsOf(list).entries()) {
        card.querySelector("[data-place]").textContent = index + 1;
      }
    }
  };
  const placeOf = (card) => ({ list: card.parentElement, next: card.nextElementSibling });
  const putAt = (card, { list, next }) => {
    list.insertBefore(card, next);
    number();
  };

  const send = async (card, before) => {
    /* The card stands where it was put already; it goes back when the portal refuses. */
    const previous = card.previousElementSibling;
    const body = new URLSearchParams({
      csrfmiddlewaretoken: token,
      action: "after",
      item: card.dataset.item,
      part: card.parentElement.dataset.part,
      after: previous ? previous.dataset.item : "0",
    });
    failure.hidden = true;
    let reasons;
    try {
      const answer = await fetch(location.href, {
        method: "POST",
        credentials: "same-origin",
        headers: { Accept: "application/json" },
        body,
      });
      /* A redirect leads to the sign-in: nothing was moved. */
      const moved = answer.ok && !answer.redirected;
      reasons = moved ? [] : answer.redirected ? [form.dataset.saidFailed] : (await answer.json()).reasons;
    } catch {
      reasons = [form.dataset.saidFailed];
    }
    if (reasons.length) {
      putAt(card, before);
      failure.textContent = reasons.join(" ");
      failure.hidden = false;
    } else {
      announce(form.dataset.saidPut, card);
    }
  };

  const columnsOf = (list) => {
    const cards = cardsOf(list);
    const top = cards[0] ? cards[0].offsetTop : 0;
    return Math.max(1, cards.filter((card) => card.offsetTop === top).length);
  };

  const step = (card, by) => {
    const list = card.parentElement;
    const cards = cardsOf(list);
    const wanted = cards.indexOf(card) + by;
    if (wanted >= 0 && wanted < cards.length) {
      const others = cards.filter((each) => each !== card);
      list.insertBefore(card, others[wanted] || null);
      return;
    }
    const other = lists[lists.indexOf(list) + Math.sign(by)];
    if (other) {
      other.insertBefore(card, by > 0 ? other.firstElementChild : null);
    }
  };

  const release = () => {
    const handle = held.card.querySelector("[data-handle]");
    handle.setAttribute("aria-pressed", "false");
    held.card.classList.remove("grid__card--held");
    held = null;
  };

  const onKey = (event, card) => {
    if (!held) {
      return;
    }
    const moves = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columnsOf(card.parentElement),
      ArrowDown: columnsOf(card.parentElement),
    };
    if (event.key in moves) {
      event.preventDefault();
      step(card, moves[event.key]);
      number();
      card.querySelector("[data-handle]").focus();
      announce(form.dataset.saidMoved, card);
    } else if (event.key === "Escape") {
      event.preventDefault();
      putAt(card, held.before);
      release();
      card.querySelector("[data-handle]").focus();
      announce(form.dataset.saidBack, card);
    }
  };

  for (const card of form.querySelectorAll("[data-item]")) {
    const handle = card.querySelector("[data-handle]");
    if (!handle) {
      continue;
    }
    handle.hidden = false;
    handle.addEventListener("click", () => {
      if (held && held.card === card) {
        const { before } = held;
        release();
        if (before.list !== card.parentElement || before.next !== card.nextElementSibling) {
          send(card, before);
        } else {
          announce(form.dataset.saidBack, card);
        }
        return;
      }
      if (held) {
        putAt(held.card, held.before);
        release();
      }
      held = { card, before: placeOf(card) };
      handle.setAttribute("aria-pressed", "true");
      card.classList.add("grid__card--held");
      announce(form.dataset.saidTaken, card);
    });
    handle.addEventListener("keydown", (event) => onKey(event, card));
    card.draggable = true;
    card.addEventListener("dragstart", (event) => {
      dragged = { card, before: placeOf(card), dropped: false };
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.dataset.item);
      card.classList.add("grid__card--held");
    });
    card.addEventListener("dragend", () => {
      card.classList.remove("grid__card--held");
      if (dragged && !dragged.dropped) {
        putAt(card, dragged.before);
      }
      dragged = null;
    });
  }

  for (const list of lists) {
    list.addEventListener("dragover", (event) => {
      if (!dragged) {
        return;
      }
      event.preventDefault();
      const over = event.target.closest("[data-item]");
      if (over && over !== dragged.card && over.parentElement === list) {
        const box = over.getBoundingClientRect();
        const behind = event.clientX > box.left + box.width / 2;
        list.insertBefore(dragged.card, behind ? over.nextElementSibling : over);
      } else if (!over) {
        list.append(dragged.card);
      }
      number();
    });
    list.addEventListener("drop", (event) => {
      if (!dragged) {
        return;
      }
      event.preventDefault();
      dragged.dropped = true;
      const { card, before } = dragged;
      if (before.list !== card.parentElement || before.next !== card.nextElementSibling) {
        send(card, before);
      }
    });
  }
}
