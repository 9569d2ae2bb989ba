/* Drafts (U8): a form with data-draft="NAME" is kept on this device every three seconds and offered back after a cut.
 *
 * Kept are the words and choices of one form for seven days; never a file, a password or a hidden field. The draft goes
 * when the form was sent and the answer was another page, when the reader discards it, and when the reader signs out. */
"use strict";

(() => {
  const PREFIX = "draft:";
  const DAYS = 7;
  let store;
  try {
    store = window.localStorage;
    store.getItem(PREFIX);
  } catch {
    return; /* private window without storage: the form works as before */
  }

  const keyOf = (name) => PREFIX + name;
  const read = (name) => {
    try {
      const draft = JSON.parse(store.getItem(keyOf(name)) || "null");
      return draft && Date.now() - draft.at < DAYS * 86400000 ? draft : null;
    } catch {
      return null;
    }
  };
  const drop = (name) => store.removeItem(keyOf(name));

  const kept = (box) =>
    box.name && !box.disabled && !["hidden", "password", "file", "submit", "button"].includes(box.type);
  const collect = (form) =>
    [...form.elements].filter(kept).map((box) => {
      const ticks = box.type === "checkbox" || box.type === "radio";
      return [box.name, ticks ? `${box.value}\u0000${box.checked}` : box.value];
    });
  /* Each box that a draft knows, with the value it had. Boxes that came or went since (a tick that was asked for) are passed over. */
  const pairs = (form, fields) => {
    const left = fields.slice();
    return [...form.elements].filter(kept).flatMap((box) => {
      const ticks = box.type === "checkbox" || box.type === "radio";
      const at = left.findIndex(([name, value]) => name === box.name && (!ticks || value.startsWith(`${box.value}\u0000`)));
      if (at < 0) return [];
      const [, value] = left.splice(at, 1)[0];
      return [{ box, ticks, value: ticks ? value.endsWith("\u0000true") : value }];
    });
  };
  const differs = (form, fields) =>
    pairs(form, fields).some(({ box, ticks, value }) => (ticks ? box.checked : box.value) !== value);
  const fill = (form, fields) => {
    for (const { box, ticks, value } of pairs(form, fields)) {
      if (ticks) box.checked = value;
      else box.value = value;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };

  document.querySelectorAll('meta[name="draft-done"]').forEach((meta) => drop(meta.content));

  /* Signing out leaves nothing of one person to the next on a shared phone. */
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-ends-drafts]")) return;
    Object.keys(store).filter((key) => key.startsWith(PREFIX)).forEach((key) => store.removeItem(key));
  });

  /* A form that was sent and is not on the page that answered has done its work. */
  const sent = sessionStorage.getItem("draft-sent");
  if (sent) {
    sessionStorage.removeItem("draft-sent");
    const again = document.querySelector(`form[data-draft="${CSS.escape(sent)}"]`);
    const signIn = document.querySelector("form[data-sign-in]");
    const error = document.querySelector("[data-error-page]");
    if (!again && !signIn && !error) drop(sent);
  }

  for (const form of document.querySelectorAll("form[data-draft]")) {
    const name = form.dataset.draft;
    const offer = form.querySelector("[data-draft-offer]");
    const fresh = JSON.stringify(collect(form));
    const refused = document.querySelector(".error-summary");
    const draft = read(name);
    if (draft && offer && !refused && differs(form, draft.fields)) {
      offer.hidden = false;
      offer.querySelector("[data-draft-take]").addEventListener("click", () => {
        fill(form, draft.fields);
        offer.hidden = true;
        const first = [...form.elements].find(kept);
        if (first) first.focus();
      });
      offer.querySelector("[data-draft-drop]").addEventListener("click", () => {
        drop(name);
        offer.hidden = true;
      });
    }
    let last = fresh;
    const keep = () => {
      const now = JSON.stringify(collect(form));
      if (now === last) return;
      last = now;
      try {
        store.setItem(keyOf(name), JSON.stringify({ at: Date.now(), fields: JSON.parse(now) }));
      } catch {
        /* full: the form itself still holds the words */
      }
    };
    setInterval(keep, 3000);
    window.addEventListener("pagehide", keep);
    form.addEventListener("submit", () => {
      keep();
      sessionStorage.setItem("draft-sent", name);
    });
  }
})();
