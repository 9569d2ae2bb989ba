/* The day: setting off, the load, the stops in their order, coming home. */
"use strict";

(() => {
  const { h, icon, button, link, line, badge, notice, head, t, queue } = van;
  const screens = (van.screens = {});
  const BADGES = {
    planned: ["calm", "clock"],
    arrived: ["accent", "van"],
    done: ["good", "check"],
    missed: ["warn", "warning"],
    cancelled: ["quiet", "cross"],
  };
  van.statusBadge = (status) => badge(t(`visit_${status}`), ...(BADGES[status] || ["calm", "info"]));

  /* Whatever the phone's clock believes: the house's day when the pack was made, and the time since. */
  const houseTime = () => {
    const { pack, packedAt } = queue.state;
    if (!pack || !pack.server_time) return van.stamp();
    const [, day, offset] = pack.server_time.match(/^(\d{4}-\d\d-\d\d).*?(Z|[+-]\d\d:\d\d)$/) || [];
    const since = Math.max(0, Date.now() - packedAt);
    if (!day || since > 3 * 86400000) return day ? pack.server_time : van.stamp();
    const shift = offset === "Z" ? 0 : (offset[0] === "-" ? -1 : 1) * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4)));
    return new Date(Date.parse(pack.server_time) + since + shift * 60000).toISOString();
  };
  van.today = () => houseTime().slice(0, 10);
  /* A van that comes home after midnight is still on yesterday's trip; in the morning one that nobody ended must not hide today's. */
  const NIGHT_ENDS = "04";
  const onTheRoad = (trips) => {
    const out = trips.filter((trip) => trip.status === "under_way");
    const morning = houseTime().slice(11, 13) >= NIGHT_ENDS;
    const waits = trips.some((trip) => trip.on === van.today() && trip.status === "planned");
    return out.find((trip) => trip.on === van.today()) || (morning && waits ? null : out[0]);
  };
  const tripOfNow = (trips) =>
    onTheRoad(trips) ||
    trips.find((trip) => trip.on === van.today() && trip.status !== "cancelled") ||
    trips.find((trip) => trip.status === "planned" && trip.on > van.today()) ||
    trips[trips.length - 1];
  const vehicleOf = (trip) => (typeof trip.vehicle === "string" ? { name: trip.vehicle } : trip.vehicle || {});
  const books = (n) => t("books", { n: n || 0 });

  screens.home = () => {
    const revoked = localStorage.getItem("van-revoked");
    const { trouble } = van.sync.status;
    if (!queue.state.pack) {
      if (revoked) return revokedScreen(JSON.parse(revoked));
      if (trouble === "signed-out") return signInScreen();
      if (trouble) return h("div.stack", head(t("no_pack")), notice("warn", "warning", t("no_pack_how")), button(t("try_again"), "swap", () => van.sync.flush({ force: true }), ".btn--primary.btn--wide"));
      return h("div.stack", head(t("fetching")));
    }
    const { trips } = queue.view();
    const trip = tripOfNow(trips);
    if (!trip) {
      return h("div.stack", head(t("no_trip")), h("p.lede", t("no_trip_how")), button(t("look_again"), "swap", () => van.sync.flush({ force: true }), ".btn--wide"), installer());
    }
    return tripScreen(trip, trips);
  };
  const signInScreen = () =>
    h(
      "div.stack",
      head(t("sign_in")),
      h("ol.van-steps", ["sign_in_1", "sign_in_2", "sign_in_3"].map((key) => h("li", t(key)))),
      button(t("try_again"), "swap", () => van.sync.flush({ force: true }), ".btn--wide"),
    );
  const revokedScreen = ({ lost }) => {
    const kinds = Object.entries(lost || {});
    return h(
      "div.stack",
      head(t("revoked")),
      notice("warn", "lock", t("revoked_wiped")),
      kinds.length ? h("section.card", h("h2.card__title", t("revoked_lost")), h("ul", kinds.map(([kind, n]) => h("li", `${t(`kind_${kind}`)}: ${n}`))), h("p", t("revoked_tell"))) : null,
      h("p", t("revoked_again")),
      button(t("try_again"), "swap", () => van.sync.flush({ force: true }), ".btn--wide"),
    );
  };

  /* Is everything here that is needed without a network? */
  const readiness = () => {
    if (!van.worker.ready()) return notice("calm", "clock", t("getting_ready"));
    return h("p.van-ready", icon("good"), t("ready_offline", { at: van.ownHour(queue.state.packedAt) }));
  };
  const installer = () => (van.worker.install ? button(t("install"), "download", () => van.worker.install(), ".btn--wide") : null);

  const stage = (trip, next) => {
    const left = trip.visits.filter((visit) => ["planned", "arrived"].includes(visit.status));
    if (trip.status === "planned") {
      const early = trip.on > van.today();
      return h(
        "section.task",
        h("p.task__what", early ? t("goes_on", { day: van.longDate(trip.on) }) : trip.leaves_at ? t("set_off_at", { at: van.hour(trip.leaves_at) }) : t("ready_to_go")),
        h("p.task__why", readiness()),
        early ? null : link(t("set_off"), "van", `#/berangkat/${trip.id}`, ".btn--primary.btn--wide"),
      );
    }
    if (trip.status === "done") return h("section.task.task--calm", h("p.task__what", icon("good", "task__icon"), t("trip_done")), h("p.task__why", t("trip_done_why")));
    if (next) {
      return h(
        "section.task",
        h("p.task__when", next.status === "arrived" ? t("you_are_at") : t("next_stop", { at: van.hour(next.begins_at) })),
        h("p.task__what", next.name),
        link(next.status === "arrived" ? t("go_on_here") : t("open_stop"), "pin", `#/henti/${next.id}`, ".btn--primary.btn--wide"),
      );
    }
    return h("section.task", h("p.task__what", left.length ? t("going_home") : t("all_stops_done")), link(t("come_home"), "home", `#/pulang/${trip.id}`, ".btn--primary.btn--wide"));
  };

  const tripScreen = (trip, trips) => {
    const vehicle = vehicleOf(trip);
    const next = trip.visits.find((visit) => visit.status === "arrived") || trip.visits.find((visit) => visit.status === "planned");
    const boxes = (trip.bring || []).reduce((sum, load) => sum + (load.boxes || 0), 0);
    const others = trips.filter((other) => other !== trip);
    return h(
      "div.stack",
      h("div.van-head", h("p.eyebrow", [vehicle.name, vehicle.plate].filter(Boolean).join(" · ")), h("h1", { tabindex: "-1" }, van.longDate(trip.on))),
      trip.status === "cancelled" ? notice("warn", "cross", t("trip_cancelled")) : stage(trip, next),
      h("ul.van-lines", line(`#/muatan/${trip.id}`, "box", t("load"), boxes ? t("boxes_to_bring", { n: boxes }) : t("nothing_to_bring"))),
      h("h2.van-sub", t("stops", { n: trip.visits.length })),
      h(
        "ol.van-lines",
        trip.visits.map((visit) =>
          line(
            `#/henti/${visit.id}`,
            visit.kind === "school" ? "school" : "pin",
            visit.name,
            `${van.hour(visit.begins_at)}–${van.hour(visit.ends_at)}`,
            van.statusBadge(visit.status),
          ),
        ),
      ),
      trip.status === "under_way"
        ? h("ul.van-lines", next ? line(`#/pulang/${trip.id}`, "home", t("come_home")) : null, line(`#/odometer/${trip.id}`, "chart", t("odometer_on_the_way"), trip.kilometres ? t("kilometres", { n: van.number(trip.kilometres) }) : ""))
        : null,
      others.length ? h("h2.van-sub", t("other_days")) : null,
      others.length ? h("ul.van-lines", others.map((other) => line(`#/perjalanan/${other.id}`, "calendar", van.longDate(other.on), vehicleOf(other).name))) : null,
      recent(queue.state.entries.filter((entry) => entry.trip === trip.id && !entry.visit)),
      installer(),
    );
  };
  screens.perjalanan = (id) => {
    const trip = queue.view().byTrip.get(id);
    return trip ? tripScreen(trip, []) : null;
  };

  /* --- what was done last, each to be taken back ---------------------------------------------------------------------- */
  const SIGNS = { kept: ["clock", "waits_here"], pending: ["clock", "waits_here"], done: ["check", "sent"], review: ["info", "to_be_decided"], refused: ["warning", "refused"] };
  const about = (entry) => {
    const { kind, data } = entry;
    if (kind === "count") return t("did_count", { what: t(`visitor_${data.kind}`), n: `${data.delta > 0 ? "+" : "−"}${Math.abs(data.delta)}` });
    if (kind === "stock_lend" || kind === "stock_return") return `${t(`kind_${kind}`)} ${data.delta > 0 ? "+" : "−"}${Math.abs(data.delta)}`;
    if (kind === "lend" || kind === "take_back") return `${t(`kind_${kind}`)}: ${data.barcode}`;
    if (kind === "start" || kind === "finish") return `${t(`kind_${kind}`)} · ${t("kilometres", { n: van.number(data.odometer || 0) })}`;
    if (kind === "odometer") return `${t("kind_odometer")} · ${t("kilometres", { n: van.number(data.kilometres || 0) })}`;
    return t(`kind_${kind}`);
  };
  van.entryLine = (entry, what = about(entry)) => {
    const { undone, stands } = queue.view();
    const gone = undone.has(entry.id);
    const vain = stands.get(entry.id);
    const [picture, state] = gone ? ["back", "taken_back"] : SIGNS[entry.state] || SIGNS.kept;
    const words = gone ? (undone.get(entry.id).state === "review" ? t("to_be_decided") : t(state)) : vain ? t("still_stands", { why: vain.sentence }) : entry.sentence || t(state);
    return h(
      `li.van-entry${gone ? ".is-undone" : ""}`,
      icon(picture),
      h("span.van-entry__text", h("span", `${van.ownHour(entry.at)} ${what}`), h("span.soft", words)),
      entry.kind === "undo" || gone || vain || entry.state === "refused" ? null : h("button.btn.btn--plain", { type: "button", onclick: () => van.attempt(queue.undo(entry), t("taken_back")) }, t("undo"), h("span.visually-hidden", ` ${what}`)),
    );
  };
  const recent = (entries, open = false) => {
    const shown = entries.filter((entry) => entry.kind !== "undo").slice(-12).reverse();
    if (!shown.length) return null;
    return h("details.more", { open }, h("summary", t("done_last")), h("ul.van-entries", shown.map((entry) => van.entryLine(entry))));
  };
  van.recent = recent;

  /* --- one number and one button --------------------------------------------------------------------------------------- */
  /* ``near``: what it showed last. A figure below it, or farther on than a day goes, is asked about; the second press keeps it. */
  const kilometres = ({ title, lede, least, near, act, done, to }) => {
    let sure = "";
    const box = h("input.van-number", { type: "text", inputmode: "numeric", id: "kilometres", autocomplete: "off", "aria-describedby": "kilometres-say" });
    const words = h("p.field__error", { id: "kilometres-say", hidden: true });
    const refuse = (text) => {
      words.textContent = text;
      words.hidden = false;
      box.focus();
    };
    const send = async (event) => {
      event.preventDefault();
      const typed = box.value.replace(/[.\s]/g, "");
      if (!/^\d{1,7}$/.test(typed)) return refuse(t("odometer_digits"));
      if (least && Number(typed) < least) return refuse(t("odometer_less", { n: van.number(least) }));
      const odd = Number.isInteger(near) && (Number(typed) < near || Number(typed) > near + 1000);
      if (odd && sure !== typed) {
        sure = typed;
        return refuse(t("odometer_sure", { last: van.number(near), n: van.number(Number(typed)) }));
      }
      form.querySelector("button").disabled = true;
      const entry = await van.attempt(act(Number(typed)), done, true);
      if (entry) van.go(to);
      else form.querySelector("button").disabled = false;
    };
    const form = h(
      "form.stack",
      { onsubmit: send, novalidate: true },
      h("div.field", h("label", { for: "kilometres" }, t("odometer_now")), words, box),
      h("button.btn.btn--large.btn--primary.btn--wide", { type: "submit" }, icon("check"), title),
    );
    return { node: h("div.stack", head(title, lede), form), update: () => {}, typing: () => Boolean(box.value) };
  };
  screens.berangkat = (id) => {
    const trip = queue.view().byTrip.get(id);
    if (!trip) return null;
    return kilometres({ title: t("set_off"), lede: t("set_off_lede"), near: trip.odometer_last, act: (odometer) => queue.add("start", { trip: id, data: { odometer } }), done: t("did_start"), to: "#/" });
  };
  screens.pulang = (id) => {
    const trip = queue.view().byTrip.get(id);
    if (!trip) return null;
    const open = trip.visits.filter((visit) => visit.status === "planned").length;
    return kilometres({
      title: t("come_home"),
      lede: open ? t("come_home_open", { n: open }) : t("come_home_lede"),
      least: trip.odometer_start,
      near: trip.odometer_start ?? trip.odometer_last,
      act: (odometer) => queue.add("finish", { trip: id, data: { odometer } }),
      done: t("did_finish"),
      to: "#/",
    });
  };
  screens.odometer = (id) => {
    const trip = queue.view().byTrip.get(id);
    if (!trip) return null;
    return kilometres({ title: t("odometer_on_the_way"), lede: t("odometer_lede"), least: trip.odometer_start, near: trip.odometer_start ?? trip.odometer_last, act: (figure) => queue.add("odometer", { trip: id, data: { kilometres: figure } }), done: t("did_odometer"), to: "#/" });
  };

  /* A delivery that is scanned in part is said as what it is; one that nobody has begun, as what it will be. */
  const loaded = ({ books: all, packed }) => (packed && packed < all ? t("books_packed", { n: packed, all }) : books(all));

  /* --- the load ---------------------------------------------------------------------------------------------------------- */
  const loadTick = (key, title, sub) => {
    const box = h("input", { type: "checkbox", checked: Boolean(queue.state.ticks[key]), onchange: () => van.attempt(queue.tick(key, box.checked)) });
    return h("li", h("label.choice.van-tick", box, h("span", h("strong", title), h("span.soft", sub))));
  };
  screens.muatan = (id) => {
    const trip = queue.view().byTrip.get(id);
    if (!trip) return null;
    const vehicle = vehicleOf(trip);
    const bring = trip.bring || [];
    const fetch = trip.fetch || [];
    const ticked = bring.filter((load) => queue.state.ticks[load.consignment]).length;
    return h(
      "div.stack",
      head(t("load"), van.longDate(trip.on)),
      h("h2.van-sub", t("to_bring"), bring.length ? h("span.count", ` ${ticked}/${bring.length}`) : null),
      bring.length
        ? h("ul.van-ticks", bring.map((load) => loadTick(load.consignment, load.partner, `${load.code} · ${t("boxes", { n: load.boxes || 0 })} · ${loaded(load)}`)))
        : h("p.soft", t("nothing_to_bring")),
      bring.length ? h("p.soft", t("ticks_stay_here")) : null,
      h("h2.van-sub", t("to_fetch")),
      fetch.length ? h("ul.van-plain", fetch.map((load) => h("li", h("strong", load.partner), h("span.soft", books(load.books))))) : h("p.soft", t("nothing_to_fetch")),
      h("h2.van-sub", t("own_stock")),
      h("p", vehicle.own_books ? t("own_books", { n: vehicle.own_books }) : t("own_books_none")),
    );
  };
})();
