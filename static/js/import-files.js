/* Sending the files of an import: piece by piece, going on where a transfer broke off. */
"use strict";

for (const form of document.querySelectorAll("[data-import-files]")) {
  const token = form.querySelector("[name='csrfmiddlewaretoken']").value;
  const transfer = document.querySelector("[data-transfer]");
  const bar = transfer.querySelector("progress");
  const status = transfer.querySelector("[role='status']");
  const refusedList = transfer.querySelector("[data-refused]");
  const drop = form.querySelector("[data-drop]");
  const ANNOUNCED_AT_ONCE = 200;
  const LONGEST_PAUSE = 30000;

  const queue = [];
  let busy = false;
  let total = 0;
  let finished = 0;
  let refused = 0;
  let bytesTotal = 0;
  let bytesSent = 0;

  for (const each of form.querySelectorAll("[data-needs-script]")) {
    each.hidden = false;
  }
  form.querySelector("[data-plain]").hidden = true;
  drop.classList.add("import-drop--scripted");

  const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const say = (text, values = {}) => {
    status.textContent = text.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]);
  };
  const showBar = () => {
    bar.value = bytesTotal ? (100 * bytesSent) / bytesTotal : 100;
  };

  const ask = async (url, options) => {
    /* Tries until the portal answers; a line that breaks is no reason to give up. */
    for (let pause = 1000; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        const answer = await fetch(url, { credentials: "same-origin", ...options });
        if (answer.redirected) {
          /* The session has ended: signing in leads back here, and the transfer goes on. */
          busy = false;
          location.reload();
          return new Promise(() => {});
        }
        if (answer.status < 500 || answer.status === 507) {
          return answer;
        }
      } catch {
        /* no line */
      }
      say(transfer.dataset.saidWaiting);
      await wait(pause);
    }
  };

  const refuse = (name, reason) => {
    refused += 1;
    const line = document.createElement("li");
    line.textContent = `${name}: ${reason}`;
    refusedList.append(line);
  };

  const send = async (file, told, piece) => {
    let arrived = told.arrived;
    bytesSent += Math.min(arrived, file.size);
    let answer = told;
    while (answer.state === "arriving") {
      const response = await ask(told.url, {
        method: "PATCH",
        headers: {
          "Content-Type": "application/octet-stream",
          "Upload-Offset": String(arrived),
          "X-CSRFToken": token,
        },
        body: file.slice(arrived, arrived + piece),
      });
      answer = await response.json().catch(() => ({ reason: String(response.status) }));
      if (response.status === 409 && Number.isInteger(answer.arrived)) {
        answer.state = "arriving";
      } else if (!response.ok) {
        refuse(told.name, answer.reason || String(response.status));
        return;
      }
      if (Number.isInteger(answer.arrived)) {
        bytesSent += Math.max(0, answer.arrived - arrived);
        arrived = answer.arrived;
      }
      showBar();
      if (file.size === 0 && answer.state === "arriving") {
        return;
      }
    }
    if (answer.state === "refused") {
      refuse(told.name, answer.reason);
    }
  };

  const work = async () => {
    if (busy) {
      return;
    }
    busy = true;
    transfer.hidden = false;
    while (queue.length) {
      const batch = queue.splice(0, ANNOUNCED_AT_ONCE);
      const response = await ask(form.dataset.importFiles, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(batch.map(({ file, name }) => ({ name, size: file.size }))),
      });
      const answer = await response.json().catch(() => ({ reason: String(response.status) }));
      if (!response.ok) {
        say(answer.reason || String(response.status));
        busy = false;
        return;
      }
      for (const [place, told] of answer.files.entries()) {
        say(transfer.dataset.saidSending, { number: finished + 1, total });
        await send(batch[place].file, told, answer.piece);
        finished += 1;
        showBar();
      }
    }
    busy = false;
    if (refused) {
      say(transfer.dataset.saidRefused, { count: refused });
    } else {
      say(transfer.dataset.saidDone);
      location.reload();
    }
  };

  const add = (file, name) => {
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
    const name = above + entry.name;
    if (entry.isFile) {
      add(await new Promise((resolve, reject) => entry.file(resolve, reject)), name);
      return;
    }
    for (const each of await entriesOf(entry)) {
      await addEntry(each, `${name}/`);
    }
  };

  for (const input of form.querySelectorAll("input[type='file']")) {
    input.addEventListener("change", () => {
      for (const file of input.files) {
        add(file, file.webkitRelativePath || file.name);
      }
      input.value = "";
      work();
    });
  }

  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("import-drop--over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("import-drop--over"));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("import-drop--over");
    const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
    const entries = items.map((item) => item.webkitGetAsEntry());
    for (const entry of entries.filter(Boolean)) {
      await addEntry(entry, "");
    }
    work();
  });

  addEventListener("beforeunload", (event) => {
    if (busy) {
      event.preventDefault();
    }
  });
}
