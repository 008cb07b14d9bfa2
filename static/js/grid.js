/* Arranging items by dragging, and by keyboard with every step announced; moving those that are
   ticked without leaving the screen, and saying how many they are. */
"use strict";

for (const form of document.querySelectorAll("[data-grid]")) {
  const announcer = form.querySelector("[data-announce]");
  if (!announcer) {
    continue; /* nothing may be arranged now */
  }
  const count = form.querySelector("[data-count]");
  const nothingTicked = count.textContent;
  const withTicked = form.querySelector("[data-ticked]");
  const failure = form.querySelector("[data-failure]");
  const token = form.querySelector("[name='csrfmiddlewaretoken']").value;
  const lists = [...form.querySelectorAll("[data-part]")];
  let held = null;
  let dragged = null;
  let moving = false;

  const cardsOf = (list) => [...list.querySelectorAll(":scope > [data-item]")];
  const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]);
  const words = (text, card) => {
    const list = card.parentElement;
    const cards = cardsOf(list);
    return fill(text, {
      title: card.dataset.title,
      place: cards.indexOf(card) + 1,
      total: cards.length,
      part: list.dataset.title,
    });
  };
  const say = (text) => {
    failure.hidden = true;
    announcer.textContent = text;
  };
  const announce = (text, card) => say(words(text, card));
  const refuse = (reasons) => {
    announcer.textContent = "";
    failure.textContent = reasons.join(" ");
    failure.hidden = false;
  };
  const ticked = () =>
    [...form.querySelectorAll("[name='item']:checked")].map((tick) => tick.closest("[data-item]"));
  const tell = () => {
    const { length } = ticked();
    const text = length ? fill(count.dataset.saidTicked, { count: length }) : nothingTicked;
    if (count.textContent !== text) {
      count.textContent = text;
    }
    withTicked.hidden = !length;
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

  /* What the portal answers: what it refuses the move for, or what it says of it. */
  const ask = async (body) => {
    try {
      const answer = await fetch(location.href, {
        method: "POST",
        credentials: "same-origin",
        headers: { Accept: "application/json" },
        body,
      });
      /* A redirect leads to the sign-in: nothing was moved. */
      return answer.redirected ? { reasons: [form.dataset.saidFailed] } : await answer.json();
    } catch {
      return { reasons: [form.dataset.saidFailed] };
    }
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
    const { reasons } = await ask(body);
    if (reasons.length) {
      putAt(card, before);
      refuse(reasons);
    } else {
      announce(form.dataset.saidPut, card);
    }
  };

  /* As the portal puts them: to a place in their own Part, or to the end of another one. */
  const putTicked = (cards, action, body) => {
    const list =
      action === "part"
        ? lists.find((each) => each.dataset.part === body.get("to_part"))
        : cards[0].parentElement;
    const others = cardsOf(list).filter((each) => !cards.includes(each));
    const next = action === "part" ? null : others[Number(body.get("place")) - 1] || null;
    for (const card of cards) {
      list.insertBefore(card, next);
    }
    number();
  };

  const nameKind = (cards) => {
    const [chosen] = form.querySelector("[name='kind']").selectedOptions;
    for (const card of chosen.value ? cards : []) {
      card.querySelector("[data-kind]").textContent = chosen.textContent;
    }
  };

  form.addEventListener("submit", async (event) => {
    const action = event.submitter?.name === "action" ? event.submitter.value : "";
    if (!["place", "part", "set"].includes(action)) {
      return;
    }
    event.preventDefault();
    if (moving) {
      return;
    }
    moving = true;
    const cards = ticked();
    const body = new URLSearchParams(new FormData(form));
    body.set("action", action);
    const { reasons, said } = await ask(body);
    moving = false;
    if (reasons.length) {
      refuse(reasons);
    } else {
      if (action === "set") {
        nameKind(cards);
      } else {
        putTicked(cards, action, body);
      }
      say(said);
    }
  });
  form.addEventListener("change", tell);
  form.querySelector("[data-untick]").addEventListener("click", () => {
    const [first] = ticked().map((card) => card.querySelector("[name='item']"));
    for (const card of ticked()) {
      card.querySelector("[name='item']").checked = false;
    }
    tell();
    first?.focus({ preventScroll: true }); /* the button has gone from under the finger */
  });
  window.addEventListener("pageshow", tell);

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
