/* The banner kit: agencies suggested while their name is typed, and copying at one touch.
   Without it the search is a plain form, and every link and code is text to select. */
(function () {
  "use strict";

  /* Links that only lead to a text become buttons that do something with it. */
  function asButton(link) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = link.className;
    Object.assign(button.dataset, link.dataset);
    button.append(...link.childNodes);
    link.replaceWith(button);
    return button;
  }

  /* Copying */

  const said = document.getElementById("da-sao-chep");

  function copyTheOldWay(field) {
    field.focus();
    field.select();
    try {
      return document.execCommand("copy");
    } catch (error) {
      return false;
    }
  }

  async function copy(field) {
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch (error) {
      /* no clipboard on pages without HTTPS, or not allowed */
      return copyTheOldWay(field);
    }
  }

  function tell(button, sentence) {
    said.textContent = "";
    window.setTimeout(() => {
      said.textContent = sentence;
    }, 50);
    if (button.dataset.telling !== undefined) return;
    const words = Array.from(button.childNodes);
    button.dataset.telling = "";
    button.style.minWidth = button.offsetWidth + "px";
    button.replaceChildren(sentence);
    window.setTimeout(() => {
      button.replaceChildren(...words);
      button.style.minWidth = "";
      delete button.dataset.telling;
    }, 2500);
  }

  document.querySelectorAll("a[data-copies]").forEach((link) => {
    const button = asButton(link);
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copies);
      const copied = await copy(field);
      if (!copied) {
        field.focus();
        field.select();
      } else {
        button.focus();
      }
      tell(button, copied ? said.dataset.copied : said.dataset.refused);
    });
  });

  document.querySelectorAll("[data-whole]").forEach((field) => {
    field.addEventListener("focus", () => field.select());
  });

  document.querySelectorAll("a[data-opens]").forEach((link) => {
    const button = asButton(link);
    const panel = document.getElementById(button.dataset.opens);
    const show = (open) => {
      panel.toggleAttribute("data-open", open);
      button.setAttribute("aria-expanded", String(open));
    };
    button.setAttribute("aria-controls", panel.id);
    show(window.location.hash === "#" + panel.id);
    button.addEventListener("click", () => show(!panel.hasAttribute("data-open")));
  });

  /* A second click while the first is on its way sends nothing. */
  document.querySelectorAll("form[data-once]").forEach((form) => {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) event.preventDefault();
      sent = true;
    });
    window.addEventListener("pageshow", () => {
      sent = false;
    });
  });

  /* Suggestions: the combobox pattern of the ARIA practices, with a list of links to go to */

  const WAIT = 150;

  function suggest(form) {
    const input = form.querySelector("input[type=search]");
    const list = form.querySelector("ul");
    const status = form.querySelector("[data-said]");
    let found = [];
    let active = -1;
    let timer = 0;
    let request = null;

    list.setAttribute("role", "listbox");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    function options() {
      return Array.from(list.children);
    }

    function mark(index) {
      active = index;
      options().forEach((option, place) => {
        option.setAttribute("aria-selected", String(place === index));
      });
      if (index < 0) {
        input.removeAttribute("aria-activedescendant");
      } else {
        input.setAttribute("aria-activedescendant", options()[index].id);
        options()[index].scrollIntoView({ block: "nearest" });
      }
    }

    function show(open) {
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (!open) mark(-1);
    }

    function optionOf(result, place) {
      const option = document.createElement("li");
      option.id = list.id + "-" + place;
      option.setAttribute("role", "option");
      option.append(result.name);
      if (result.beside) {
        const beside = document.createElement("span");
        beside.className = "kitsearch__beside";
        beside.textContent = result.beside;
        option.append(beside);
      }
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => window.location.assign(result.url));
      return option;
    }

    function put(answer) {
      found = answer.results;
      active = -1;
      list.replaceChildren(...found.map(optionOf));
      list.scrollTop = 0;
      status.textContent = answer.said;
      mark(-1);
      show(found.length > 0);
    }

    async function ask() {
      if (request) request.abort();
      const typed = input.value.trim();
      if (!typed) {
        put({ results: [], said: "" });
        return;
      }
      request = new AbortController();
      const query = new URLSearchParams({ tim: typed });
      try {
        const answer = await fetch(form.dataset.suggestions + "?" + query, {
          signal: request.signal,
          credentials: "omit",
        });
        if (answer.ok) put(await answer.json());
      } catch (error) {
        /* overtaken by a newer question, or no network: the form still works */
      }
    }

    input.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, WAIT);
    });

    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const last = found.length - 1;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (last < 0) return;
        event.preventDefault();
        show(true);
        const step = event.key === "ArrowDown" ? 1 : -1;
        const next = active < 0 && step < 0 ? last : active + step;
        mark(next > last ? 0 : next < 0 ? last : next);
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        window.location.assign(found[active].url);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        show(false);
      }
    });

    input.addEventListener("blur", () => show(false));
    input.addEventListener("focus", () => show(found.length > 0 && input.value.trim() !== ""));
  }

  document.querySelectorAll("form[data-suggestions]").forEach(suggest);
})();
