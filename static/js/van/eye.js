/* The camera as a scanner. The browser reads codes itself where it can; else, with a network, a small frame goes to the house, which
 * reads it and forgets it. Without either, or refused, one types. */
"use strict";

(() => {
  const { h, button, t } = van;
  const PAUSE = 3000; /* the same book stays in the picture for a moment */
  const EDGE = 960;
  const FORMATS = ["code_128", "code_39", "ean_13", "ean_8", "itf", "codabar", "qr_code"];
  const rest = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  const ownReader = async (video, taken) => {
    if (!("BarcodeDetector" in window)) return null;
    try {
      const known = await window.BarcodeDetector.getSupportedFormats();
      const formats = FORMATS.filter((name) => known.includes(name));
      if (!formats.includes("code_128")) return null;
      const detector = new window.BarcodeDetector({ formats });
      let before = "";
      return async () => {
        const found = (await detector.detect(video))[0];
        const code = found ? found.rawValue.trim() : "";
        /* Stripes are misread in passing: only what is read twice running counts. */
        if (code && code === before) taken(code);
        before = code;
        await rest(120);
      };
    } catch {
      return null;
    }
  };
  const houseReader = (video, taken, says) => {
    const canvas = document.createElement("canvas");
    return async () => {
      if (!navigator.onLine) {
        says(t("camera_needs_network"));
        await rest(1500);
        return;
      }
      const scale = Math.min(1, EDGE / Math.max(video.videoWidth, video.videoHeight));
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
      const frame = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.75));
      const body = new FormData();
      body.set("frame", frame, "frame.jpg");
      const response = await fetch("kamera/", { method: "POST", body, credentials: "same-origin" });
      if (response.status === 429) await rest(5000);
      if (response.ok) (await response.json()).codes.slice(0, 1).forEach(taken);
      await rest(350);
    };
  };

  /* {opener, panel, close()}: what it reads is handed to `found`; `typing` puts the cursor into the field. */
  van.eye = (found, typing) => {
    const video = h("video.camera__picture", { playsinline: true, hidden: true });
    video.muted = true;
    const words = h("p.camera__says", { role: "status" });
    const says = (text) => (words.textContent = text);
    let stream = null;
    let last = { code: "", at: 0 };
    const taken = (code) => {
      const again = code === last.code && Date.now() - last.at < PAUSE;
      last = { code, at: Date.now() };
      if (again) return;
      says(code);
      found(code);
    };
    const close = () => {
      if (stream) stream.getTracks().forEach((track) => track.stop());
      stream = null;
      video.srcObject = null;
      panel.hidden = true;
      opener.setAttribute("aria-expanded", "false");
    };
    const open = async () => {
      panel.hidden = false;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 } } });
      } catch (problem) {
        video.hidden = true;
        says(t(["NotAllowedError", "SecurityError"].includes(problem.name) ? "camera_refused" : "camera_none"));
        typing();
        return;
      }
      video.hidden = false;
      says(t("camera_hold"));
      opener.setAttribute("aria-expanded", "true");
      video.srcObject = stream;
      await video.play();
      panel.scrollIntoView({ block: "end" });
      const read = (await ownReader(video, taken)) || houseReader(video, taken, says);
      while (stream) {
        try {
          if (video.videoWidth) await read();
          else await rest(100);
        } catch {
          await rest(1000); /* a cut line; the next frame may pass */
        }
      }
    };
    const opener = button(t("camera"), "camera", () => (stream ? close() : open()), "", {
      "aria-expanded": "false",
      hidden: !(navigator.mediaDevices && navigator.mediaDevices.getUserMedia),
    });
    const shut = () => {
      close();
      typing();
    };
    const panel = h("div.camera", { hidden: true }, video, words, button(t("camera_close"), "cross", shut, ".btn--plain"));
    return { opener, panel, close };
  };
})();
