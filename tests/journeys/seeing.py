"""What the camera of a page sees: a label of Code 128, drawn here instead of filmed."""

import base64
import io

import zxingcpp
from PIL import Image
from playwright.sync_api import Page

FAKE_CAMERA = """navigator.mediaDevices.getUserMedia = async () => {
    const image = new Image();
    image.src = window.fakeLabel;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    const paint = () => canvas.getContext("2d").drawImage(image, 0, 0);
    paint();
    setInterval(paint, 100);
    return canvas.captureStream(10);
};"""


def shows_a_label(page: Page, code: str) -> None:
    """The page's camera sees one label of Code 128, a hand away."""
    stripes = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.Code128).to_image(scale=3)
    paper = Image.new("L", (960, 640), 235)
    paper.paste(Image.fromarray(stripes).convert("L").resize((560, 140)), (200, 250))
    out = io.BytesIO()
    paper.save(out, "PNG")
    picture = f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"
    page.add_init_script(f"window.fakeLabel = {picture!r};" + FAKE_CAMERA)
