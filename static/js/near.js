/* The stops nearest to where the reader stands. The place is asked of the device, compared on the device, and sent to nobody. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const place = document.querySelector("[data-near]");
  if (!place || !navigator.geolocation || !window.isSecureContext) return;
  const button = place.querySelector("[data-near-button]");
  const said = place.querySelector("[data-near-said]");
  const head = place.querySelector("[data-near-head]");
  const list = place.querySelector("[data-near-list]");
  const MOST = 5;
  place.hidden = false;

  const kilometres = (here, [lon, lat]) => {
    const rad = Math.PI / 180;
    const dLat = (lat - here.latitude) * rad;
    const dLon = (lon - here.longitude) * rad;
    const half = Math.sin(dLat / 2) ** 2 + Math.cos(lat * rad) * Math.cos(here.latitude * rad) * Math.sin(dLon / 2) ** 2;
    return 12742 * Math.asin(Math.sqrt(half));
  };

  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  const far = (distance) => (distance < 1 ? `${Math.round(distance * 100) * 10} m` : `${number.format(distance)} km`);

  const span = (css, text) => {
    const part = document.createElement("span");
    part.className = css;
    part.textContent = text;
    return part;
  };

  const line = ({ properties, distance }) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.className = "line";
    link.href = properties.url;
    const text = span("line__text", "");
    text.append(span("line__title", properties.name), span("line__sub", properties.next || place.dataset.unknown));
    link.append(text, span("line__end numeric", far(distance)));
    item.append(link);
    return item;
  };

  const show = (here, features) => {
    said.textContent = features.length ? "" : place.dataset.none;
    const near = features
      .map((feature) => ({ ...feature, distance: kilometres(here, feature.geometry.coordinates) }))
      .sort((one, other) => one.distance - other.distance)
      .slice(0, MOST);
    list.replaceChildren(...near.map(line));
    head.hidden = list.hidden = !near.length;
  };

  const failed = () => {
    said.textContent = place.dataset.failed;
    button.removeAttribute("aria-busy");
  };

  button.addEventListener("click", () => {
    said.textContent = place.dataset.busy;
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        fetch(place.dataset.points, { headers: { Accept: "application/json" }, credentials: "same-origin" })
          .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
          .then(({ features }) => {
            show(coords, features);
            button.removeAttribute("aria-busy");
          })
          .catch(failed);
      },
      failed,
      { maximumAge: 300000, timeout: 15000 },
    );
  });
});
