/* A map to choose one place on: press on it, drag the pin, or move it with the arrow keys. The box beside it is what counts; the
   house reads whatever is pasted there, this script only the two plain numbers. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  if (!window.L) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const STEP = 0.0001;

  const plain = (text) => {
    const found = text.trim().match(/^(-?\d{1,3}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)$/);
    if (!found) return null;
    const place = [Number(found[1]), Number(found[2])];
    return Math.abs(place[0]) <= 90 && Math.abs(place[1]) <= 180 ? place : null;
  };

  const show = (holder) => {
    const box = document.getElementById(holder.dataset.place);
    if (!box) return;
    holder.hidden = false;
    const map = L.map(holder, {
      zoomControl: false, zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still,
      scrollWheelZoom: false, attributionControl: Boolean(holder.dataset.tiles),
    });
    L.control.zoom({ zoomInTitle: holder.dataset.zoomIn, zoomOutTitle: holder.dataset.zoomOut }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
    if (holder.dataset.tiles) {
      map.attributionControl.setPrefix(false);
      L.tileLayer(holder.dataset.tiles, {
        attribution: holder.dataset.thanks.replace(/[<>&]/g, ""), maxZoom: 19, referrerPolicy: "strict-origin-when-cross-origin",
      }).addTo(map);
    }
    const middle = holder.dataset.lat ? [Number(holder.dataset.lat), Number(holder.dataset.lon)] : [-2.5, 118];
    const chosen = plain(box.value);
    map.setView(chosen || middle, chosen ? 16 : holder.dataset.lat ? 14 : 5);

    /* A mark of our own: Leaflet's picture of a pin is not among the files of the house. */
    const pin = L.marker(chosen || middle, {
      draggable: true, autoPan: true, keyboard: true, title: holder.dataset.pin, alt: holder.dataset.pin,
      icon: L.divIcon({ className: "map__pin", iconSize: [44, 44], iconAnchor: [22, 22] }),
    });
    if (chosen) pin.addTo(map);

    const write = ({ lat, lng }) => {
      box.value = `${lat.toFixed(6)}, ${lng.toFixed(6)}`;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const move = (place) => pin.setLatLng(place).addTo(map);

    map.on("click", ({ latlng }) => { move(latlng.wrap()); write(latlng.wrap()); });
    pin.on("dragend", () => write(pin.getLatLng().wrap()));
    pin.on("add", () => {
      pin.getElement().addEventListener("keydown", (event) => {
        const way = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key];
        if (!way) return;
        event.preventDefault();
        event.stopPropagation();
        const { lat, lng } = pin.getLatLng();
        move([lat + way[0] * STEP, lng + way[1] * STEP]);
        write(pin.getLatLng());
      });
    });
    box.addEventListener("input", () => {
      const place = plain(box.value);
      if (place) { move(place); map.setView(place, Math.max(map.getZoom(), 15)); }
    });

    fetch(holder.dataset.points, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : { features: [] }))
      .then(({ features }) => {
        for (const { geometry, properties } of features) {
          const [lon, lat] = geometry.coordinates;
          L.circleMarker([lat, lon], { radius: 5, className: "map__point", interactive: true }).bindTooltip(() => {
            const name = document.createElement("span");
            name.textContent = properties.name;
            return name;
          }).addTo(map);
        }
      })
      .catch(() => {});
  };

  for (const holder of document.querySelectorAll("[data-place]")) show(holder);
});
