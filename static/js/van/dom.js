/* Making what is seen: elements, pictures, a word that passes by. Text is only ever set as text. */
"use strict";

(() => {
  const { t } = van;
  /* h("p.soft", {…}, "words", h(…)): attributes, listeners as onclick, children that may be missing. */
  const h = (what, ...rest) => {
    const [tag, ...classes] = what.split(".");
    const made = document.createElement(tag || "div");
    if (classes.length) made.className = classes.join(" ");
    const given = rest[0];
    const facts = given && given.constructor === Object ? rest.shift() : {};
    for (const [name, value] of Object.entries(facts)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...rest.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
    return made;
  };
  const icon = (name, css = "") => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#${name}`); /* the page brings all of them */
    svg.setAttribute("class", `icon ${css}`.trim());
    svg.setAttribute("aria-hidden", "true");
    svg.append(use);
    return svg;
  };
  const button = (words, picture, onclick, css = "", facts = {}) =>
    h(`button.btn.btn--large${css}`, { type: "button", onclick, ...facts }, picture && icon(picture), words);
  const link = (words, picture, href, css = "") => h(`a.btn.btn--large${css}`, { href }, picture && icon(picture), words);
  /* A whole line to press, with what it leads to. */
  const line = (href, picture, title, sub, end) =>
    h("li", h("a.van-line", { href }, icon(picture, "van-line__icon"), h("span.van-line__text", h("strong", title), sub && h("span.soft", sub)), end, icon("right")));
  const badge = (words, tone, picture) => h(`span.badge.badge--${tone}`, picture && icon(picture), words);
  const notice = (tone, picture, ...words) => h(`div.notice.notice--${tone}`, icon(picture), h("div.notice__body", words.map((each) => (typeof each === "string" ? h("p", each) : each))));
  const head = (title, lede) => h("div.van-head", h("h1", { tabindex: "-1" }, title), lede && h("p.lede", lede));

  /* Said once, where a screen reader hears it too; what was done can be taken back from here. */
  let passing = 0;
  const say = (words, { tone = "good", entry = null } = {}) => {
    const place = document.getElementById("van-says");
    clearTimeout(passing);
    const parts = [icon(tone === "good" ? "check" : "warning"), h("span.van-says__words", words)];
    if (entry) {
      parts.push(
        h("button.van-says__undo", { type: "button", onclick: () => van.attempt(van.queue.undo(entry), t("taken_back")) }, t("undo")),
      );
    }
    place.className = `van-says van-says--${tone}`;
    place.replaceChildren(...parts);
    place.hidden = false;
    passing = setTimeout(() => (place.hidden = true), entry ? 8000 : 5000);
  };
  van.hush = () => (document.getElementById("van-says").hidden = true);
  /* Nothing is shown as done before it is written; what could not be written is said aloud. */
  van.attempt = async (work, words, withUndo = false) => {
    try {
      const entry = await work;
      if (words) say(words, { entry: withUndo ? entry : null });
      return entry;
    } catch (problem) {
      console.warn(problem);
      say(t(problem && problem.name === "QuotaExceededError" ? "phone_full" : "not_written"), { tone: "bad" });
      return null;
    }
  };

  /* A thumb that presses twice means once: while an act is being written, the same act is not begun again. */
  const begun = new Set();
  van.once = async (key, act) => {
    if (begun.has(key)) return null;
    begun.add(key);
    try {
      return await act();
    } finally {
      begun.delete(key);
    }
  };

  /* High for right, low for wrong: in a van nobody looks at the screen for every book. */
  let audio;
  const note = (pitch, length) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.12, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + length);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + length);
  };
  const sound = (tone) => {
    try {
      audio = audio || new AudioContext();
      if (tone === "good") note(1320, 0.09);
      else note(tone === "warn" ? 660 : 196, 0.3);
      if (navigator.vibrate) navigator.vibrate(tone === "good" ? 40 : [80, 60, 80]);
    } catch {
      /* a phone without sound: colour, picture and words say the same */
    }
  };

  Object.assign(van, { h, icon, button, link, line, badge, notice, head, say, sound });
})();
