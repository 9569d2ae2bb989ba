/* The scan desk. The field is emptied the moment a code ends, and the codes wait in a line of their own until the server has
 * answered each: a scanner that types faster than the network loses nothing, nor does a cut, a reload or an expired session.
 *
 * Every scan carries an id made here, so a scan that is sent again is answered again and not done twice. Without this file the
 * same form posts and the server answers with the whole page. */
"use strict";

(() => {
  const desk = document.querySelector("[data-scan-desk]");
  const form = desk && desk.querySelector("[data-scan-form]");
  if (!form) return;

  const field = form.querySelector("[data-scan-field]");
  const list = document.getElementById("scans");
  const strip = document.getElementById("scan-queue");
  const SHOWN = 60;
  const TRIES = 3; /* of a scan that makes the server stumble; a cut line or session is waited for without end */

  /* --- what waits ------------------------------------------------------------------------------------------------- */
  const key = `scans:${desk.dataset.scanDesk}`;
  const stored = () => {
    try {
      return JSON.parse(sessionStorage.getItem(key) || "[]");
    } catch {
      return [];
    }
  };
  const queue = stored();
  const keep = () => {
    try {
      sessionStorage.setItem(key, JSON.stringify(queue));
    } catch {
      /* no storage: the line lives as long as the page */
    }
  };
  const newId = () =>
    crypto.randomUUID
      ? crypto.randomUUID()
      : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
          (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16),
        );
  const say = (words) => {
    const waiting = queue.length > 1 ? `${strip.dataset.waiting} ${queue.length}` : "";
    strip.textContent = [words, waiting].filter(Boolean).join(" ");
    strip.hidden = !strip.textContent;
  };

  /* --- sound: high for right, low for wrong ------------------------------------------------------------------------- */
  const switchButton = document.querySelector("[data-scan-sound]");
  let loud = localStorage.getItem("scan-sound") !== "off";
  let audio;
  const note = (pitch, start, length) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.12, audio.currentTime + start);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + start + length);
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + start);
    tone.stop(audio.currentTime + start + length);
  };
  const sound = (tone) => {
    if (!loud || !window.AudioContext) return;
    try {
      audio = audio || new AudioContext();
      if (tone === "good") note(1320, 0, 0.09);
      else if (tone === "warn") [0, 0.14].forEach((start) => note(880, start, 0.1));
      else note(196, 0, 0.4);
    } catch {
      /* a device without sound: colour, picture and words say the same */
    }
  };
  if (switchButton) {
    const show = () => switchButton.setAttribute("aria-pressed", String(loud));
    switchButton.hidden = false;
    show();
    switchButton.addEventListener("click", () => {
      loud = !loud;
      localStorage.setItem("scan-sound", loud ? "on" : "off");
      show();
      field.focus();
    });
  }

  /* --- the answer ---------------------------------------------------------------------------------------------------- */
  const swap = (answer, id) => {
    const fresh = answer.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && old) old.replaceWith(document.adoptNode(fresh));
  };
  const markFetched = (line) => {
    const code = line.querySelector(".code");
    const missing = code && [...document.querySelectorAll("[data-missing]")].find((row) => row.dataset.missing === code.textContent);
    if (missing) missing.hidden = !line.matches(".is-undone, .is-bad");
  };
  const take = (answer) => {
    const tone = answer.getElementById("scan-answer").dataset.tone;
    const line = answer.querySelector("#scan-new > li");
    swap(answer, "scan-answer");
    swap(answer, "scan-count");
    if (line) {
      const before = line.id !== "scan-" && document.getElementById(line.id);
      if (before) before.remove();
      list.prepend(document.adoptNode(line));
      if (tone === "good") markFetched(line);
      while (list.children.length > SHOWN) list.lastElementChild.remove();
    }
    sound(tone);
  };

  /* --- sending, one after the other ------------------------------------------------------------------------------------ */
  const token = () => {
    const cookie = document.cookie.match(/(?:^|; )(?:__Host-csrf|csrftoken)=([^;]+)/);
    return cookie ? decodeURIComponent(cookie[1]) : form.elements.csrfmiddlewaretoken.value;
  };
  const rest = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const addressOf = (job) => {
    if (job.kind === "undo") {
      const last = list.querySelector("[data-scan-undo]");
      return job.url || (last && last.getAttribute("action"));
    }
    return job.url || form.getAttribute("action");
  };
  const send = async (job) => {
    const url = addressOf(job);
    if (!url) return "done"; /* nothing left to take back */
    const body = new URLSearchParams({ barcode: job.barcode || "", event: job.event, condition: job.condition || "" });
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { "HX-Request": "true", "X-CSRFToken": token() },
      credentials: "same-origin",
    });
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    if (answer.getElementById("scan-answer")) {
      take(answer);
      return "done";
    }
    if (response.redirected || response.status === 403 || response.status === 401) return "signed-out";
    return "stumbled";
  };

  let busy = false;
  const work = async () => {
    if (busy) return;
    busy = true;
    while (queue.length) {
      const job = queue[0];
      let outcome;
      say("");
      try {
        outcome = await send(job);
      } catch {
        outcome = "cut";
      }
      if (outcome === "stumbled") {
        job.tries = (job.tries || 0) + 1;
        if (job.tries >= TRIES) {
          outcome = "done";
          document.dispatchEvent(new Event("htmx:responseError"));
        }
      }
      if (outcome === "done") {
        queue.shift();
        keep();
        continue;
      }
      say(outcome === "signed-out" ? strip.dataset.signedOut : strip.dataset.cut);
      await rest(outcome === "signed-out" ? 4000 : 2000);
    }
    busy = false;
    say("");
  };
  const enqueue = (job) => {
    queue.push({ event: newId(), ...job });
    keep();
    field.focus();
    work();
  };

  /* --- keys ------------------------------------------------------------------------------------------------------------ */
  const readField = () => {
    const barcode = field.value.trim();
    field.value = "";
    if (!barcode) return;
    const condition = form.elements.condition ? form.elements.condition.value : "";
    /* The next book is a good one again: a forgotten "damaged" must not mark the rest of the box. */
    const first = form.querySelector("input[name='condition']");
    if (first) first.checked = true;
    enqueue({ kind: "scan", barcode, condition });
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey && field.value.trim())) {
      event.preventDefault();
      readField();
    }
  });
  document.addEventListener("submit", (event) => {
    const sent = event.target;
    if (sent === form) {
      event.preventDefault();
      readField();
    } else if (sent.matches("[data-scan-undo]")) {
      event.preventDefault();
      enqueue({ kind: "undo", url: sent.getAttribute("action") });
    } else if (sent.matches("[data-scan-add]")) {
      event.preventDefault();
      enqueue({ kind: "add", url: sent.getAttribute("action"), barcode: sent.elements.barcode.value });
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "F2") {
      event.preventDefault();
      enqueue({ kind: "undo" });
      return;
    }
    if (event.key === "F4") {
      const add = document.querySelector("[data-scan-add]");
      event.preventDefault();
      if (add) add.requestSubmit();
      return;
    }
    const condition = form.querySelector(`[data-scan-key="${CSS.escape(event.key)}"]`);
    if (condition) {
      event.preventDefault();
      condition.checked = true;
      field.focus();
      return;
    }
    /* A scanner does not look where the cursor is: what it types outside a field belongs into ours. */
    if (event.key.length === 1 && event.key !== " " && !event.target.closest("input, textarea, select, dialog")) field.focus();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "condition") field.focus();
  });

  field.focus();
  if (queue.length) work();
})();
