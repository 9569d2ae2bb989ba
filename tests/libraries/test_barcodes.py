"""Frames of a camera, read for browsers that cannot read codes themselves (U19)."""

import io
from typing import Any

import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from kerjasama.domain.errors import InvalidInput
from libraries.services.barcodes import MOST_BYTES, codes_in


def label(text: str, kind: str = "JPEG", turned: int = 0) -> bytes:
    """A Code 128 on white paper, as a phone sees it: small, a little noise of JPEG, perhaps turned."""
    stripes = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128).to_image(scale=3)
    code = Image.fromarray(stripes).convert("L").resize((480, 120))
    paper = Image.new("L", (720, 480), 255)
    paper.paste(code, (120, 180))
    out = io.BytesIO()
    paper.rotate(turned, fillcolor=255).convert("RGB").save(out, kind, quality=75)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("turned", [0, 7, 180])
def test_a_label_is_read(kind: str, turned: int) -> None:
    assert codes_in(label("BH-000123", kind, turned)) == ["BH-000123"]


def test_a_picture_without_a_code_gives_none() -> None:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "grey").save(out, "PNG")
    assert codes_in(out.getvalue()) == []


@pytest.mark.parametrize(
    "rubbish", [b"", b"GIF89a", b"\xff\xd8\xff", b"<svg/>", b"\x89PNG\r\n\x1a\n" + b"0" * 50]
)
def test_what_is_no_picture_is_refused(rubbish: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        codes_in(rubbish)
    assert refused.value.code == "frame_unreadable"


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    assert len(out.getvalue()) < MOST_BYTES
    with pytest.raises(InvalidInput) as refused:
        codes_in(out.getvalue())
    assert refused.value.code in ("frame_too_large", "frame_unreadable")


@pytest.mark.django_db
class TestTheDoor:
    def send(self, browser: Client, content: bytes) -> Any:
        frame = SimpleUploadedFile("frame.jpg", content, content_type="image/jpeg")
        return browser.post(reverse("camera_frame"), {"frame": frame})

    def test_signed_in_it_reads(self, signed_in: Any, school: Any) -> None:
        answer = self.send(signed_in(school), label("BH-000123"))
        assert answer.json() == {"codes": ["BH-000123"]}

    def test_to_nobody_else(self, signed_in: Any) -> None:
        assert self.send(signed_in(None), label("BH-000123")).status_code == 302

    def test_too_large_nothing_and_rubbish(self, signed_in: Any, school: Any) -> None:
        browser = signed_in(school)
        assert self.send(browser, b"x" * (MOST_BYTES + 1)).status_code == 413
        assert browser.post(reverse("camera_frame")).status_code == 422
        assert self.send(browser, b"x").status_code == 422
        assert browser.get(reverse("camera_frame")).status_code == 405

    def test_not_without_end(self, signed_in: Any, school: Any, monkeypatch: Any) -> None:
        monkeypatch.setattr("libraries.pages.FRAMES_PER_PERSON", (2, 60))
        browser = signed_in(school)
        answers = [self.send(browser, b"x").status_code for _time in range(3)]
        assert answers == [422, 422, 429]
