/* The desk check by keyboard alone: the first box holds the cursor, Escape begins anew, and the region is asked for a card only. */
"use strict";

(() => {
  const form = document.querySelector("[data-desk-check]");
  if (!form) return;
  const box = form.elements.institution;
  const card = form.querySelector("[data-only-card]");
  const first = form.querySelector("[data-first]");

  const ask = () => {
    const proof = form.querySelector("[name=proof]:checked");
    card.hidden = !proof || proof.value !== "id_card";
  };
  form.addEventListener("change", ask);
  ask();

  /* With a choice to be made the cursor stands on the first of it; else what was typed is ready to be typed over. */
  if (first) {
    first.focus();
  } else {
    box.focus();
    box.select();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    window.location.assign(form.getAttribute("action"));
  });

  /* Enter in a box means "check", although the buttons of a choice come before it. */
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-checks]"));
  });
})();
