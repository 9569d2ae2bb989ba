"""Places out of what people paste."""

from decimal import Decimal

import pytest

from mobile_service.coordinates import Point, PointRefused, kilometres_between, parse_point

HERE = Point(Decimal("-0.228300"), Decimal("100.631200"))


@pytest.mark.parametrize(
    "text",
    [
        "-0.2283, 100.6312",
        "-0.2283,100.6312",
        "-0.2283 100.6312",
        " (-0.2283, 100.6312) ",
        "-0,2283, 100,6312",
        "-0,2283,100,6312",
        "-0,2283; 100,6312",
        "-0,2283 100,6312",
        "−0.2283, 100.6312",
        "100.6312, -0.2283",
        "Lat: -0.2283 Long: 100.6312",
        "Koordinat: -0.2283, 100.6312",
        "-0.2283°, 100.6312°",
        "0,2283 LS, 100,6312 BT",
        "0.2283° S, 100.6312° E",
        "LS 0,2283 BT 100,6312",
        "S0.2283 E100.6312",
        "0.2283 lintang selatan, 100.6312 bujur timur",
        "0°13'41.88\"S 100°37'52.32\"E",
        "0°13’41,88” LS, 100°37’52,32” BT",
        "0° 13' 41.88'' S, 100° 37' 52.32'' E",
        "100°37'52.32\"E 0°13'41.88\"S",
        "S 0° 13.698' E 100° 37.872'",
        "0 13 41.88 S, 100 37 52.32 E",
        "-0°13'41.88\", 100°37'52.32\"",
        "geo:-0.2283,100.6312?z=17",
        "https://www.google.com/maps?q=-0.2283,100.6312",
        "https://maps.google.com/?q=-0.2283%2C100.6312",
        "https://www.google.com/maps/search/?api=1&query=-0.2283%2C%20100.6312",
        "https://www.google.com/maps/@-0.2283,100.6312,17z",
        "https://www.google.com/maps/place/SDN+01/@-0.3,100.7,17z/data=!3m1!4b1!4m5!3m4!1s0x0:0x0!8m2!3d-0.2283!4d100.6312",
        "https://www.google.com/maps/dir//-0.2283,100.6312/@-0.3,100.7,15z",
        "https://www.google.com/maps/search/-0.2283,+100.6312?entry=tts",
        "https://www.openstreetmap.org/?mlat=-0.2283&mlon=100.6312#map=17/-0.3/100.7",
        "https://www.openstreetmap.org/#map=17/-0.2283/100.6312",
        "https://waze.com/ul?ll=-0.2283,100.6312&navigate=yes",
        "https://maps.apple.com/?ll=-0.2283,100.6312",
    ],
)
def test_the_usual_ways_are_read(text: str) -> None:
    assert parse_point(text) == HERE


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unreadable"),
        ("Balai kelurahan Talang", "unreadable"),
        ("SD 1 Selatan 2 Timur", "unreadable"),
        ("-0.2283", "one_number"),
        ("https://maps.app.goo.gl/aBcDeF123", "short_link"),
        ("https://www.google.com/maps/place/Payakumbuh", "unreadable"),
        ("-95.0, 200.0", "out_of_range"),
        ("0°75'00\"S 100°37'52\"E", "out_of_range"),
        ("-0.2283, 100.6312, 17", "unreadable"),
        ("1.234.567, 100", "unreadable"),
        ("0,2283", "one_number"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(text: str, code: str) -> None:
    with pytest.raises(PointRefused) as refused:
        parse_point(text)
    assert refused.value.code == code
    assert refused.value.sentence


def test_sides_of_the_world_decide_the_signs() -> None:
    assert parse_point("5°33'N 95°19'E") == Point(Decimal("5.550000"), Decimal("95.316667"))
    assert parse_point("5,55 LU 95,32 BT") == Point(Decimal("5.550000"), Decimal("95.320000"))


def test_distance_and_country() -> None:
    monas = Point(Decimal("-6.175400"), Decimal("106.827200"))
    assert 900 < kilometres_between(HERE, monas) < 970
    assert kilometres_between(HERE, HERE) == 0
    assert HERE.in_indonesia
    assert not Point(Decimal("51.06"), Decimal("-3.47")).in_indonesia
