/* The trip on a phone, first of its scripts: its sentences in both languages, and how days and times are said.
 *
 * The page brings all sentences of both languages as JSON: it comes out of the phone's own store, where no server can translate it. */
"use strict";

window.van = { VERSION: 1 };

(() => {
  const all = JSON.parse(document.getElementById("van-words").textContent);
  const cookie = document.cookie.match(/(?:^|; )bahasa=([a-z]+)/);
  let language = cookie && all[cookie[1]] ? cookie[1] : "id";
  document.documentElement.lang = language;

  const said = (fact) => (typeof fact === "number" ? van.number(fact) : String(fact));
  /* t("waiting", {n: 7}); a sentence that counts has two forms. */
  van.t = (key, facts = {}) => {
    let words = all[language][key];
    if (words === undefined) {
      console.error(`no words for ${key}`);
      return key;
    }
    if (Array.isArray(words)) words = words[Number(facts.n) === 1 ? 0 : 1];
    return words.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? said(facts[name]) : whole));
  };
  van.language = () => language;
  van.otherLanguage = () => Object.keys(all).find((code) => code !== language);
  van.speak = (code) => {
    language = code;
    document.documentElement.lang = code;
    document.title = van.t("title");
    document.cookie = `bahasa=${code}; path=/; max-age=31536000; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;
  };

  const between = () => (language === "id" ? "." : ":");
  const two = (number) => String(number).padStart(2, "0");
  /* The library's own time, as the pack states it; the phone's own for what the phone did itself. */
  van.hour = (moment) => (moment ? moment.slice(11, 16).replace(":", between()) : "");
  van.ownHour = (moment) => {
    const at = new Date(moment);
    return `${two(at.getHours())}${between()}${two(at.getMinutes())}`;
  };
  van.longDate = (day) =>
    new Intl.DateTimeFormat(language === "id" ? "id-ID" : "en-GB", {
      weekday: "long",
      day: "numeric",
      month: "long",
      timeZone: "UTC",
    }).format(new Date(`${day}T00:00:00Z`));
  van.number = (figure) => new Intl.NumberFormat(language === "id" ? "id-ID" : "en-GB").format(figure);

  /* This moment by the phone's clock with its offset, as the house wants it: it knows from sent_at how wrong the clock is. */
  van.stamp = (at = new Date()) => {
    const minutes = -at.getTimezoneOffset();
    const own = new Date(at.getTime() + minutes * 60000).toISOString().slice(0, 23);
    const size = Math.abs(minutes);
    return `${own}${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  };
  van.newId = () =>
    crypto.randomUUID
      ? crypto.randomUUID()
      : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
          (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16),
        );
})();
