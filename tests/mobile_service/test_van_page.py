"""The page of the trip as it leaves the house: light, the same for everybody, whole in both languages (M5, U38, S21)."""

import gzip
import io
import json
import re
from pathlib import Path

import pytest
import zxingcpp
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from PIL import Image

from libraries.models import Institution, User
from mobile_service.portal import van, van_api
from mobile_service.portal.van_words import sentences
from tests.mobile_service.road import Road

SCRIPTS = sorted((settings.BASE_DIR / "static" / "js" / "van").glob("*.js"))
MOST_BYTES = 150 * 1024


def source(name: str) -> bytes:
    found = finders.find(name)
    assert found, name
    return Path(found).read_bytes()


def test_the_phone_keeps_less_than_150_kb() -> None:
    whole = [van.page().encode(), van.joined("css"), van.joined("js"), *map(source, van.PICTURES)]
    assert sum(len(gzip.compress(each, 6)) for each in whole) < MOST_BYTES


def test_every_script_is_on_the_page_and_kept() -> None:
    named = {f"js/van/{path.name}" for path in SCRIPTS}
    assert named == {*van.SCRIPTS, van.WORKER}
    for kind, names in (("js", van.SCRIPTS), ("css", van.STYLES)):
        whole = van.joined(kind)
        assert all(source(name) in whole for name in names)
        assert van.page().count(van.address(kind)) == 1
        assert van.address(kind) in van.kept()
    assert b"url(" not in van.joined("css") and b"@import" not in van.joined("css"), (
        "an address would lead elsewhere now"
    )


def test_scripts_and_styles_come_in_one_piece_that_may_be_kept_for_ever(
    client: Client, circulation: User
) -> None:
    client.force_login(circulation)
    for kind, content_type in (("js", "text/javascript"), ("css", "text/css")):
        answer = client.get(van.address(kind), headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(answer.content) == van.joined(kind)
        assert answer["Content-Type"].startswith(content_type)
        assert "immutable" in answer["Cache-Control"] and "Cookie" not in answer["Vary"]
        # A page of just before an update asks for what there is no more.
        other = client.get(reverse(f"portal:van_{kind}", args=["0123456789ab"]))
        assert (other.content, other["Cache-Control"]) == (van.joined(kind), "no-store")


@pytest.mark.parametrize("language", ["id", "en"])
def test_whatever_the_scripts_say_has_its_words(language: str) -> None:
    said = set(re.findall(r"\bt\(\"(\w+)\"", "".join(path.read_text() for path in SCRIPTS)))
    with translation.override(language):
        words = sentences()
    assert said - {"waiting"} <= set(words)  # "waiting" is the example in a comment
    for key, text in words.items():
        assert all(text if isinstance(text, list) else [text]), key


def test_both_languages_fill_in_the_same_gaps() -> None:
    told = {}
    for language in ("id", "en"):
        with translation.override(language):
            told[language] = sentences()
    for key, text in told["en"].items():
        gaps = [set(re.findall(r"{\w+}", str(words))) for words in (text, told["id"][key])]
        assert gaps[0] == gaps[1], key


def test_the_page_knows_nobody(client: Client, circulation: User) -> None:
    """A phone stores it: who was signed in when it was fetched must not be in it, nor a cookie come with it."""
    client.force_login(circulation)
    answer = client.get(reverse("portal:van"))
    assert answer.content == Client().get(reverse("portal:van")).content
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-cache"
    assert "camera=(self)" in answer["Permissions-Policy"]
    assert not re.search(rb"<script(?![^>]*(?:src=|application/json))|style=|\son\w+=", answer.content)


def test_the_keeper_is_new_when_anything_of_the_page_is(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = client.get(reverse("portal:van_worker"))
    assert before["Service-Worker-Allowed"] == "/portal/van/"
    assert "no-store" in before["Cache-Control"]
    assert client.get(reverse("portal:van_worker")).content == before.content
    read = van._source
    monkeypatch.setattr(
        van, "_source", lambda name: read(name) + b"\n" if name == van.STYLES[-1] else read(name)
    )
    assert client.get(reverse("portal:van_worker")).content != before.content


def test_a_phone_may_put_it_on_its_first_screen(client: Client) -> None:
    answer = client.get(reverse("portal:van_manifest"))
    assert answer["Content-Type"] == "application/manifest+json"
    told = json.loads(answer.content)
    assert told["start_url"] == told["scope"] == "/portal/van/"
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in told["icons"]}
    for icon in told["icons"]:
        assert source(icon["src"].removeprefix("/static/"))


def test_a_frame_is_read_for_a_phone_alone(
    client: Client, library: Institution, school_library: Institution, circulation: User
) -> None:
    phone = Road(library, school_library, circulation).phone
    address = reverse("portal:van_frame")
    assert client.post(address).status_code == 401
    client.cookies[van_api.COOKIE] = phone.key
    assert client.post(address).status_code == 422
    stripes = zxingcpp.create_barcode("BH000123", zxingcpp.BarcodeFormat.Code128).to_image(scale=3)
    paper = Image.new("L", (640, 480), 235)
    paper.paste(Image.fromarray(stripes).convert("L").resize((500, 120)), (70, 180))
    out = io.BytesIO()
    paper.save(out, "JPEG")
    answer = client.post(address, {"frame": SimpleUploadedFile("f.jpg", out.getvalue(), "image/jpeg")})
    assert answer.json()["codes"] == ["BH000123"]
