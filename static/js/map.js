/* Points on a map, by Leaflet. Without tiles the points stand on plain ground under the names of their towns; without script
   there is the list beside it. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  if (!window.L) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  const words = (properties) => {
    const box = document.createElement("div");
    const link = document.createElement("a");
    link.href = properties.url;
    link.textContent = properties.name;
    const under = document.createElement("div");
    under.textContent = [properties.kind, properties.city].filter(Boolean).join(" · ");
    box.append(link, under);
    if (properties.next) {
      const when = document.createElement("div");
      when.textContent = properties.next;
      box.append(when);
    }
    return box;
  };

  const drawn = (place) => {
    place.hidden = false;
    const map = L.map(place, {
      zoomControl: false, zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still,
      scrollWheelZoom: false, attributionControl: Boolean(place.dataset.tiles),
    });
    L.control.zoom({ zoomInTitle: place.dataset.zoomIn, zoomOutTitle: place.dataset.zoomOut }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
    if (place.dataset.tiles) {
      map.attributionControl.setPrefix(false);
      /* Tile servers want to know the site that asks, and nothing more of the address. */
      L.tileLayer(place.dataset.tiles, {
        attribution: place.dataset.thanks.replace(/[<>&]/g, ""), maxZoom: 19, referrerPolicy: "strict-origin-when-cross-origin",
      }).addTo(map);
    }
    return map;
  };

  /* Where most of them are: one library far away must not shrink all others to a dot. */
  const middle = (numbers) => {
    const sorted = [...numbers].sort((one, other) => one - other);
    const off = Math.floor(sorted.length / 20);
    return [sorted[off], sorted[sorted.length - 1 - off]];
  };

  /* A name that would lie upon another waits until there is room for it, closer up. */
  const apart = (spot, others) => others.every((other) => Math.abs(spot.x - other.x) > 110 || Math.abs(spot.y - other.y) > 22);

  const named = (map, features) => {
    const towns = new Map();
    for (const { geometry, properties } of features) {
      if (properties.city) towns.set(properties.city, [...(towns.get(properties.city) ?? []), geometry.coordinates]);
    }
    const sorted = [...towns].sort(([, one], [, other]) => other.length - one.length);
    const names = L.layerGroup().addTo(map);
    const write = () => {
      names.clearLayers();
      const taken = [];
      for (const [town, spots] of sorted) {
        const south = Math.min(...spots.map((spot) => spot[1]));
        const lon = spots.reduce((sum, spot) => sum + spot[0], 0) / spots.length;
        const at = map.latLngToLayerPoint([south, lon]);
        if (!apart(at, taken)) continue;
        taken.push(at);
        const label = document.createElement("span");
        label.textContent = town;
        L.tooltip([south, lon], { permanent: true, direction: "bottom", className: "map__town", offset: [0, 8] })
          .setContent(label)
          .addTo(names);
      }
    };
    map.on("zoomend", write);
    write();
  };

  const show = (place, features) => {
    const own = place.dataset.lat ? [Number(place.dataset.lat), Number(place.dataset.lon)] : null;
    if (!features.length && !own) return;
    const map = drawn(place);
    if (own) map.setView(own, 14);
    else {
      const [south, north] = middle(features.map(({ geometry }) => geometry.coordinates[1]));
      const [west, east] = middle(features.map(({ geometry }) => geometry.coordinates[0]));
      map.fitBounds(L.latLngBounds([south, west], [north, east]).pad(0.1), { maxZoom: 15, animate: false });
    }
    for (const { geometry, properties } of features) {
      const [lon, lat] = geometry.coordinates;
      L.circleMarker([lat, lon], { radius: own ? 6 : 8, className: properties.tone === "empty" ? "map__point map__point--empty" : "map__point" }).bindPopup(() => words(properties)).addTo(map);
    }
    if (own) L.circleMarker(own, { radius: 11, className: "map__point map__point--here", interactive: false }).addTo(map);
    if (!place.dataset.tiles) named(map, features);
  };

  for (const place of document.querySelectorAll("[data-map]")) {
    fetch(place.dataset.points, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : { features: [] }))
      .then(({ features }) => show(place, features))
      .catch(() => {});
  }
});
