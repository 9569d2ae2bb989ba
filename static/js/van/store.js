/* What the phone keeps: three stores in IndexedDB.
 *
 * meta     the pack, the counter, when it was last sent, which boxes are ticked as loaded
 * entries  what the crew did, one row each, by its own id
 * files    signatures and photographs until the house has them
 *
 * A later version may add stores and fields. It never drops or renames one: a page of the version before may still be open, and what it
 * has not sent must stay readable. */
"use strict";

(() => {
  const NAME = "kerjasama-van";
  const SCHEMA = 1;
  const STORES = ["meta", "entries", "files"];
  let opened = null;

  const open = () => {
    opened ??= new Promise((done, failed) => {
      const request = indexedDB.open(NAME, SCHEMA);
      request.onupgradeneeded = () => {
        const has = request.result.objectStoreNames;
        if (!has.contains("meta")) request.result.createObjectStore("meta", { keyPath: "key" });
        if (!has.contains("entries")) request.result.createObjectStore("entries", { keyPath: "id" });
        if (!has.contains("files")) request.result.createObjectStore("files", { keyPath: "id" });
      };
      request.onsuccess = () => {
        const base = request.result;
        const gone = () => (opened = null);
        base.onversionchange = () => {
          base.close();
          gone();
        };
        base.onclose = gone;
        done(base);
      };
      request.onerror = () => {
        opened = null;
        failed(request.error);
      };
    });
    return opened;
  };

  const answer = (request) =>
    new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });

  /* One transaction: `act` gets the stores by name and may wait for nothing but their answers. What is written is on the disk when
   * this is fulfilled ("strict"): a battery that dies the next moment takes nothing with it. */
  const transact = async (mode, act) => {
    const base = await open();
    const transaction = base.transaction(STORES, mode, mode === "readwrite" ? { durability: "strict" } : {});
    const whole = new Promise((done, failed) => {
      transaction.oncomplete = done;
      transaction.onabort = () => failed(transaction.error || new DOMException("stopped", "AbortError"));
    });
    const stores = {};
    for (const name of STORES) {
      const store = transaction.objectStore(name);
      stores[name] = {
        get: (key) => answer(store.get(key)),
        all: () => answer(store.getAll()),
        put: (row) => answer(store.put(row)),
        drop: (key) => answer(store.delete(key)),
        clear: () => answer(store.clear()),
      };
    }
    let result;
    try {
      result = await act(stores);
    } catch (problem) {
      whole.catch(() => {});
      try {
        transaction.abort();
      } catch {
        /* it has ended already */
      }
      /* A request of a void transaction says "stopped"; why it is void (no room left) says the transaction. */
      throw transaction.error || problem;
    }
    await whole;
    return result;
  };

  /* Emptied first: what is left of a database that another page keeps open is then nothing. */
  const wipe = async () => {
    await transact("readwrite", async (stores) => {
      for (const name of STORES) await stores[name].clear();
    });
    const base = await open();
    base.close();
    opened = null;
    await new Promise((done) => {
      const request = indexedDB.deleteDatabase(NAME);
      request.onsuccess = request.onerror = request.onblocked = done;
    });
  };

  van.store = { read: (act) => transact("readonly", act), write: (act) => transact("readwrite", act), wipe };
})();
