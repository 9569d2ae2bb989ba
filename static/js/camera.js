/* The camera as a scanner: what it reads is put into the scan field as if it had been typed. The browser reads codes itself where
 * it can; else a small frame goes to the server, which reads it and forgets it. Refused or without a camera, one types. */
"use strict";

(() => {
  const opener = document.querySelector("[data-camera-open]");
  const panel = document.querySelector("[data-camera]");
  const field = document.querySelector("[data-scan-field]");
  if (!opener || !panel || !field || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;

  const video = panel.querySelector("video");
  const says = panel.querySelector("[data-camera-says]");
  const canvas = document.createElement("canvas");
  const PAUSE = 3000; /* the same book stays in the picture for a moment */
  const EDGE = 960;
  const FORMATS = ["code_128", "code_39", "ean_13", "ean_8", "itf", "codabar", "qr_code"];
  let stream = null;
  let last = { code: "", at: 0 };
  let before = "";

  const rest = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const token = () => {
    const cookie = document.cookie.match(/(?:^|; )(?:__Host-csrf|csrftoken)=([^;]+)/);
    const hidden = document.querySelector("input[name='csrfmiddlewaretoken']");
    return cookie ? decodeURIComponent(cookie[1]) : hidden ? hidden.value : "";
  };
  const taken = (code) => {
    if (code === last.code && Date.now() - last.at < PAUSE) {
      last.at = Date.now();
      return;
    }
    last = { code, at: Date.now() };
    says.textContent = code;
    if (navigator.vibrate) navigator.vibrate(60);
    field.value = code;
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  };

  const ownReader = async () => {
    if (!("BarcodeDetector" in window)) return null;
    try {
      const known = await window.BarcodeDetector.getSupportedFormats();
      const formats = FORMATS.filter((name) => known.includes(name));
      if (!formats.includes("code_128")) return null;
      const detector = new window.BarcodeDetector({ formats });
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
  const serverReader = async () => {
    const scale = Math.min(1, EDGE / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    const frame = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.75));
    const body = new FormData();
    body.set("frame", frame, "frame.jpg");
    const response = await fetch(panel.dataset.frameUrl, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token() },
      credentials: "same-origin",
    });
    if (response.status === 429) await rest(5000);
    if (response.ok && !response.redirected) (await response.json()).codes.slice(0, 1).forEach(taken);
    await rest(350);
  };

  const close = () => {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    panel.hidden = true;
    opener.setAttribute("aria-expanded", "false");
  };
  /* Without the camera one types: on a phone the keypad with digits, which are enough (the last ones of the label). */
  const typing = (words) => {
    says.textContent = words;
    video.hidden = true;
    panel.hidden = false;
    if (panel.hasAttribute("data-digits")) field.inputMode = "numeric";
    field.focus();
  };
  const open = async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 } },
      });
    } catch (problem) {
      typing(problem.name === "NotAllowedError" || problem.name === "SecurityError" ? panel.dataset.refused : panel.dataset.none);
      return;
    }
    video.hidden = false;
    panel.hidden = false;
    says.textContent = panel.dataset.hold;
    opener.setAttribute("aria-expanded", "true");
    video.srcObject = stream;
    await video.play();
    /* Picture and answer are seen together, on a phone too. */
    panel.scrollIntoView({ block: "end" });
    const read = (await ownReader()) || serverReader;
    while (stream) {
      try {
        if (video.videoWidth) await read();
        else await rest(100);
      } catch {
        await rest(1000); /* a cut line; the next frame may pass */
      }
    }
  };

  opener.hidden = false;
  opener.addEventListener("click", () => (stream ? close() : open()));
  panel.querySelector("[data-camera-close]").addEventListener("click", () => {
    close();
    field.focus();
  });
  window.addEventListener("pagehide", close);
})();
