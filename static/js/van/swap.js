/* Books by scan, and the swap of a school's hundred: last period's books come back, the new ones are handed over, both sides sign on the glass. */
"use strict";

(() => {
  const { h, icon, button, link, head, notice, t, queue, screens } = van;
  const SHOWN = 40;

  /* --- one field for a scanner, a camera or a thumb ------------------------------------------------------------------------ */
  const station = ({ id, title, lede, figure, look, act, rows, extra, to }) => {
    const about = (visit, { data }) => {
      const book = visit.due.get(data.barcode);
      const condition = data.condition && data.condition !== "good" ? t(`condition_${data.condition}`) : "";
      return [data.barcode, condition, book && book.title].filter(Boolean).join(" · ");
    };
    const field = h("input.input.input--barcode", { id: "barcode", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", enterkeyhint: "done" });
    const answer = h("div.van-answer", { role: "status" });
    const count = h("p.van-total");
    const list = h("ul.van-entries");
    const tell = (tone, words, what) => {
      answer.className = `van-answer van-answer--${tone}`;
      answer.replaceChildren(icon({ good: "check", warn: "warning", bad: "cross" }[tone]), h("span", h("strong", words), h("span", what)));
      van.sound(tone);
    };
    const taken = async (typed) => {
      const visit = van.visitOf(id);
      if (!visit) return;
      const found = look(visit, typed);
      if (found.before) {
        tell("warn", t("scanned_before", { at: van.ownHour(found.before.at) }), found.title || found.barcode);
        return;
      }
      if (found.refuse) {
        tell("bad", found.refuse, typed);
        return;
      }
      /* Said after it is written, never before. */
      const entry = await van.attempt(act(visit, found.barcode, found));
      if (entry) tell(found.known ? "good" : "warn", found.known || t("not_on_list"), found.title || found.barcode);
    };
    /* The field is empty the moment a code ends, and codes are dealt with one after the other: a scanner that types faster than the disk
     * writes loses nothing. */
    let chain = Promise.resolve();
    const hear = (code) => (chain = chain.then(() => taken(code)));
    const read = () => {
      const code = field.value.trim();
      field.value = "";
      if (code) hear(code);
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey && field.value.trim())) {
        event.preventDefault();
        read();
      }
    });
    const eye = van.eye(hear, () => {
      field.inputMode = "numeric";
      field.focus();
    });
    /* A scanner does not look where the cursor is: what it types outside a field belongs into ours. */
    const stray = (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1 || event.key === " ") return;
      if (!event.target.closest("input, textarea, select")) field.focus();
    };
    document.addEventListener("keydown", stray);
    const update = () => {
      const visit = van.visitOf(id);
      if (!visit) return;
      count.textContent = figure(visit);
      list.replaceChildren(...rows(visit).slice(-SHOWN).reverse().map((entry) => van.entryLine(entry, about(visit, entry))));
    };
    update();
    const press = (event) => {
      event.preventDefault();
      read();
      field.focus();
    };
    const node = h(
      "div.stack",
      head(title, lede),
      count,
      answer,
      extra ? extra.node : null,
      h("form.van-scan", { onsubmit: press }, h("div.field", h("label", { for: "barcode" }, t("barcode")), h("p.field__help", t("barcode_help")), field), h("button.btn.btn--large", { type: "submit" }, icon("check"), t("enter"))),
      eye.opener,
      eye.panel,
      link(t("ready"), "check", to, ".btn--primary.btn--wide"),
      list,
    );
    return {
      node,
      update,
      typing: () => Boolean(field.value),
      leave: () => {
        eye.close();
        document.removeEventListener("keydown", stray);
      },
      shown: () => field.focus({ preventScroll: true }),
    };
  };

  /* The last digits are enough where they mean one book of the list. */
  const match = (books, typed) => {
    const code = typed.toUpperCase();
    const same = books.filter(({ barcode }) => barcode.toUpperCase() === code);
    if (same.length) return same;
    return /^\d{3,}$/.test(typed) ? books.filter(({ barcode }) => barcode.endsWith(typed)) : [];
  };
  const several = (found) => found.length > 1 && { refuse: t("several_books", { n: found.length }) };
  const ofKind = (kind) => (visit) => {
    const { undone } = queue.view();
    return queue.ofVisit(visit.id).filter((entry) => entry.kind === kind && !undone.has(entry.id));
  };

  screens.terima = (id) => {
    if (!van.visitOf(id)) return null;
    const conditions = ["good", "worn", "damaged"];
    const boxes = conditions.map((value) => h("input", { type: "radio", name: "condition", value, checked: value === "good" }));
    const extra = { node: h("fieldset.van-conditions", h("legend", t("condition")), conditions.map((value, at) => h("label.choice", boxes[at], t(`condition_${value}`)))) };
    const look = (visit, typed) => {
      const books = [...visit.due.values()];
      const found = match([...books, ...[...visit.back.keys()].filter((code) => !visit.due.has(code)).map((barcode) => ({ barcode }))], typed);
      if (several(found)) return several(found);
      const book = found[0] || { barcode: typed };
      const before = visit.back.get(book.barcode);
      return { barcode: book.barcode, title: book.title, before, known: found.length ? t("is_back") : "" };
    };
    const act = (visit, barcode, { known }) => {
      const condition = boxes.find((box) => box.checked).value;
      /* The next book is a good one again: a forgotten "damaged" must not mark the rest of the box. */
      boxes[0].checked = true;
      return queue.add("take_back", { trip: visit.trip, visit: id, data: { barcode, condition }, strange: !known });
    };
    return station({
      id,
      title: t("take_back"),
      lede: van.visitOf(id).name,
      figure: van.howManyBack,
      look,
      act,
      rows: ofKind("take_back"),
      extra,
      to: `#/henti/${id}`,
    });
  };

  screens.tambah = (id) => {
    if (!van.visitOf(id)) return null;
    const look = (visit, typed) => {
      const boxed = visit.loads.some((load) => match(van.boxed(load), typed).length);
      if (boxed) return { refuse: t("in_the_box") };
      const barcode = [...visit.added.keys()].find((code) => code.toUpperCase() === typed.toUpperCase()) || typed;
      return { barcode, before: visit.added.get(barcode), known: t("is_lent") };
    };
    return station({
      id,
      title: t("lend_more"),
      lede: van.visitOf(id).name,
      figure: (visit) => t("books", { n: visit.added.size }),
      look,
      act: (visit, barcode) => queue.add("lend", { trip: visit.trip, visit: id, data: { barcode } }),
      rows: ofKind("lend"),
      to: `#/henti/${id}`,
    });
  };

  /* --- the swap ------------------------------------------------------------------------------------------------------------- */
  const handedOver = (visit, load) => {
    const entry = ofKind("hand_over")(visit).find((each) => each.data.consignment === load);
    return {
      node: h("div.stack", h("div.done", icon("good", "done__icon"), h("h1", { tabindex: "-1" }, t("handed_over"))), entry ? h("ul.van-entries", van.entryLine(entry)) : null, link(t("ready"), "check", `#/henti/${visit.id}`, ".btn--primary.btn--wide")),
    };
  };
  screens.serah = (id, load) => {
    const visit = van.visitOf(id);
    const consignment = visit && visit.loads.find((each) => each.id === load);
    if (!consignment) return null;
    if (consignment.handedOver) return handedOver(visit, load);
    const lines = van.boxed(consignment);
    const waits = (consignment.lines || []).length - lines.length;
    const name = h("input.input", { id: "receiver", maxlength: "120", autocomplete: "off", value: (visit.contact && visit.contact.name) || "" });
    const wrong = h("p.field__error", { hidden: true });
    const place = h("div.stack");
    let at = 0;
    const refuse = (words) => {
      wrong.textContent = words;
      wrong.hidden = !words;
    };
    const titled = (title, lede) => h("div.van-head", h("p.eyebrow", t("step_of", { n: at + 1, all: 3 })), h("h1", { tabindex: "-1" }, title), h("p.lede", lede));
    const pads = ["school_signs", "crew_signs"].map((key) => van.pad(t(key), () => refuse("")));
    const forward = () => {
      if (at === 0 && !name.value.trim()) {
        refuse(t("receiver_needed"));
        name.focus();
        return;
      }
      if (at > 0 && pads[at - 1].empty()) {
        refuse(t("signature_needed"));
        return;
      }
      if (at === 2) {
        van.once(`hand_over ${load}`, finish);
        return;
      }
      at += 1;
      show();
    };
    const back = () => {
      at -= 1;
      show();
    };
    const finish = async () => {
      const signatures = ["school_signature", "crew_signature"].map((purpose) => ({ id: van.newId(), purpose }));
      for (const [number, signature] of signatures.entries()) signature.blob = await pads[number].blob();
      const [school, crew] = signatures;
      await van.attempt(
        queue.add("hand_over", {
          trip: visit.trip,
          visit: id,
          data: { consignment: consignment.id, received_by: name.value.trim(), school_signature: school.id, crew_signature: crew.id },
          files: signatures,
        }),
        t("did_hand_over"),
        true,
      );
    };
    const steps = [
      () => {
        const left = van.leftAt(van.visitOf(id) || visit);
        return [
          titled(t("hand_over"), visit.partner || visit.name),
          left ? notice("warn", "warning", t("not_back_yet", { n: left }), h("a.btn", { href: `#/terima/${id}` }, icon("back"), t("take_back"))) : null,
          waits ? notice("warn", "warning", t("not_in_a_box", { n: waits })) : null,
          h("p.van-figure", t("books", { n: lines.length }), " ", h("span.code", consignment.code)),
          h("details.more", h("summary", t("see_the_books")), h("ul.van-plain", lines.map((row) => h("li", h("strong", row.title), h("span.code", row.barcode))))),
          h("div.field", h("label", { for: "receiver" }, t("receiver")), wrong, name),
          button(t("on_to_signing"), "right", forward, ".btn--primary.btn--wide"),
        ];
      },
      () => [titled(t("school_signs"), name.value.trim()), pads[0].node, wrong, button(t("next"), "right", forward, ".btn--primary.btn--wide"), button(t("one_back"), "left", back, ".btn--wide")],
      () => [titled(t("crew_signs"), t("crew_signs_lede")), pads[1].node, wrong, button(t("hand_over_now"), "check", forward, ".btn--primary.btn--wide"), button(t("one_back"), "left", back, ".btn--wide")],
    ];
    const show = () => {
      refuse("");
      place.replaceChildren(...steps[at]().filter(Boolean));
      const title = place.querySelector("h1");
      if (at && title) title.focus();
      window.scrollTo(0, 0);
    };
    show();
    const update = () => {
      const now = van.visitOf(id);
      if (now && now.loads.some((each) => each.id === load && each.handedOver)) van.show();
    };
    return { node: place, update, typing: () => at > 0 };
  };
})();
