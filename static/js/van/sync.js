/* Sending what waits and fetching the pack. One page of the phone does it at a time.
 *
 * Signatures go first (a swap needs them), then the entries in batches, then photographs. The pack is fetched only after everything that could
 * be sent was answered, and no entry can be both in the new pack and counted again: what was answered before is folded in the same
 * transaction in which the pack is kept. */
"use strict";

(() => {
  const { state, waits } = van.queue;
  const BATCH = 200;
  const EVERY = 60000;
  const PACK_AGE = 5 * 60000;
  const REST = [5, 15, 60, 120, 300]; /* seconds after the first failure, the second … */
  const PERSONAL = ["received_by", "text"];
  const status = { busy: false, trouble: "", failures: 0, notBefore: 0 };

  class Trouble extends Error {
    constructor(kind) {
      super(kind);
      this.kind = kind;
    }
  }

  const ask = async (path, options = {}, seconds = 30) => {
    const stopper = new AbortController();
    const timer = setTimeout(() => stopper.abort(), seconds * 1000);
    let response;
    let body = null;
    try {
      response = await fetch(path, { credentials: "same-origin", cache: "no-store", redirect: "manual", ...options, signal: stopper.signal });
      const text = await response.text();
      try {
        body = JSON.parse(text);
      } catch {
        /* not ours: the page of a hotspot, or a proxy in pieces */
      }
    } catch {
      throw new Trouble("cut");
    } finally {
      clearTimeout(timer);
    }
    if (body && body.revoked === true) throw new Trouble("revoked");
    if (response.status === 401 || response.status === 403) throw new Trouble("signed-out");
    if (response.ok && body) return { ok: true, body };
    if (body && body.code === "version") throw new Trouble("old-page");
    if ([400, 404, 409, 413, 415, 422].includes(response.status) && body) return { ok: false, status: response.status, body };
    throw new Trouble(response.ok || response.type === "opaqueredirect" ? "cut" : "stumbled");
  };
  const sentenceOf = (body) => (body && (body.sentence || body.detail)) || van.t("refused_plain");

  /* --- files ------------------------------------------------------------------------------------------------------- */
  const sendFiles = async (wanted) => {
    for (const file of state.files.filter((row) => waits(row) && wanted(row))) {
      const form = new FormData();
      form.set("version", String(van.VERSION));
      form.set("trip", file.trip);
      if (file.visit) form.set("visit", file.visit);
      form.set("purpose", file.purpose);
      form.set("file", file.blob, file.blob.type === "image/png" ? "berkas.png" : "berkas.jpg");
      const { ok, body } = await ask(`berkas/${file.id}/`, { method: "POST", body: form }, 120);
      await van.queue.inTurn(async () => {
        await van.store.write(async (stores) => {
          /* The house has it, or will never take it: the picture leaves the phone in either case. */
          if (ok) await stores.files.drop(file.id);
          else await stores.files.put({ id: file.id, entry: file.entry, purpose: file.purpose, state: "refused", sentence: sentenceOf(body) });
        });
      });
      await van.queue.load();
    }
  };

  /* --- entries ------------------------------------------------------------------------------------------------------ */
  const change = (rows, work) =>
    van.queue.inTurn(async () => {
      await van.store.write(async (stores) => {
        for (const { id } of rows) {
          const row = await stores.entries.get(id);
          if (!row) continue;
          work(row);
          await stores.entries.put(row);
        }
      });
      await van.queue.load();
    });
  const lean = ({ id, counter, kind, at, trip, visit, data }) => ({ id, counter, kind, at, trip, visit, data });
  const taken = { applied: "done", settled: "done", undone: "done", review: "review", waiting: "pending", refused: "refused" };

  const send = async (batch) => {
    /* `from`: what has a lower number was told before, or never will be. What moves books is done in the order of the hands. */
    const held = await van.store.read((stores) => stores.entries.all()); /* what another page of this phone wrote among them */
    const first = [...batch, ...held.filter((row) => row.state === "kept")].map((row) => row.counter);
    const request = { version: van.VERSION, sent_at: van.stamp(), from: Math.min(...first), entries: batch.map(lean) };
    const { ok, status: code, body } = await ask("kirim/", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(request),
    });
    if (!ok) {
      if (code === 404) throw new Trouble("stumbled");
      if (batch.length > 1) {
        /* One that cannot be read must not hold up the others. */
        const half = Math.ceil(batch.length / 2);
        await send(batch.slice(0, half));
        await send(batch.slice(half));
        return;
      }
      await change(batch, (row) => Object.assign(row, { state: "refused", sentence: sentenceOf(body) }));
      return;
    }
    const answers = new Map((body.entries || []).map((answer) => [answer.id, answer]));
    await change(batch, (row) => {
      const told = answers.get(row.id);
      if (!told) return;
      row.state = taken[told.outcome] || "done";
      row.sentence = told.sentence || "";
      row.code = told.code || "";
      if (row.state === "done" || row.state === "review") {
        /* Names and words are the house's now. */
        row.data = Object.fromEntries(Object.entries(row.data).filter(([name]) => !PERSONAL.includes(name)));
      }
    });
    await van.store.write((stores) => stores.meta.put({ key: "to_decide", value: body.to_decide || 0 }));
    /* Taken back here, and not there: said aloud, and it stands on the line of what was done (trip.js). */
    const vain = state.entries.find((row) => answers.has(row.id) && van.inVain(row));
    if (vain) van.say(van.t("still_stands", { why: vain.sentence }), { tone: "bad" });
  };
  const sendEntries = async (wanted) => {
    const rows = state.entries.filter((row) => waits(row) && wanted(row));
    for (let from = 0; from < rows.length; from += BATCH) await send(rows.slice(from, from + BATCH));
    return rows.length;
  };

  /* --- the pack ----------------------------------------------------------------------------------------------------- */
  /* Who is on duty, and whom one asks for at a stop of another day or one that is behind us, is nothing a phone must know. */
  const withoutNames = (pack, today = (pack.server_time || "").slice(0, 10)) => {
    for (const trip of pack.trips || []) {
      delete trip.crew;
      for (const visit of trip.visits || []) {
        if (trip.on !== today || ["done", "missed", "cancelled"].includes(visit.status)) visit.contact = null;
      }
    }
    if (pack.device) delete pack.device.member;
    return pack;
  };
  const fetchPack = async () => {
    const { ok, body } = await ask("paket/");
    if (!ok) throw new Trouble("stumbled");
    const pack = withoutNames(body);
    const trips = new Set((pack.trips || []).map((trip) => trip.id));
    await van.queue.inTurn(async () => {
      await van.store.write(async (stores) => {
        await stores.meta.put({ key: "pack", value: { pack, at: Date.now() } });
        const counted = ((await stores.meta.get("counter")) || {}).value || 0;
        const told = (pack.device && pack.device.counter) || 0;
        if (told > counted) await stores.meta.put({ key: "counter", value: told });
        for (const row of await stores.entries.all()) {
          if (row.state === "done" || row.state === "review") {
            if (!trips.has(row.trip)) await stores.entries.drop(row.id);
            else if (!row.folded) await stores.entries.put({ ...row, folded: true });
          }
        }
      });
      await van.queue.load();
    });
  };

  /* A phone that was in a drawer since the day of the trip, or has no network today: the names of that day go all the same. */
  const forget = () =>
    van.queue.inTurn(async () => {
      const { pack, packedAt } = state;
      const today = Date.now() - packedAt > 3 * 86400000 ? "" : van.today();
      const names = ({ on, visits }) => on !== today && (visits || []).some((visit) => visit.contact);
      if (!pack || !(pack.trips || []).some(names)) return;
      await van.store.write((stores) => stores.meta.put({ key: "pack", value: { pack: withoutNames(pack, today), at: packedAt } }));
      await van.queue.load();
    });

  /* --- when ---------------------------------------------------------------------------------------------------------- */
  const show = () => document.dispatchEvent(new Event("van:sync"));
  const work = async (force) => {
    const before = state.entries.filter(waits).length + state.files.filter(waits).length;
    await sendFiles((file) => file.purpose !== "photograph");
    await sendEntries(() => true);
    const pictures = state.files.filter((file) => waits(file) && file.purpose === "photograph").length;
    await sendFiles((file) => file.purpose === "photograph");
    if (pictures) await sendEntries((row) => row.state === "pending");
    if (force || before || !state.pack || Date.now() - state.packedAt > PACK_AGE || Date.now() < state.packedAt) await fetchPack();
    await van.store.write((stores) => stores.meta.put({ key: "synced", value: Date.now() }));
    await van.queue.load();
  };
  const wipe = async () => {
    const lost = {};
    for (const entry of state.entries.filter(waits)) lost[entry.kind] = (lost[entry.kind] || 0) + 1;
    try {
      await van.store.wipe();
      /* Figures alone, so that the crew can tell the desk what is missing. */
      if (Object.keys(lost).length || !localStorage.getItem("van-revoked")) {
        localStorage.setItem("van-revoked", JSON.stringify({ at: Date.now(), lost }));
      }
    } catch {
      /* no storage at all: then there is nothing to wipe either */
    }
    van.hush();
    Object.assign(state, { pack: null, packedAt: 0, entries: [], files: [], synced: 0, ticks: {}, toDecide: 0 });
    van.queue.changed();
  };
  let retry = 0;
  const turn = async (force) => {
    status.busy = true;
    show();
    try {
      await work(force);
      Object.assign(status, { trouble: "", failures: 0, notBefore: 0 });
      localStorage.removeItem("van-revoked");
    } catch (problem) {
      if (!(problem instanceof Trouble)) console.warn(problem);
      const full = problem && problem.name === "QuotaExceededError";
      const kind = problem instanceof Trouble ? problem.kind : full ? "full" : "stumbled";
      if (kind === "revoked") await wipe();
      if (kind === "old-page") van.worker.renew();
      const rest = REST[Math.min(status.failures, REST.length - 1)] * (0.8 + 0.4 * Math.random());
      Object.assign(status, { trouble: kind, failures: status.failures + 1, notBefore: Date.now() + rest * 1000 });
      clearTimeout(retry);
      if (kind === "cut" || kind === "stumbled") retry = setTimeout(() => document.visibilityState === "visible" && flush(), rest * 1000 + 50);
    }
    status.busy = false;
    show();
  };
  /* `force`: a person pressed the button, or the network has just come back; else a failure is given its rest. */
  let again = null; /* what was written while something was being sent goes with the next turn, at once */
  const flush = async ({ force = false } = {}) => {
    if (status.busy) {
      again = { force: force || Boolean(again && again.force) };
      return;
    }
    if (!force && Date.now() < status.notBefore) return;
    if (navigator.locks) {
      await navigator.locks.request("van-sync", { ifAvailable: true }, (lock) => (lock ? turn(force) : null));
    } else await turn(force);
    const next = again;
    again = null;
    if (next && !status.trouble) await flush(next);
  };

  let soon = 0;
  document.addEventListener("van:written", () => {
    /* Ten taps are one request. */
    clearTimeout(soon);
    soon = setTimeout(() => flush(), 1500);
  });
  window.addEventListener("online", () => flush({ force: true }));
  window.addEventListener("offline", show);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") flush();
  });
  setInterval(() => {
    if (document.visibilityState === "visible") flush();
  }, EVERY);

  van.sync = { status, flush, forget };
})();
