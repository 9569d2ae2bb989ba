/* The frame: what waits, one step back, one screen at a time; the keeper of the page's own files (the service worker). */
"use strict";

(() => {
  const { h, icon, button, notice, head, t, queue, screens } = van;
  const place = document.getElementById("van-screen");
  const bar = document.getElementById("van-bar");
  const backLink = document.getElementById("van-back");
  let current = null;

  /* --- screens ----------------------------------------------------------------------------------------------------------- */
  let led = false; /* what was said on the way to the next screen is read there */
  van.go = (address) => {
    led = true;
    if (location.hash === address) van.show();
    else location.hash = address;
  };
  const address = () => location.hash.replace(/^#\/?/, "").split("/");
  const HOME = { henti: "#/", kirim: "#/", muatan: "#/", berangkat: "#/", pulang: "#/", odometer: "#/", perjalanan: "#/", lewati: (id) => `#/henti/${id}` };
  const backOf = ([name, id]) => {
    if (!name) return "";
    const to = HOME[name];
    if (typeof to === "string") return to;
    return to ? to(id) : `#/henti/${id}`;
  };
  const build = () => {
    const [name, ...ids] = address();
    const make = name ? screens[name] : screens.home;
    const made = (make && make(...ids)) || (name && !queue.state.pack ? screens.home() : h("div.stack", head(t("not_here")), h("p", t("not_here_how")), h("a.btn.btn--large.btn--wide", { href: "#/" }, t("to_the_trip"))));
    return made.node ? made : { node: made };
  };
  van.show = () => {
    if (current && current.leave) current.leave();
    current = build();
    place.replaceChildren(current.node);
    const back = backOf(address());
    backLink.hidden = !back;
    if (back) backLink.setAttribute("href", back);
  };
  const arrive = () => {
    if (!led) van.hush();
    led = false;
    van.show();
    window.scrollTo(0, 0);
    const title = place.querySelector("h1");
    if (current.shown) current.shown();
    else if (title && address()[0]) title.focus({ preventScroll: true });
  };
  /* A screen with a field of its own changes its figures alone; any other is drawn anew, and the thumb stays where it is. */
  const refresh = () => {
    if (current && current.update) {
      current.update();
      return;
    }
    const held = document.activeElement;
    const mark = place.contains(held) ? [held.tagName, held.textContent] : null;
    const open = [...place.querySelectorAll("details")].map((each) => each.open);
    van.show();
    place.querySelectorAll("details").forEach((each, at) => (each.open = each.open || Boolean(open[at])));
    if (!mark) return;
    const same = [...place.querySelectorAll(mark[0])].find((each) => each.textContent === mark[1]);
    if (same) same.focus({ preventScroll: true });
  };

  /* --- the bar: how many wait, and when it last went through ----------------------------------------------------------------- */
  const TROUBLES = { cut: "no_network", "signed-out": "signed_out", stumbled: "house_stumbles", revoked: "revoked", "old-page": "old_page", full: "no_room" };
  let told = "";
  const showBar = () => {
    const { status } = van.sync;
    const n = queue.waiting();
    const refused = queue.refused().length;
    const trouble = status.trouble || (navigator.onLine ? "" : "cut");
    const at = queue.state.synced ? van.ownHour(queue.state.synced) : "";
    const words = trouble === "revoked" ? [t("revoked")] : n ? [t("n_waiting", { n }), at ? t("last_sent", { at }) : t("never_sent")] : at ? [t("all_sent"), at] : [t("nothing_yet")];
    const tone = refused || ["signed-out", "revoked"].includes(trouble) ? "bad" : n || trouble ? "warn" : "good";
    const sub = refused ? t("n_refused", { n: refused }) : trouble && trouble !== "revoked" ? t(TROUBLES[trouble]) : status.busy ? t("sending") : "";
    const now = JSON.stringify([tone, words, sub]);
    if (now === told) return;
    told = now;
    bar.className = `van-bar van-bar--${tone}`;
    bar.replaceChildren(icon(tone === "good" ? "check" : tone === "warn" ? "upload" : "warning"), h("span.van-bar__words", h("strong", words.join(" · ")), sub ? h("span", sub) : null), icon("right"));
    bar.setAttribute("aria-label", [...words, sub].filter(Boolean).join(". "));
  };

  screens.kirim = () => {
    const { state } = queue;
    const waiting = state.entries.filter(queue.waits);
    const files = state.files.filter(queue.waits);
    const refused = queue.refused();
    const review = state.entries.filter((entry) => entry.state === "review");
    const { trouble, busy } = van.sync.status;
    return h(
      "div.stack",
      head(t("sending_head")),
      trouble ? notice(trouble === "signed-out" ? "bad" : "warn", "warning", t(`${TROUBLES[trouble]}_how`)) : null,
      button(busy ? t("sending") : t("send_now"), "upload", () => van.sync.flush({ force: true }), ".btn--primary.btn--wide", { "aria-busy": busy ? "true" : null }),
      h("h2.van-sub", t("n_waiting", { n: waiting.length })),
      waiting.length ? h("ul.van-entries", waiting.slice(-60).reverse().map((entry) => van.entryLine(entry))) : h("p.soft", t("nothing_waits")),
      files.length ? h("p", t("files_waiting", { n: files.length })) : null,
      refused.length ? h("section.card.card--bad", h("h2.card__title", t("n_refused", { n: refused.length })), h("p", t("refused_how")), h("ul.van-entries", refused.map((row) => h("li.van-entry", icon("warning"), h("span.van-entry__text", h("span", row.kind ? t(`kind_${row.kind}`) : t("photograph")), h("span.soft", row.sentence)), h("button.btn", { type: "button", onclick: () => van.attempt(queue.dismiss(row.id), "") }, t("read_it")))))) : null,
      review.length ? h("section.card.card--warn", h("h2.card__title", t("n_review", { n: review.length })), h("p", t("review_how")), h("ul.van-entries", review.slice(-20).reverse().map((entry) => van.entryLine(entry)))) : null,
      state.toDecide ? h("p.soft", t("to_decide", { n: state.toDecide })) : null,
      h("h2.van-sub", t("this_phone")),
      state.pack && state.pack.device ? h("p.soft", state.pack.device.name) : null,
      h("p.soft", t(van.worker.kept ? "storage_kept" : "storage_free")),
      van.worker.waiting ? button(t("new_version"), "swap", () => van.worker.takeOver(), ".btn--wide") : null,
      button(t("other_language"), "globe", () => speak(van.otherLanguage()), ".btn--wide"),
    );
  };
  const speak = (code) => {
    van.speak(code);
    told = "";
    frame();
    showBar();
    van.show();
  };
  const frame = () => {
    document.title = t("title");
    backLink.replaceChildren(icon("left"), t("back"));
    document.querySelector("[data-skip]").textContent = t("skip_link");
  };

  /* --- the service worker ------------------------------------------------------------------------------------------------------ */
  const worker = (van.worker = { waiting: null, kept: false, install: null, ready: () => Boolean(navigator.serviceWorker && navigator.serviceWorker.controller), takeOver: () => {} });
  const startWorker = async () => {
    if (!navigator.serviceWorker) return;
    let asked = false;
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      /* The first one only begins to keep the page; a later one was asked for, and the page is opened anew by it. */
      if (asked) location.reload();
      else refresh();
    });
    worker.takeOver = () => {
      if (!worker.waiting) return;
      asked = true;
      worker.waiting.postMessage("take-over");
    };
    /* A new version waits until nothing waits here and nobody is in the middle of something. The rows in the store would outlive
     * it; a hand that is signing would not. */
    /* The house does not understand this page any more: the new one reads the same store, so what waits goes with it. */
    worker.renew = () => {
      worker.overdue = true;
      worker.settle();
      navigator.serviceWorker.ready.then((registration) => registration.update()).catch(() => {});
    };
    worker.settle = () => {
      if (!worker.waiting || van.sync.status.busy) return;
      if (!worker.overdue && queue.unsent()) return;
      if (!address()[0] || document.visibilityState === "hidden") worker.takeOver();
    };
    try {
      const registration = await navigator.serviceWorker.register("sw.js", { updateViaCache: "none" });
      const found = (next) => {
        if (!next || !navigator.serviceWorker.controller) return;
        worker.waiting = next;
        worker.settle();
        refresh();
      };
      found(registration.waiting);
      registration.addEventListener("updatefound", () => {
        const next = registration.installing;
        next.addEventListener("statechange", () => next.state === "installed" && found(registration.waiting));
      });
      const look = () => registration.update().catch(() => {});
      window.addEventListener("online", look);
      setInterval(look, 30 * 60000);
    } catch (problem) {
      console.warn(problem);
    }
  };
  worker.settle = worker.renew = () => {};
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    worker.install = async () => {
      worker.install = null;
      await event.prompt();
      refresh();
    };
    refresh();
  });

  /* --- opening ------------------------------------------------------------------------------------------------------------------ */
  document.querySelector("[data-skip]").addEventListener("click", (event) => {
    event.preventDefault(); /* the address says which screen it is */
    place.focus();
  });
  const open = async () => {
    frame();
    try {
      await queue.load();
    } catch (problem) {
      console.warn(problem);
      place.replaceChildren(h("div.stack", head(t("no_storage")), h("p", t("no_storage_how"))));
      return;
    }
    arrive();
    showBar();
    document.addEventListener("van:changed", () => {
      refresh();
      showBar();
    });
    document.addEventListener("van:sync", () => {
      showBar();
      if (["", "kirim"].includes(address()[0] || "")) refresh();
      worker.settle();
    });
    window.addEventListener("hashchange", arrive);
    window.addEventListener("pagehide", () => current && current.leave && current.leave());
    await van.sync.forget().catch(console.warn);
    /* The trip first: on a slow line the keeper of the page would be in its way. */
    await van.sync.flush({ force: true });
    await startWorker();
    if (navigator.storage && navigator.storage.persist) worker.kept = await navigator.storage.persist().catch(() => false);
  };
  open();
})();
