"""“Not on the shelf” at the desk: one press, three to choose from, back to where the picker was (L3)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from libraries.catalogue.models import Title
from loans.models import Consignment, LoanLine, MissingCopy
from loans.services.missing import report_missing, substitutes_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(picking: Consignment) -> LoanLine:
    Title.objects.update(reading_level="early", ddc="598.2")
    return LoanLine.objects.filter(consignment=picking).in_shelf_order().first()


def test_from_the_packing_desk_and_back(desk: Client, line: LoanLine) -> None:
    packing = reverse("work:scan", args=[line.consignment_id])
    url = reverse("work:line_missing", args=[line.pk]) + "?ke=pindai"
    assert url in desk.get(packing).content.decode()
    shown = desk.post(url, {"note": "rak dipindah"}, follow=True)
    missing = MissingCopy.objects.get()
    assert shown.redirect_chain[-1][0] == reverse("work:missing_copy", args=[missing.pk]) + "?ke=pindai"
    offered = substitutes_for(missing)
    body = shown.content.decode()
    assert all(row.copy.barcode in body and str(row.copy.title) in body for row in offered)
    assert body.count("checked") == 1
    done = desk.post(shown.request["PATH_INFO"] + "?ke=pindai", {"barcode": offered[2].copy.barcode})
    assert (done.status_code, done["Location"]) == (302, packing)
    missing.refresh_from_db()
    assert missing.substitute.copy == offered[2].copy


def test_the_delivery_says_what_is_short_and_leads_to_it(
    desk: Client, line: LoanLine, circulation: Any
) -> None:
    missing = report_missing(line=line, actor=circulation)
    page = desk.get(reverse("work:consignment", args=[line.consignment_id])).content.decode()
    assert reverse("work:missing_copy", args=[missing.pk]) in page
    assert line.copy.title.title in page


def test_a_copy_that_was_taken_meanwhile_is_said_and_others_offered(
    desk: Client, line: LoanLine, circulation: Any
) -> None:
    missing = report_missing(line=line, actor=circulation)
    taken = substitutes_for(missing)[0].copy
    type(taken).objects.filter(pk=taken.pk).update(place="withdrawn")
    answer = desk.post(reverse("work:missing_copy", args=[missing.pk]), {"barcode": taken.barcode})
    assert answer.status_code == 409
    assert taken.barcode in answer.content.decode()
    assert substitutes_for(missing)[0].copy.barcode in answer.content.decode()


def test_the_list_and_the_copy_say_it_until_it_turns_up(
    desk: Client, line: LoanLine, circulation: Any
) -> None:
    missing = report_missing(line=line, actor=circulation)
    listed, copy = reverse("work:missing_copies"), reverse("work:copy", args=[line.copy_id])
    own = reverse("work:missing_copy", args=[missing.pk])
    assert own in desk.get(listed).content.decode() and own in desk.get(copy).content.decode()
    assert line.copy.barcode in desk.get(listed + "?bentuk=csv").content.decode("utf-8-sig")
    desk.post(reverse("work:missing_found", args=[missing.pk]))
    assert own not in desk.get(listed).content.decode() and own not in desk.get(copy).content.decode()
    assert own in desk.get(listed + "?bagian=ditemukan").content.decode()
