/* Names for the boxes that Django's admin leaves without one: those of a table of related rows are named by the head of
 * their column, those of the search-as-you-type lists by the label that stands beside them. */
"use strict";

(() => {
  const nameColumns = (root) => {
    for (const box of root.querySelectorAll(".tabular td:is([class*='field-'], .delete) :is(input, select, textarea)")) {
      if (box.type === "hidden" || box.hasAttribute("aria-label") || box.labels?.length) continue;
      const cell = box.closest("td");
      const heads = cell.closest("table").querySelectorAll("thead th");
      const head = cell.matches(".delete") ? [...heads].at(-1) : [...heads].find((th) => cell.className.split(" ").some((name) => name.startsWith("field-") && th.classList.contains(name.replace("field-", "column-"))));
      if (head) box.setAttribute("aria-label", head.textContent.trim());
    }
  };

  const nameLists = (root) => {
    for (const shown of root.querySelectorAll(".select2-selection")) {
      const box = shown.closest(".select2-container")?.previousElementSibling;
      const name = box?.getAttribute("aria-label") || document.querySelector(`label[for="${box?.id}"]`)?.textContent.trim().replace(/:$/, "");
      if (!name) continue;
      for (const part of [shown, ...shown.querySelectorAll("[role='textbox']")]) {
        const value = shown.textContent.trim();
        part.removeAttribute("aria-labelledby");
        part.setAttribute("aria-label", value ? `${name}: ${value}` : name);
      }
    }
  };

  const name = (root) => {
    nameColumns(root);
    nameLists(root);
  };
  name(document);
  /* A table of rows that nobody may change still has to be scrolled by keyboard. */
  for (const part of document.querySelectorAll(".inline-group .module, #changelist .results")) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
  }
  /* The lists are made by another script, at a moment of its own. */
  new MutationObserver((changes) => {
    if (changes.some((change) => change.addedNodes.length)) nameLists(document);
  }).observe(document.body, { childList: true, subtree: true });
  document.addEventListener("formset:added", (event) => setTimeout(() => name(event.target), 0));
  document.addEventListener("focusin", (event) => {
    if (event.target.closest(".select2-container")) nameLists(event.target.closest(".select2-container").parentElement);
  });
})();
