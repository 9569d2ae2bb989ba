/* One stop: how to get there, whom to ask for, and what is done there. */
"use strict";

(() => {
  const { h, icon, button, link, line, notice, head, t, queue, screens } = van;
  const KINDS = ["pupils", "teachers", "children", "adults", "elderly"];
  const SCHOOL_FIRST = ["pupils", "teachers", "adults", "children", "elderly"];
  const VILLAGE_FIRST = ["children", "adults", "elderly", "pupils", "teachers"];

  const find = (id) => queue.view().byVisit.get(id) || null;
  van.visitOf = find;
  const visitors = (visit) => Object.values(visit.tally.visitors).reduce((sum, n) => sum + n, 0);
  /* What was scanned into the boxes of a delivery; the rest of its list stays at home. */
  van.boxed = (load) => (load.lines || []).filter((book) => book.status !== "proposed");
  /* A book that is reported lost is not waited for, nor one of those that were brought today; taken back is either of them all the same. */
  van.leftAt = (visit) => {
    const brought = new Set(visit.loads.flatMap((load) => (load.lines || []).map((book) => book.barcode)));
    return [...visit.due.values()].filter((book) => !book.lost && !brought.has(book.barcode) && !visit.back.has(book.barcode)).length;
  };

  /* What the house knows of all phones, and what it does not know of this one yet. A book of somebody else's is in the crew's hands, but
   * no book of this school is back for it. */
  van.howManyBack = (visit) => {
    const scanned = [...visit.back.values()];
    const strange = scanned.filter((entry) => entry.strange).length;
    const untold = (entry) => visit.taken_back === undefined || !entry.folded || visit.due.has(entry.data.barcode);
    const own = scanned.filter((entry) => !entry.strange && untold(entry));
    const figures = t("back_and_left", { n: (visit.taken_back || 0) + own.length, left: van.leftAt(visit) });
    return strange ? `${figures} · ${t("strange_books", { n: strange })}` : figures;
  };

  /* 0812… is dialled in Indonesia as +62812…; wa.me wants the bare digits. */
  const international = (phone) => {
    const digits = phone.replace(/\D/g, "");
    return digits.startsWith("0") ? `62${digits.slice(1)}` : digits;
  };
  const directions = (visit) => {
    if (visit.latitude === null || visit.latitude === undefined) {
      return visit.address ? `https://www.google.com/maps/dir/?api=1&destination=${encodeURIComponent(`${visit.name}, ${visit.address}`)}` : "";
    }
    const place = `${visit.latitude},${visit.longitude}`;
    if (/Android/.test(navigator.userAgent)) return `geo:${place}?q=${place}(${encodeURIComponent(visit.name)})`;
    return `https://www.google.com/maps/dir/?api=1&destination=${place}`;
  };

  const way = (visit) => {
    const { contact } = visit;
    const to = directions(visit);
    const phone = contact && contact.phone;
    const outside = { target: "_blank", rel: "noopener noreferrer" };
    const tap = (words, picture, href, facts = {}) => h("a.van-tap", { href, ...facts }, icon(picture), words);
    return h(
      "section.card.van-way",
      h("p", h("strong.van-way__time", `${van.hour(visit.begins_at)}–${van.hour(visit.ends_at)}`)),
      visit.address ? h("p", visit.address) : null,
      visit.hint ? h("p.van-hint", icon("info"), visit.hint) : null,
      contact && contact.name ? h("p", icon("person"), " ", contact.name) : null,
      h(
        "div.van-taps",
        to ? tap(t("directions"), "pin", to, to.startsWith("geo:") ? {} : outside) : null,
        phone ? tap(t("call"), "phone", `tel:${phone.replace(/[^\d+]/g, "")}`) : null,
        phone ? tap("WhatsApp", "mail", `https://wa.me/${international(phone)}`, outside) : null,
      ),
    );
  };

  const tiles = (visit) => {
    const at = (name) => `#/${name}/${visit.id}`;
    return h(
      "ul.van-lines",
      line(at("pengunjung"), "people", t("count_visitors"), t("visitors", { n: visitors(visit) })),
      visit.partner ? line(at("terima"), "back", t("take_back"), visit.due.size || visit.back.size || visit.taken_back ? van.howManyBack(visit) : t("nothing_due")) : null,
      visit.loads.map((load) => {
        const what = load.handedOver ? t("handed_over") : `${t("books", { n: van.boxed(load).length })} · ${load.code}`;
        return line(`${at("serah")}/${load.id}`, "box", t("hand_over"), what, load.handedOver ? icon("check", "van-done") : null);
      }),
      visit.partner ? line(at("tambah"), "plus", t("lend_more"), visit.added.size ? t("books", { n: visit.added.size }) : t("lend_more_sub")) : null,
      line(at("mobil"), "van", t("van_books"), t("van_books_sub", { out: visit.tally.lent, back: visit.tally.returned })),
      line(at("catatan"), "edit", t("note"), visit.notes ? t("notes", { n: visit.notes }) : ""),
      line(at("foto"), "camera", t("photograph"), visit.photographs ? t("photographs", { n: visit.photographs }) : ""),
    );
  };

  const step = (visit, kind, words, done) =>
    van.once(`${kind} ${visit.id}`, () => van.attempt(queue.add(kind, { trip: visit.trip, visit: visit.id }), done, true));

  screens.henti = (id) => {
    const visit = find(id);
    if (!visit) return null;
    const { status } = visit;
    const here = status === "arrived" || status === "done";
    return h(
      "div.stack",
      h("div.van-head", van.statusBadge(status), h("h1", { tabindex: "-1" }, visit.name), visit.partner && visit.partner !== visit.name ? h("p.soft", visit.partner) : null),
      here ? tiles(visit) : way(visit),
      status === "planned" || status === "missed" ? button(t("arrive"), "pin", () => step(visit, "arrive", "", t("did_arrive")), ".btn--primary.btn--wide.van-main") : null,
      status === "arrived" ? button(t("leave"), "van", () => leave(visit), ".btn--primary.btn--wide.van-main") : null,
      status === "done" ? link(t("to_the_trip"), "right", "#/", ".btn--primary.btn--wide") : null,
      status === "planned" ? link(t("skip"), "cross", `#/lewati/${id}`, ".btn--wide") : null,
      status === "cancelled" ? notice("warn", "cross", t("visit_cancelled_how")) : null,
      here ? h("details.more", h("summary", t("way_and_contact")), way(visit)) : null,
      van.recent(queue.ofVisit(id)),
    );
  };
  const leave = async (visit) => {
    const entry = await step(visit, "leave", "", t("did_leave"));
    if (entry) van.go("#/");
  };

  /* --- counting ------------------------------------------------------------------------------------------------------------ */
  /* One figure between big buttons; the figure alone changes while thumbs are at work. */
  const counter = (label, value, act) => {
    const figure = h("output.van-count__figure", { "aria-label": label }, String(value()));
    const press = (delta) => h(`button.van-count__press${delta < 0 ? ".is-minus" : ""}`, { type: "button", "aria-label": `${label} ${delta > 0 ? "+" : "−"}${Math.abs(delta)}`, onclick: () => change(delta) }, `${delta > 0 ? "+" : "−"}${Math.abs(delta)}`);
    const minus = press(-1);
    const change = (delta) => {
      if (delta < 0 && value() <= 0) return;
      van.attempt(act(delta));
    };
    const update = () => {
      figure.textContent = String(value());
      minus.disabled = value() <= 0;
    };
    update();
    return { node: h("div.van-count", h("p.van-count__label", label), minus, figure, press(1), press(5)), update };
  };
  const counting = (id, title, lede, made) => {
    const total = h("p.van-total", { role: "status" });
    const place = h("div");
    const update = () => {
      made.forEach((each) => each.update());
      const visit = find(id);
      if (!visit) return;
      total.textContent = lede(visit);
      place.replaceChildren(van.recent(queue.ofVisit(id).filter((entry) => ["count", "stock_lend", "stock_return"].includes(entry.kind)), place.querySelector("details[open]") !== null) || "");
    };
    update();
    return { node: h("div.stack", head(title), total, h("div.van-counts", made.map((each) => each.node)), link(t("ready"), "check", `#/henti/${id}`, ".btn--primary.btn--wide"), place), update };
  };
  screens.pengunjung = (id) => {
    const visit = find(id);
    if (!visit) return null;
    const order = visit.kind === "school" ? SCHOOL_FIRST : VILLAGE_FIRST;
    const made = [...order, ...KINDS.filter((kind) => !order.includes(kind))].map((kind) =>
      counter(
        t(`visitor_${kind}`),
        () => (find(id) ? find(id).tally.visitors[kind] || 0 : 0),
        (delta) => queue.add("count", { trip: visit.trip, visit: id, data: { kind, delta } }),
      ),
    );
    return counting(id, t("count_visitors"), (now) => t("visitors", { n: visitors(now) }), made);
  };
  screens.mobil = (id) => {
    const visit = find(id);
    if (!visit) return null;
    const row = (kind, name) =>
      counter(
        t(`kind_${kind}`),
        () => (find(id) ? find(id).tally[name] : 0),
        (delta) => queue.add(kind, { trip: visit.trip, visit: id, data: { delta } }),
      );
    return counting(id, t("van_books"), (now) => t("van_books_sub", { out: now.tally.lent, back: now.tally.returned }), [row("stock_lend", "lent"), row("stock_return", "returned")]);
  };

  /* --- words and pictures -------------------------------------------------------------------------------------------------- */
  const writing = ({ title, lede, label, most, needed, submit, act, done, to }) => {
    const box = h("textarea.input", { id: "words", maxlength: most, rows: "5" });
    const words = h("p.field__error", { hidden: true }, needed);
    const send = async (event) => {
      event.preventDefault();
      const text = box.value.trim();
      words.hidden = Boolean(text);
      if (!text) return box.focus();
      if (await van.once("words", () => van.attempt(act(text), done, true))) van.go(to);
    };
    const form = h("form.stack", { onsubmit: send, novalidate: true }, h("div.field", h("label", { for: "words" }, label), words, box), h("button.btn.btn--large.btn--primary.btn--wide", { type: "submit" }, icon("check"), submit));
    return { node: h("div.stack", head(title, lede), form), update: () => {}, typing: () => Boolean(box.value) };
  };
  screens.catatan = (id) => {
    const visit = find(id);
    if (!visit) return null;
    return writing({
      title: t("note"),
      lede: t("note_lede"),
      label: t("note_label"),
      most: 1000,
      needed: t("note_needed"),
      submit: t("keep"),
      act: (text) => queue.add("note", { trip: visit.trip, visit: id, data: { text } }),
      done: t("did_note"),
      to: `#/henti/${id}`,
    });
  };
  screens.lewati = (id) => {
    const visit = find(id);
    if (!visit) return null;
    return writing({
      title: t("skip"),
      lede: visit.name,
      label: t("skip_why"),
      most: 200,
      needed: t("skip_needed"),
      submit: t("skip"),
      act: (reason) => queue.add("skip", { trip: visit.trip, visit: id, data: { reason } }),
      done: t("did_skip"),
      to: "#/",
    });
  };
  screens.foto = (id) => {
    const visit = find(id);
    if (!visit) return null;
    const words = h("p.van-total", { role: "status" });
    const box = h("input.visually-hidden", { type: "file", accept: "image/*", capture: "environment", id: "photograph" });
    box.addEventListener("change", async () => {
      const picked = box.files[0];
      box.value = "";
      if (!picked) return;
      words.textContent = t("photograph_shrinking");
      let blob;
      try {
        blob = await van.shrink(picked);
      } catch {
        words.textContent = t("photograph_unreadable");
        return;
      }
      const file = van.newId();
      await van.attempt(
        queue.add("photograph", { trip: visit.trip, visit: id, data: { file }, files: [{ id: file, purpose: "photograph", blob }] }),
        t("did_photograph"),
        true,
      );
    });
    const update = () => (words.textContent = find(id) ? t("photographs", { n: find(id).photographs }) : "");
    update();
    return {
      node: h("div.stack", head(t("photograph"), t("photograph_lede")), words, box, h("label.btn.btn--large.btn--primary.btn--wide", { for: "photograph" }, icon("camera"), t("photograph_take")), link(t("ready"), "check", `#/henti/${id}`, ".btn--wide")),
      update,
    };
  };
})();
