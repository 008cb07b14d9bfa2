/* Sending the files of an import: piece by piece, going on where a transfer broke off.

   A zone takes the files that are dropped on it or chosen in it. They go to the import of this
   screen; or, where the zone belongs to a Part, to an import that is begun for them. */
"use strict";

(() => {
  const transfer = document.querySelector("[data-transfer]");
  const form = document.querySelector("[data-import-files], [data-import-begin]");
  if (!transfer || !form) {
    return;
  }
  const ANNOUNCED_AT_ONCE = 200;
  const LONGEST_PAUSE = 30000;
  const KEPT_AS = "import-told";
  const SYSTEM_FILE = /(^|\/)(__MACOSX\/.*|(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*|~\$[^/]*))$/i;

  const token = form.querySelector("[name='csrfmiddlewaretoken']").value;
  const words = transfer.dataset;
  const bar = transfer.querySelector("progress");
  const status = transfer.querySelector("[data-status]");
  const announcer = transfer.querySelector("[data-announce]");
  const told = document.querySelector("[data-told]");

  const queue = [];
  const refused = [];
  let busy = false;
  let reading = false;
  let total = 0;
  let finished = 0;
  let passedOver = 0;
  let there = 0;
  let notAccepted = 0;
  let bytesTotal = 0;
  let bytesSent = 0;
  let quarter = -1;

  const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]);
  const announce = (text) => {
    if (announcer.textContent !== text) {
      announcer.textContent = text;
    }
  };
  const refuse = (name, reason) => refused.push(`${name}: ${reason}`);

  /* What is seen changes with every piece; what is spoken, at every quarter. */
  const showProgress = () => {
    const percent = bytesTotal ? (100 * bytesSent) / bytesTotal : 100;
    bar.value = percent;
    if (Math.floor(percent / 25) > quarter) {
      quarter = Math.floor(percent / 25);
      announce(fill(words.saidPercent, { percent: 25 * quarter }));
    }
  };

  const linesOfTheEnd = () => [
    ...(notAccepted ? [fill(words.saidRefused, { count: notAccepted })] : []),
    ...refused,
    ...(there ? [fill(words.saidThere, { count: there })] : []),
    ...(passedOver ? [fill(words.saidPassedOver, { count: passedOver })] : []),
  ];
  const tell = (lines) => {
    told.replaceChildren(
      ...lines.map((text) => {
        const line = document.createElement("p");
        line.textContent = text;
        return line;
      }),
    );
    told.hidden = !lines.length;
  };
  const leaveFor = (address) => {
    /* The screen is renewed, also after a refusal; what was said goes along. */
    const lines = linesOfTheEnd();
    const kept = { address, lines: refused.length || notAccepted ? lines : [words.saidDone, ...lines] };
    try {
      sessionStorage.setItem(KEPT_AS, JSON.stringify(kept));
    } catch {
      /* a browser that keeps nothing shows the lists all the same */
    }
    busy = false;
    location.assign(address);
  };
  const tellWhatWasKept = () => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEPT_AS));
      sessionStorage.removeItem(KEPT_AS);
      if (kept && kept.address === location.pathname) {
        tell(kept.lines);
      }
    } catch {
      /* nothing was kept */
    }
  };

  const signInFirst = () => {
    /* The session has ended: signing in leads back here, and the transfer goes on. */
    busy = false;
    location.reload();
    return new Promise(() => {});
  };

  const ask = async (url, options) => {
    /* Tries until the portal answers; a line that breaks is no reason to give up. */
    for (let pause = 1000; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        const answer = await fetch(url, { credentials: "same-origin", ...options });
        if (answer.redirected) {
          return signInFirst();
        }
        if (answer.status < 500 || answer.status === 507) {
          return answer;
        }
      } catch {
        /* no line */
      }
      status.textContent = words.saidWaiting;
      announce(words.saidWaiting);
      await wait(pause);
    }
  };
  const answerOf = (response) => response.json().catch(() => ({ reason: String(response.status) }));

  const send = async (file, known, piece) => {
    let arrived = known.arrived;
    bytesSent += Math.min(arrived, file.size);
    if (known.state !== "arriving") {
      if (known.state === "refused") {
        notAccepted += 1;
      } else {
        there += 1;
      }
      return;
    }
    let answer = known;
    while (answer.state === "arriving") {
      const body = await file.slice(arrived, arrived + piece).arrayBuffer().catch(() => null);
      if (body === null) {
        refuse(known.name, words.saidUnreadable);
        return;
      }
      const response = await ask(known.url, {
        method: "PATCH",
        headers: {
          "Content-Type": "application/octet-stream",
          "Upload-Offset": String(arrived),
          "X-CSRFToken": token,
        },
        body,
      });
      answer = await answerOf(response);
      if (response.status === 409 && Number.isInteger(answer.arrived)) {
        answer.state = "arriving";
      } else if (!response.ok) {
        refuse(known.name, answer.reason || String(response.status));
        return;
      }
      if (Number.isInteger(answer.arrived)) {
        bytesSent += Math.max(0, answer.arrived - arrived);
        arrived = answer.arrived;
      }
      showProgress();
      if (file.size === 0 && answer.state === "arriving") {
        return;
      }
    }
    if (answer.state === "refused") {
      notAccepted += 1; /* the screen lists it with the reason */
    }
  };

  const sendBatch = async (address, batch) => {
    const response = await ask(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify(batch.map(({ file, name }) => ({ name, size: file.size }))),
    });
    const answer = await answerOf(response);
    if (!response.ok) {
      refused.push(answer.reason || String(response.status));
      return;
    }
    for (const [place, known] of answer.files.entries()) {
      status.textContent = fill(words.saidSending, { number: finished + 1, total });
      await send(batch[place].file, known, answer.piece);
      finished += 1;
      showProgress();
    }
  };

  const begin = async (part) => {
    /* An import for the files of a Part: the address of its files, or null. */
    const body = new URLSearchParams(new FormData(form));
    body.set("part", part);
    const response = await ask(form.getAttribute("action"), {
      method: "POST",
      headers: { Accept: "application/json" },
      body,
    });
    const answer = await response.json().catch(() => ({}));
    return response.ok ? answer.files : null;
  };

  const work = async (part) => {
    if (busy || !queue.length) {
      tell(busy ? [] : linesOfTheEnd());
      return;
    }
    busy = true;
    transfer.hidden = false;
    transfer.scrollIntoView({ block: "nearest" });
    tell([]);
    const address = part ? await begin(part) : form.dataset.importFiles;
    if (!address) {
      queue.length = 0;
      busy = false;
      transfer.hidden = true;
      tell([words.saidFailed]);
      return;
    }
    while (queue.length) {
      await sendBatch(address, queue.splice(0, ANNOUNCED_AT_ONCE));
    }
    leaveFor(address);
  };

  const add = (file, name) => {
    if (SYSTEM_FILE.test(name)) {
      passedOver += 1;
      return;
    }
    queue.push({ file, name });
    total += 1;
    bytesTotal += file.size;
  };

  const entriesOf = (folder) =>
    new Promise((resolve, reject) => {
      const reader = folder.createReader();
      const found = [];
      const more = () =>
        reader.readEntries((entries) => {
          if (entries.length) {
            found.push(...entries);
            more();
          } else {
            resolve(found);
          }
        }, reject);
      more();
    });

  const addEntry = async (entry, above) => {
    /* What cannot be read is told, and the others go on. */
    const name = above + entry.name;
    try {
      if (entry.isFile) {
        add(await new Promise((resolve, reject) => entry.file(resolve, reject)), name);
        return;
      }
      for (const each of await entriesOf(entry)) {
        await addEntry(each, `${name}/`);
      }
    } catch {
      refuse(name, words.saidUnreadable);
    }
  };

  const anotherIsBeingFilled = (part) => {
    /* Files of two Parts go into two imports, one after the other. */
    if (!part || !(busy || reading)) {
      return false;
    }
    status.textContent = words.saidBusy;
    announce(words.saidBusy);
    return true;
  };

  for (const zone of document.querySelectorAll("[data-drop]")) {
    const part = zone.dataset.dropPart;
    const box = zone.querySelector("[data-drop-box]") || zone;
    for (const each of zone.querySelectorAll("[data-needs-script]")) {
      each.hidden = false;
    }
    box.classList.add("import-drop--scripted");
    for (const input of zone.querySelectorAll("input[type='file']")) {
      input.addEventListener("change", () => {
        if (!anotherIsBeingFilled(part)) {
          for (const file of input.files) {
            add(file, file.webkitRelativePath || file.name);
          }
          work(part);
        }
        input.value = "";
      });
    }
    zone.addEventListener("dragover", (event) => {
      if (event.dataTransfer.types.includes("Files")) {
        event.preventDefault();
        box.classList.add("import-drop--over");
      }
    });
    zone.addEventListener("dragleave", () => box.classList.remove("import-drop--over"));
    zone.addEventListener("drop", async (event) => {
      if (!event.dataTransfer.types.includes("Files")) {
        return;
      }
      event.preventDefault();
      box.classList.remove("import-drop--over");
      const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
      const entries = items.map((item) => item.webkitGetAsEntry());
      if (anotherIsBeingFilled(part)) {
        return;
      }
      reading = true;
      for (const entry of entries.filter(Boolean)) {
        await addEntry(entry, "");
      }
      reading = false;
      work(part);
    });
  }

  /* A file that falls beside a zone is not opened in place of the screen. */
  for (const name of ["dragover", "drop"]) {
    addEventListener(name, (event) => {
      if (event.dataTransfer && event.dataTransfer.types.includes("Files")) {
        event.preventDefault();
      }
    });
  }
  for (const each of document.querySelectorAll("[data-plain]")) {
    each.hidden = true;
  }
  /* What the files become is kept at once, whichever way one leaves the screen. */
  const arrange = document.querySelector("#import-arrange");
  let kept = Promise.resolve();
  arrange?.addEventListener("change", () => {
    const body = new URLSearchParams(new FormData(arrange));
    body.set("action", "keep-arrangement");
    const options = { method: "POST", credentials: "same-origin", keepalive: true, body };
    kept = kept.then(() => fetch(location.href, options)).catch(() => {});
  });
  tellWhatWasKept();
  addEventListener("beforeunload", (event) => {
    if (busy) {
      event.preventDefault();
    }
  });
})();
