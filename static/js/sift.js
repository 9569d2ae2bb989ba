/* Narrow a list while typing: every word must stand in a line's data-sift. Without script the search button does the same. */
"use strict";

(() => {
  const plain = (text) => text.normalize("NFKD").replace(/\p{Diacritic}/gu, "").toLowerCase();

  for (const form of document.querySelectorAll("[data-sifts]")) {
    const box = form.querySelector("[data-sift-words]");
    const none = form.querySelector("[data-sift-none]");
    const lines = [...form.querySelectorAll("[data-sift]")].map((line) => [line, plain(line.dataset.sift)]);
    /* A list that the server has narrowed already lacks lines: then its button goes on doing the work. */
    if (!box || box.value) continue;
    form.querySelector("[data-sift-button]").hidden = true;

    const sift = () => {
      const words = plain(box.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const [line, text] of lines) {
        line.hidden = !words.every((word) => text.includes(word));
        if (!line.hidden) shown += 1;
      }
      none.hidden = shown > 0;
    };
    box.addEventListener("input", sift);
    box.addEventListener("search", sift);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    sift();
  }
})();
