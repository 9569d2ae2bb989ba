/* Points on a map, by Leaflet. Without tiles the points stand on plain ground; without script there is the list beside it. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  if (!window.L) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  const point = (lat, lon) => L.circleMarker([lat, lon], { radius: 8, className: "map__point", stroke: true });

  const words = (properties) => {
    const box = document.createElement("div");
    const link = document.createElement("a");
    link.href = properties.url;
    link.textContent = properties.name;
    const under = document.createElement("div");
    under.textContent = [properties.kind, properties.city].filter(Boolean).join(" · ");
    box.append(link, under);
    return box;
  };

  const drawn = (place) => {
    place.hidden = false;
    const map = L.map(place, {
      zoomControl: false, zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still,
      attributionControl: Boolean(place.dataset.tiles),
    });
    L.control.zoom({ zoomInTitle: place.dataset.zoomIn, zoomOutTitle: place.dataset.zoomOut }).addTo(map);
    if (place.dataset.tiles) {
      map.attributionControl.setPrefix(false);
      /* Tile servers want to know the site that asks, and nothing more of the address. */
      L.tileLayer(place.dataset.tiles, {
        attribution: place.dataset.thanks.replace(/[<>&]/g, ""), maxZoom: 19, referrerPolicy: "strict-origin-when-cross-origin",
      }).addTo(map);
    }
    return map;
  };

  for (const place of document.querySelectorAll("[data-map][data-lat]")) {
    const spot = [Number(place.dataset.lat), Number(place.dataset.lon)];
    const map = drawn(place);
    map.setView(spot, 15);
    point(...spot).addTo(map);
  }

  for (const place of document.querySelectorAll("[data-map][data-points]")) {
    fetch(place.dataset.points, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : { features: [] }))
      .then(({ features }) => {
        if (!features.length) return;
        const map = drawn(place);
        const all = L.featureGroup(
          features.map(({ geometry, properties }) => {
            const [lon, lat] = geometry.coordinates;
            return point(lat, lon).bindPopup(() => words(properties));
          }),
        );
        map.fitBounds(all.getBounds().pad(0.1), { maxZoom: 15, animate: false });
        all.addTo(map);
      })
      .catch(() => {});
  }
});
