/* What a page gains when script runs. Nothing here is needed to read, fill in, send or print. */
"use strict";

(() => {
  /* The summary of errors is where reading starts. */
  const focusSummary = (root) => {
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  };

  /* Following a line of the summary puts the cursor into the field, also into the first of several choices. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a[href^='#']");
    if (!link) return;
    const target = document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const box = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
    (box || target).focus();
    target.scrollIntoView({ block: "center" });
  });

  /* A question before an act: the native dialog instead of the page behind the link. */
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      if (dialog && dialog.showModal && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        dialog.showModal();
      }
      return;
    }
    const closer = event.target.closest("[data-closes-dialog]");
    if (closer) closer.closest("dialog").close();
  });

  /* The person's sheet closes by Escape and by a press elsewhere. */
  const closeSheets = (except) => {
    document.querySelectorAll("details[data-closes][open]").forEach((sheet) => {
      if (sheet !== except) sheet.open = false;
    });
  };
  document.addEventListener("click", (event) => closeSheets(event.target.closest("details[data-closes]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details[data-closes][open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  /* A form is sent once, however often the button is pressed. The button stays readable and says that it works. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-repeats")) return;
    if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 8000) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = String(Date.now());
    const button = event.submitter;
    if (button) button.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
    document.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });

  /* Print buttons, and selects that send their form at once where there is also a button for those without script. */
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-prints]")) window.print();
  });
  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-sends]");
    if (box) box.form.requestSubmit();
  });

  /* An answer of htmx that is an error, or no answer at all, is said aloud instead of swallowed. */
  const say = (words) => {
    const place = document.getElementById("messages");
    if (!place || !words) return;
    const notice = document.createElement("div");
    notice.className = "notice notice--bad";
    const text = document.createElement("p");
    text.className = "notice__body";
    text.textContent = words;
    notice.append(text);
    place.replaceChildren(notice);
    place.scrollIntoView({ block: "nearest" });
  };
  const words = document.getElementById("messages")?.dataset ?? {};
  document.addEventListener("htmx:responseError", () => say(words.error));
  document.addEventListener("htmx:sendError", () => say(words.cut));
  document.addEventListener("htmx:afterSettle", (event) => focusSummary(event.target));

  /* On a phone the menu is one line that is pushed sideways: where the reader is stays in sight. */
  for (const row of document.querySelectorAll(".menu, .tabs")) {
    const here = row.querySelector("[aria-current]");
    if (here && row.scrollWidth > row.clientWidth) row.scrollLeft = here.parentElement.offsetLeft - row.clientWidth / 3;
  }

  focusSummary(document);
})();
