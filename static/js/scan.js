/* The scan desk. The field is emptied the moment a code ends, and the codes wait in a line of their own until the server has
 * answered each: a scanner that types faster than the network loses nothing, nor does a cut, a reload, a closed tab or a sign-out.
 * The line is kept on the device, by person and desk, and goes on when the same person opens the desk again.
 *
 * Every scan carries an id made here, so a scan that is sent again is answered again and not done twice. One that had to wait
 * for its connection says so: the server keeps it even where a rule says no. Without this file the same form posts and the
 * server answers with the whole page. */
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
  const place = `scans:${desk.dataset.scanUser}:`;
  const key = place + desk.dataset.scanDesk;
  const memory = { jobs: [] }; /* where the device keeps nothing: the line lives as long as the page */
  const kept = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name) || "null") || { jobs: [] };
    } catch {
      return name === key ? memory : { jobs: [] };
    }
  };
  const line = () => kept(key);
  /* Two tabs may share the line, so it is read anew before each change. */
  const change = (work) => {
    const now = line();
    work(now);
    Object.assign(memory, now);
    try {
      if (now.jobs.length || now.synced) localStorage.setItem(key, JSON.stringify({ ...now, page: location.pathname }));
    } catch {
      /* full or forbidden: memory has it */
    }
  };
  const newId = () =>
    crypto.randomUUID
      ? crypto.randomUUID()
      : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
          (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16),
        );
  const clock = (moment) => {
    const at = new Date(moment);
    return `${String(at.getHours()).padStart(2, "0")}.${String(at.getMinutes()).padStart(2, "0")}`;
  };
  let trouble = "";
  const show = () => {
    const { jobs, synced } = line();
    const words = [trouble];
    if (trouble || jobs.length > 1) words.push(`${jobs.length} ${strip.dataset.waiting}.`);
    if (trouble && synced) words.push(`${strip.dataset.synced} ${clock(synced)}.`);
    strip.textContent = words.filter(Boolean).join(" ");
    strip.hidden = !strip.textContent;
  };
  /* Lines of other desks of the same person, left behind by a closed tab: each is a link, nothing is forgotten. */
  const others = document.getElementById("scan-others");
  const tellOthers = () => {
    if (!others) return;
    let found = [];
    try {
      found = Object.keys(localStorage).filter((name) => name.startsWith(place) && name !== key);
    } catch {
      return;
    }
    for (const name of found) {
      const { jobs, page } = kept(name);
      if (!jobs.length || !page) continue;
      const link = document.createElement("a");
      link.href = page;
      link.textContent = `${jobs.length} ${strip.dataset.waiting} ${strip.dataset.elsewhere}`;
      others.append(link);
      others.hidden = false;
    }
  };

  /* --- sound: high for right, low for wrong ------------------------------------------------------------------------- */
  const switchButton = document.querySelector("[data-scan-sound]");
  let loud = true;
  try {
    loud = localStorage.getItem("scan-sound") !== "off";
  } catch {
    /* no storage: loud */
  }
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
    const tell = () => switchButton.setAttribute("aria-pressed", String(loud));
    switchButton.hidden = false;
    tell();
    switchButton.addEventListener("click", () => {
      loud = !loud;
      try {
        localStorage.setItem("scan-sound", loud ? "on" : "off");
      } catch {
        /* for this page only */
      }
      tell();
      field.focus();
    });
  }

  /* --- the answer ---------------------------------------------------------------------------------------------------- */
  const swap = (answer, id) => {
    const fresh = answer.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && old) old.replaceWith(document.adoptNode(fresh));
  };
  const markFetched = (row) => {
    const code = row.querySelector(".code");
    const missing = code && [...document.querySelectorAll("[data-missing]")].find((it) => it.dataset.missing === code.textContent);
    if (missing) missing.hidden = !row.matches(".is-undone, .is-bad");
  };
  const take = (answer) => {
    const tone = answer.getElementById("scan-answer").dataset.tone;
    const row = answer.querySelector("#scan-new > li");
    swap(answer, "scan-answer");
    swap(answer, "scan-count");
    swap(answer, "scan-box");
    if (row) {
      const before = row.id !== "scan-" && document.getElementById(row.id);
      if (before) before.remove();
      list.prepend(document.adoptNode(row));
      if (tone === "good") markFetched(row);
      while (list.children.length > SHOWN) list.lastElementChild.remove();
    }
    sound(tone);
    document.dispatchEvent(new Event("scan:answered")); /* for lists on the page that two people work through */
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
    if (job.waited && job.kind === "scan") {
      body.set("offline", "1");
      body.set("scanned_at", job.at);
    }
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

  const drop = (job) =>
    change((now) => {
      now.jobs = now.jobs.filter((it) => it.event !== job.event);
      now.synced = new Date().toISOString();
    });
  const mark = (work) =>
    change((now) => {
      if (now.jobs.length) work(now.jobs);
    });
  let busy = false;
  const sendAll = async () => {
    for (let job = line().jobs[0]; job; job = line().jobs[0]) {
      let outcome;
      show();
      try {
        outcome = await send(job);
      } catch {
        outcome = "cut";
      }
      if (outcome === "stumbled") {
        mark((jobs) => (jobs[0].tries = (jobs[0].tries || 0) + 1));
        if ((job.tries || 0) + 1 >= TRIES) {
          outcome = "done";
          document.dispatchEvent(new Event("htmx:responseError"));
        }
      }
      if (outcome === "done") {
        trouble = "";
        drop(job);
        continue;
      }
      /* Nobody has seen an answer to any of these when they were scanned. */
      mark((jobs) => jobs.forEach((it) => (it.waited = true)));
      trouble = outcome === "signed-out" ? strip.dataset.signedOut : strip.dataset.cut;
      show();
      await rest(outcome === "signed-out" ? 4000 : 2000);
    }
  };
  const work = async () => {
    if (busy) return;
    busy = true;
    /* Of two tabs at the same desk one sends, the other waits its turn. */
    if (navigator.locks) await navigator.locks.request(key, sendAll);
    else await sendAll();
    busy = false;
    trouble = "";
    show();
    if (line().jobs.length) work();
  };
  const enqueue = (job) => {
    change((now) => now.jobs.push({ event: newId(), at: new Date().toISOString(), waited: Boolean(trouble), ...job }));
    if (!job.ticked) field.focus();
    show();
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
    } else if (sent.matches("[data-scan-tick]")) {
      event.preventDefault();
      /* A thumb ticked it in a long list: the list stays where it is, and no keyboard comes up. */
      enqueue({ kind: "scan", url: sent.getAttribute("action"), barcode: sent.elements.barcode.value, ticked: true });
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
  window.addEventListener("online", () => work());

  field.focus();
  tellOthers();
  /* What a closed tab has left behind was answered to nobody. */
  mark((jobs) => jobs.forEach((it) => (it.waited = true)));
  if (line().jobs.length) work();
})();
