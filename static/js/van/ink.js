/* The signature on the glass: strokes of a finger or a pen, kept as points, so that one stroke can be taken back and turning the phone
 * loses nothing. What is stored is black on white, whatever the screen's colours. */
"use strict";

(() => {
  const { h, button, t } = van;
  const WIDTH = 720;
  const HEIGHT = 400;

  const draw = (canvas, strokes, thickness) => {
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.strokeStyle = pen.fillStyle = "#111";
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = thickness;
    for (const stroke of strokes) {
      const [first, ...more] = stroke.map(([x, y]) => [x * canvas.width, y * canvas.height]);
      pen.beginPath();
      if (!more.length) {
        pen.arc(first[0], first[1], thickness, 0, 7);
        pen.fill();
        continue;
      }
      pen.moveTo(...first);
      let [x, y] = first;
      for (const [nextX, nextY] of more) {
        pen.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
        [x, y] = [nextX, nextY];
      }
      pen.lineTo(x, y);
      pen.stroke();
    }
  };

  /* {node, empty(), blob()}; `changed` is called after each stroke. */
  van.pad = (label, changed) => {
    const canvas = h("canvas.van-pad__glass", { width: WIDTH, height: HEIGHT, role: "img", "aria-label": label });
    let strokes = [];
    let current = null;
    const paint = () => {
      draw(canvas, strokes, 4);
      changed();
    };
    const place = (event) => {
      const edge = canvas.getBoundingClientRect();
      return [(event.clientX - edge.left) / edge.width, (event.clientY - edge.top) / edge.height];
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary || event.button) return;
      event.preventDefault();
      try {
        canvas.setPointerCapture(event.pointerId);
      } catch {
        /* the finger has left already */
      }
      current = [place(event)];
      strokes.push(current);
      paint();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!current || !event.isPrimary) return;
      for (const each of event.getCoalescedEvents ? event.getCoalescedEvents() : [event]) current.push(place(each));
      current.push(place(event));
      paint();
    });
    const end = () => (current = null);
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    const redo = (rest) => () => {
      strokes = rest();
      paint();
    };
    const node = h(
      "div.van-pad",
      canvas,
      h("div.van-pad__line", { "aria-hidden": "true" }, t("sign_here")),
      h("div.van-pair", button(t("sign_back"), "back", redo(() => strokes.slice(0, -1))), button(t("sign_clear"), "bin", redo(() => []))),
    );
    draw(canvas, strokes, 4);
    return {
      node,
      /* A dot is a slip of the finger, no signature. */
      empty: () => strokes.reduce((sum, stroke) => sum + stroke.length, 0) < 6,
      blob: () => new Promise((done) => canvas.toBlob(done, "image/png")),
    };
  };

  /* A photograph as small as it may be to be read, drawn anew: no place, no time, no make of the phone stays in it. */
  van.shrink = async (file, edge = 1600) => {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, edge / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
  };
})();
