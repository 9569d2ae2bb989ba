/* What the crew sees: the pack, and upon it everything that this phone did and the pack does not know yet.
 *
 * A pure function of both, so that a reload, a restart or an empty battery shows the same as before. An entry that the house has told back
 * in a newer pack is "folded": it counts no more, and only what undoes it does. */
"use strict";

(() => {
  const AFTER = { arrive: "arrived", leave: "done", skip: "missed" };
  const BEFORE = { arrive: "planned", leave: "arrived", skip: "planned" };

  /* What the pack does not name, or not yet: a book that is back already, a swap that the desk still looks at. */
  const LASTING = ["lend", "take_back", "hand_over", "note", "photograph", "odometer"];

  /* What the house has answered where nothing can be taken back any more: the act stands, and the undoing counts for nothing. */
  const STANDS = ["cannot_be_undone", "decided_already"];
  van.inVain = (undo) => undo.kind === "undo" && undo.state === "review" && STANDS.includes(undo.code);

  const emptyTally = (visit) => {
    const tally = visit.tally || {};
    return { visitors: { ...(tally.visitors || {}) }, lent: tally.lent || 0, returned: tally.returned || 0 };
  };
  const add = (tally, name, delta) => (tally[name] = Math.max(0, (tally[name] || 0) + delta));

  const act = (trip, visit, entry, sign) => {
    const { kind, data } = entry;
    const forward = sign > 0;
    if (kind === "start") {
      trip.status = forward ? "under_way" : "planned";
      trip.odometer_start = forward ? data.odometer : null;
    } else if (kind === "finish") {
      trip.status = forward ? "done" : "under_way";
      trip.odometer_end = forward ? data.odometer : null;
    } else if (kind === "odometer") {
      trip.kilometres = forward ? data.kilometres : null;
    }
    if (!visit) return;
    if (AFTER[kind]) {
      visit.status = forward ? AFTER[kind] : BEFORE[kind];
      visit[`${kind}_at`] = forward ? entry.at : "";
    } else if (kind === "count") add(visit.tally.visitors, data.kind, sign * data.delta);
    else if (kind === "stock_lend") add(visit.tally, "lent", sign * data.delta);
    else if (kind === "stock_return") add(visit.tally, "returned", sign * data.delta);
    else if (kind === "lend") {
      if (forward) visit.added.set(data.barcode, entry);
      else visit.added.delete(data.barcode);
    } else if (kind === "take_back") {
      if (forward) visit.back.set(data.barcode, entry);
      else {
        visit.back.delete(data.barcode);
        if (entry.folded && !entry.strange && visit.taken_back) visit.taken_back -= 1;
      }
    } else if (kind === "hand_over") {
      const load = visit.loads.find((each) => each.id === data.consignment);
      if (load) load.handedOver = forward;
    }
    else if (kind === "note") visit.notes += sign;
    else if (kind === "photograph") visit.photographs += sign;
  };

  van.replay = (pack, entries) => {
    const trips = structuredClone((pack && pack.trips) || []);
    const byTrip = new Map();
    const byVisit = new Map();
    for (const trip of trips) {
      byTrip.set(trip.id, trip);
      trip.visits ||= [];
      for (const visit of trip.visits) {
        byVisit.set(visit.id, visit);
        visit.trip = trip.id;
        visit.tally = emptyTally(visit);
        visit.added = new Map();
        visit.back = new Map();
        visit.due = new Map((visit.due_back || []).map((book) => [book.barcode, book]));
        /* A school with two programmes may be brought two deliveries. */
        visit.loads = visit.consignments || (visit.consignment ? [visit.consignment] : []);
        for (const load of visit.loads) load.handedOver = load.status !== "picking" && load.status !== "cancelled";
        visit.notes = 0;
        visit.photographs = 0;
      }
    }
    const known = new Map(entries.map((entry) => [entry.id, entry]));
    const undone = new Map();
    const stands = new Map();
    for (const entry of entries) {
      if (entry.kind === "undo" && entry.state !== "refused") (van.inVain(entry) ? stands : undone).set(entry.data.of, entry);
    }
    for (const entry of [...entries].sort((one, other) => one.counter - other.counter)) {
      if (entry.state === "refused") continue;
      const trip = byTrip.get(entry.trip);
      const visit = entry.visit && byVisit.get(entry.visit);
      if (!trip) continue;
      if (entry.kind === "undo") {
        /* Taken back twice, such as in two tabs, is taken back once. */
        if (van.inVain(entry) || undone.get(entry.data.of) !== entry) continue;
        const taken = known.get(entry.data.of);
        if (taken && taken.folded && !entry.folded) act(trip, visit, taken, -1);
      } else if (!entry.folded && !undone.has(entry.id)) act(trip, visit, entry, 1);
      else if (!undone.has(entry.id) && LASTING.includes(entry.kind)) act(trip, visit, entry, 1);
    }
    return { trips, byTrip, byVisit, undone, stands };
  };
})();
