/* Ticks the books of a list as they are scanned, by a scanner, by the camera (camera.js) or by the last digits of a label.
 * Nothing is sent before the list is kept; without this file each book is ticked by hand. */
"use strict";

(() => {
  const place = document.querySelector("[data-ticks]");
  if (!place) return;
  const field = place.querySelector("[data-scan-field]");
  const says = place.querySelector("[data-ticks-say]");
  const figure = place.querySelector("[data-ticks-count]");
  const boxes = [...place.querySelectorAll("input[type='checkbox'][data-barcode]")];
  const FEWEST = 3;

  place.querySelector("[data-ticks-field]").hidden = false;
  const count = () => {
    figure.textContent = boxes.filter((box) => box.checked).length;
  };
  const tell = (words, tone) => {
    says.textContent = words;
    says.className = `scan-queue tick-answer tick-answer--${tone}`;
    says.hidden = false;
  };
  const boxOf = (code) => {
    const whole = boxes.find((box) => box.dataset.barcode === code);
    if (whole || !/^\d+$/.test(code) || code.length < FEWEST) return whole;
    const fitting = boxes.filter((box) => box.dataset.barcode.endsWith(code));
    return fitting.length === 1 ? fitting[0] : undefined;
  };
  const read = () => {
    const code = field.value.trim();
    field.value = "";
    field.focus();
    if (!code) return;
    const box = boxOf(code);
    if (!box) {
      tell(`${code}: ${says.dataset.unknown}`, "bad");
      return;
    }
    const title = box.dataset.title;
    tell(`${box.checked ? says.dataset.again : says.dataset.here} ${title}`, box.checked ? "warn" : "good");
    box.checked = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    count();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey && field.value.trim())) {
      event.preventDefault();
      read();
    }
  });
  place.querySelector("[data-ticks-read]").addEventListener("click", read);
  place.addEventListener("change", count);
  count();
  field.focus();
})();
