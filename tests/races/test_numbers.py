"""No document number twice, and none skipped, however many draw at once (A8, R1)."""

import re
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from agreements.services.signing import submit_agreement
from kerjasama.domain import clock
from libraries.choices import PaperKind
from libraries.models import Document, Institution, NumberPattern
from libraries.services.numbering import draw_number
from loans.services.dispatching import dispatch_consignment
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from tests.conftest import scan_all
from tests.factories import AgreementFactory, shelve
from tests.races.conftest import again, at_once, refusals

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

DESKS = 20


def counted(kind: str) -> list[int]:
    numbers = Document.objects.filter(kind=kind).values_list("number", flat=True)
    return sorted(int(re.match(r"\d+", number)[0]) for number in numbers)


def test_twenty_deliveries_leave_at_once(library: Institution, circulation: Any) -> None:
    shelve(library, DESKS)
    packed = []
    for _school in range(DESKS):
        agreement = AgreementFactory(office=library, in_force=True, lending={"quantity": 1})
        programme = open_programme(agreement=agreement, actor=circulation)
        consignment = propose_consignment(period=programme.periods.first(), actor=circulation)
        scan_all(consignment, circulation)
        packed.append(consignment)
    results = at_once(
        [partial(dispatch_consignment, consignment=row, actor=again(circulation)) for row in packed]
    )
    assert refusals(results) == []
    assert counted(PaperKind.HANDOVER) == list(range(1, DESKS + 1))


def test_the_first_numbers_of_a_new_kind_are_drawn_at_once(library: Institution) -> None:
    NumberPattern.objects.all().delete()

    def draw() -> str:
        with transaction.atomic():
            return draw_number(office=library, kind=PaperKind.EVALUATION, on=clock.today())

    drawn = at_once([draw] * DESKS)
    assert refusals(drawn) == []
    assert NumberPattern.objects.get().kind == PaperKind.EVALUATION
    assert sorted(int(number[:3]) for number in drawn) == list(range(1, DESKS + 1))


def test_who_fails_after_drawing_leaves_no_gap(library: Institution) -> None:
    def draw(fail: bool) -> str | None:
        try:
            with transaction.atomic():
                number = draw_number(office=library, kind=PaperKind.HANDOVER, on=clock.today())
                if fail:
                    raise LookupError
                return number
        except LookupError:
            return None

    drawn = [
        number
        for round_ in range(3)
        for number in at_once([partial(draw, (desk + round_) % 3 == 0) for desk in range(9)])
        if number
    ]
    assert sorted(int(str(number)[:3]) for number in drawn) == list(range(1, 19))


def test_twenty_agreements_are_sent_for_signature_at_once(library: Institution, officer: Any) -> None:
    drafts = [AgreementFactory(office=library) for _school in range(DESKS)]
    results = at_once([partial(submit_agreement, agreement=row, actor=again(officer)) for row in drafts])
    assert refusals(results) == []
    assert counted(PaperKind.AGREEMENT) == list(range(1, DESKS + 1))


def test_one_agreement_is_sent_twice_at_once(library: Institution, officer: Any, head: Any) -> None:
    draft = AgreementFactory(office=library)
    results = at_once(
        [partial(submit_agreement, agreement=draft, actor=again(user)) for user in (officer, head)]
    )
    assert refusals(results) == ["wrong_state"]
    assert counted(PaperKind.AGREEMENT) == [1]


def test_a_programme_is_opened_by_desk_and_clock_at_once(agreement: Any, circulation: Any) -> None:
    results = at_once(
        [partial(open_programme, agreement=agreement, actor=actor) for actor in (again(circulation), None)]
    )
    assert refusals(results) == ["programme_exists"]
