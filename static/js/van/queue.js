/* The line of what waits. Whatever the crew does is an entry with an id made here, written to the disk before the screen says that it is
 * done; what the screen shows is reckoned from the rows that are written (replay.js). */
"use strict";

(() => {
  const state = { pack: null, packedAt: 0, entries: [], files: [], synced: 0, ticks: {}, toDecide: 0, device: null };
  const channel = window.BroadcastChannel ? new BroadcastChannel("van") : null;
  const waits = (row) => row.state === "kept" || row.state === "pending";
  let view = van.replay(null, []);

  const meta = async (stores, key) => ((await stores.meta.get(key)) || {}).value;

  /* Reads everything anew: on opening, and when another page of this phone has written. */
  const load = async () => {
    await van.store.read(async (stores) => {
      const pack = (await meta(stores, "pack")) || {};
      state.pack = pack.pack || null;
      state.packedAt = pack.at || 0;
      state.synced = (await meta(stores, "synced")) || 0;
      state.ticks = (await meta(stores, "ticks")) || {};
      state.toDecide = (await meta(stores, "to_decide")) || 0;
      state.entries = (await stores.entries.all()).sort((one, other) => one.counter - other.counter);
      state.files = await stores.files.all();
    });
    changed(false);
  };
  const changed = (tell = true) => {
    view = van.replay(state.pack, state.entries);
    if (tell && channel) channel.postMessage("changed");
    document.dispatchEvent(new Event("van:changed"));
  };
  if (channel) channel.onmessage = () => load().catch(() => {});

  /* Entries are written one after the other, in the order of the hands. */
  let chain = Promise.resolve();
  const inTurn = (work) => (chain = chain.then(work, work));

  /* ``strange``: a book that the list of the stop does not name. The phone's own mark: it must outlast the list, and is sent to nobody. */
  const add = (kind, { trip, visit = null, data = {}, files = [], strange = false }) =>
    inTurn(async () => {
      const entry = { id: van.newId(), kind, at: van.stamp(), trip, visit, data, state: "kept", strange };
      const kept = files.map((file) => ({ ...file, trip, visit, entry: entry.id, state: "kept" }));
      await van.store.write(async (stores) => {
        entry.counter = ((await meta(stores, "counter")) || 0) + 1;
        await stores.meta.put({ key: "counter", value: entry.counter });
        await stores.entries.put(entry);
        for (const file of kept) await stores.files.put(file);
      });
      state.entries.push(entry);
      state.files.push(...kept);
      changed();
      document.dispatchEvent(new Event("van:written"));
      return entry;
    });

  /* Nothing is taken out of the line, for the numbers of a phone have no gaps: an act is taken back by another one. A photograph that
   * was taken back and has not left yet never does. */
  const undo = (entry) =>
    van.once(`undo ${entry.id}`, async () => {
      /* Also where the phone was emptied while the button still stood there. */
      if (view.undone.has(entry.id) || !state.entries.some((row) => row.id === entry.id)) return;
      await add("undo", { trip: entry.trip, visit: entry.visit, data: { of: entry.id } });
      if (entry.kind !== "photograph") return;
      await inTurn(() => van.store.write((stores) => stores.files.drop(entry.data.file)));
      await load();
    });

  /* The crew has read why the house could not take it. */
  const dismiss = (id) =>
    inTurn(async () => {
      await van.store.write(async (stores) => {
        for (const file of await stores.files.all()) if (file.entry === id || file.id === id) await stores.files.drop(file.id);
        await stores.entries.drop(id);
      });
      await load();
    });

  const tick = (key, on) =>
    inTurn(async () => {
      state.ticks = { ...state.ticks, [key]: on };
      await van.store.write((stores) => stores.meta.put({ key: "ticks", value: state.ticks }));
      changed();
    });

  van.queue = {
    state,
    load,
    changed,
    inTurn,
    waits,
    add,
    undo,
    dismiss,
    tick,
    view: () => view,
    waiting: () => state.entries.filter(waits).length,
    /* What the house has never seen. */
    unsent: () => [...state.entries, ...state.files].filter((row) => row.state === "kept").length,
    refused: () => [...state.entries, ...state.files].filter((row) => row.state === "refused"),
    ofVisit: (id) => state.entries.filter((entry) => entry.visit === id),
  };
})();
