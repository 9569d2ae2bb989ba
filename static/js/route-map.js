/* Tours on a map, by Leaflet: a line for each, and its stops under the letter of the tour and their number. Without tiles the
   lines stand on plain ground; without script there are the lists beside it. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  if (!window.L) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  const text = (kind, words, name) => {
    const made = document.createElement(kind);
    made.textContent = words;
    if (name) made.className = name;
    return made;
  };

  const words = (properties) => {
    const box = document.createElement("div");
    const title = properties.url ? text("a", properties.name) : text("strong", properties.name);
    if (properties.url) title.href = properties.url;
    box.append(title, text("div", properties.detail ?? ""));
    return box;
  };

  const show = (place, features) => {
    if (!features.length) return;
    place.hidden = false;
    const map = L.map(place, {
      zoomControl: false, zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still,
      scrollWheelZoom: false, zoomSnap: 0.25, attributionControl: Boolean(place.dataset.tiles),
    });
    L.control.zoom({ zoomInTitle: place.dataset.zoomIn, zoomOutTitle: place.dataset.zoomOut }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
    if (place.dataset.tiles) {
      map.attributionControl.setPrefix(false);
      L.tileLayer(place.dataset.tiles, {
        attribution: place.dataset.thanks.replace(/[<>&]/g, ""), maxZoom: 19, referrerPolicy: "strict-origin-when-cross-origin",
      }).addTo(map);
    }
    const bounds = L.latLngBounds([]);
    /* Several stops may share a point: their marks stand beside each other. */
    const taken = new Map();
    for (const { geometry, properties } of features) {
      if (geometry.type === "LineString") {
        const way = geometry.coordinates.map(([lon, lat]) => [lat, lon]);
        L.polyline(way, { className: `route-line route-line--${properties.colour}`, interactive: false }).addTo(map);
        way.forEach((spot) => bounds.extend(spot));
        continue;
      }
      const [lon, lat] = geometry.coordinates;
      const spot = `${lat},${lon}`;
      const beside = taken.get(spot) ?? 0;
      taken.set(spot, beside + 1);
      const name = properties.depot ? "route-mark route-mark--depot" : `route-mark route-mark--${properties.colour}`;
      const label = properties.depot ? place.dataset.depot : properties.label;
      const icon = L.divIcon({
        className: "route-icon", html: text("span", label, name), iconSize: [34, 26], iconAnchor: [17 - beside * 36, 13],
      });
      const said = [label, properties.name, properties.detail].filter(Boolean).join(", ");
      L.marker([lat, lon], { icon, title: said, alt: said, keyboard: true }).bindPopup(() => words(properties)).addTo(map);
      bounds.extend([lat, lon]);
    }
    map.fitBounds(bounds.pad(0.08), { maxZoom: 15, animate: false });
  };

  for (const place of document.querySelectorAll("[data-route-map]")) {
    fetch(place.dataset.points, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : { features: [] }))
      .then(({ features }) => show(place, features))
      .catch(() => {});
  }
});
