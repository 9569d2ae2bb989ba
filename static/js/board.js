// The year board with the hand and the keys. Without this script every day opens a field to type another date in.
//
// Dragging a day over the months of its row names the date under the pointer; letting go asks the server what is possible there.
// Nothing is saved before the reader has seen that.
"use strict";
(() => {
  const board = document.querySelector("[data-board]");
  if (!board) return;
  const days = () => Array.from(board.querySelectorAll("summary[data-day]"));
  const field = (day) => day.parentElement.querySelector("input[type=date]");
  const words = new Intl.DateTimeFormat(document.documentElement.lang || "id", {
    weekday: "short", day: "numeric", month: "long", timeZone: "UTC",
  });

  const look = (day, date) => {
    field(day).value = date;
    if (date === day.dataset.day) return;
    field(day).form.requestSubmit();
  };

  // The date under the pointer: the month of the cell, and how far into it.
  const dateAt = (row, x) => {
    for (const cell of row.querySelectorAll("td[data-month]")) {
      const box = cell.getBoundingClientRect();
      if (x < box.left || x >= box.right) continue;
      const [year, month] = cell.dataset.month.split("-").map(Number);
      const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
      const number = Math.min(last, 1 + Math.floor(((x - box.left) / box.width) * last));
      return `${cell.dataset.month}-${String(number).padStart(2, "0")}`;
    }
    return "";
  };

  let drag = null;
  const label = document.createElement("div");
  label.className = "yearboard__drag";
  label.hidden = true;
  document.body.append(label);

  board.addEventListener("pointerdown", (event) => {
    const day = event.target.closest("summary[data-day]");
    // A finger scrolls the board; it opens the day and types.
    if (!day || event.pointerType === "touch" || event.button !== 0) return;
    drag = { day, x: event.clientX, moving: false, date: "" };
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (!drag.moving && Math.abs(event.clientX - drag.x) < 6) return;
    drag.moving = true;
    drag.date = dateAt(drag.day.closest("tr"), event.clientX);
    drag.day.classList.add("yearboard__day--dragged");
    label.hidden = !drag.date;
    label.textContent = drag.date ? words.format(new Date(`${drag.date}T00:00:00Z`)) : "";
    label.style.setProperty("left", `${event.clientX + 12}px`);
    label.style.setProperty("top", `${event.clientY + 12}px`);
    event.preventDefault();
  });
  const stop = () => {
    if (drag) drag.day.classList.remove("yearboard__day--dragged");
    label.hidden = true;
    drag = null;
  };
  document.addEventListener("pointerup", () => {
    if (!drag) return;
    const { day, date, moving } = drag;
    stop();
    if (!moving) return;
    // The press that ends a drag opens nothing.
    day.addEventListener("click", (event) => event.preventDefault(), { once: true });
    setTimeout(() => { if (date) look(day, date); }, 0);
  });
  document.addEventListener("pointercancel", stop);
  board.addEventListener("dragstart", (event) => event.preventDefault());

  const nextTo = (day, key) => {
    const row = day.closest("tr");
    const all = days();
    if (key === "ArrowLeft" || key === "ArrowRight") {
      const mine = all.filter((other) => other.closest("tr") === row);
      return mine[mine.indexOf(day) + (key === "ArrowRight" ? 1 : -1)];
    }
    const step = key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
    for (let other = row[step]; other; other = other[step]) {
      const theirs = all.filter((candidate) => candidate.closest("tr") === other);
      if (!theirs.length) continue;
      const far = (candidate) => Math.abs(new Date(candidate.dataset.day) - new Date(day.dataset.day));
      return theirs.reduce((best, candidate) => (far(candidate) < far(best) ? candidate : best));
    }
    return undefined;
  };

  board.addEventListener("keydown", (event) => {
    const day = event.target.closest("summary[data-day]");
    if (!day || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith("Arrow")) {
      const other = nextTo(day, event.key);
      if (!other) return;
      event.preventDefault();
      other.focus();
    } else if (event.key === "+" || event.key === "-" || event.key === "=") {
      event.preventDefault();
      day.parentElement.open = true;
      const date = new Date(`${field(day).value || day.dataset.day}T00:00:00Z`);
      date.setUTCDate(date.getUTCDate() + (event.key === "-" ? -1 : 1));
      field(day).value = date.toISOString().slice(0, 10);
      label.hidden = false;
      label.textContent = words.format(date);
      const box = day.getBoundingClientRect();
      label.style.setProperty("left", `${box.left}px`);
      label.style.setProperty("top", `${box.bottom + 4}px`);
    } else if (event.key === "Enter" && field(day).value !== day.dataset.day) {
      event.preventDefault();
      look(day, field(day).value);
    } else if (event.key === "Escape") {
      field(day).value = day.dataset.day;
      day.parentElement.open = false;
      label.hidden = true;
    }
  });
  board.addEventListener("focusout", () => { label.hidden = true; });
})();
