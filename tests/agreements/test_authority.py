"""May we sign this? The case of 2021: a unit that lost its authority works under what stands above it (A4)."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from agreements.choices import AgreementKind
from agreements.models import Agreement
from agreements.services.authority import may_sign, record_authority, revise_authority
from agreements.services.signing import record_signature, submit_agreement
from kerjasama.domain import clock
from kerjasama.domain.errors import NotPermitted
from libraries.choices import InstitutionKind
from libraries.models import Institution
from tests.factories import AgreementFactory, InstitutionFactory

pytestmark = pytest.mark.django_db

BASIS = "Perubahan nomenklatur UPT"


@pytest.fixture
def perpusnas_library(library: Institution, officer: Any) -> Institution:
    """The national library above the unit; the unit signed PKS until the end of 2021."""
    above = InstitutionFactory(office=True, name="Perpustakaan Nasional", kind=InstitutionKind.NATIONAL)
    library.parent = above
    library.save()
    record_authority(
        actor=officer,
        institution=library,
        kind="pks",
        starts_on=date(2015, 1, 1),
        ends_on=date(2021, 12, 31),
        basis=BASIS,
    )
    for kind in ("mou", "pks"):
        record_authority(
            actor=officer, institution=above, kind=kind, starts_on=date(2010, 1, 1), basis="Peraturan"
        )
    return above


@pytest.fixture
def umbrella(perpusnas_library: Institution, school_library: Institution) -> Agreement:
    return AgreementFactory(
        office=perpusnas_library,
        partner=school_library,
        kind=AgreementKind.MOU,
        title="Pengembangan perpustakaan",
        in_force=True,
        starts_on=date(2022, 1, 1),
        ends_on=date(2099, 12, 31),
    )


def test_in_2020_it_signs_and_in_2022_it_is_told_who_may(
    library: Institution, perpusnas_library: Institution, umbrella: Agreement
) -> None:
    then = may_sign(institution=library, kind="pks", on=date(2020, 6, 1))
    assert (then.allowed, then.basis) == (True, BASIS)
    with translation.override("en"):
        now = may_sign(institution=library, kind="pks", on=date(2022, 6, 1))
    assert not now.allowed
    assert (now.who_may, now.derive_from) == ((perpusnas_library,), (umbrella,))
    for part in (str(library), BASIS, "31 December 2021", str(perpusnas_library), str(umbrella)):
        assert part in now.sentence


def test_the_first_and_the_last_day_count(library: Institution, perpusnas_library: Institution) -> None:
    days = {
        date(2014, 12, 31): False,
        date(2015, 1, 1): True,
        date(2021, 12, 31): True,
        date(2022, 1, 1): False,
    }
    assert {day: may_sign(institution=library, kind="pks", on=day).allowed for day in days} == days


def test_it_never_could_sign_a_mou(library: Institution, perpusnas_library: Institution) -> None:
    assert not may_sign(institution=library, kind="mou", on=date(2020, 6, 1)).allowed


@pytest.mark.parametrize("kind", ["implicit", "work_plan", "addendum"])
def test_other_kinds_need_no_authority(
    kind: str, library: Institution, perpusnas_library: Institution
) -> None:
    assert may_sign(institution=library, kind=kind, on=date(2022, 6, 1)).allowed


def test_nothing_is_refused_where_nothing_is_recorded(school_library: Institution) -> None:
    answer = may_sign(institution=school_library, kind="pks", on=date(2022, 6, 1))
    assert (answer.allowed, answer.known) == (True, False)


def test_it_is_not_sent_for_signature(
    library: Institution, school_library: Institution, umbrella: Agreement, officer: Any
) -> None:
    draft = AgreementFactory(office=library, partner=school_library)
    with pytest.raises(NotPermitted) as refused:
        submit_agreement(agreement=draft, actor=officer)
    assert refused.value.code == "no_authority"
    assert refused.value.facts["derive_from"] == [str(umbrella.pk)]
    draft.refresh_from_db()
    assert (draft.status, draft.number) == ("draft", "")


def test_nor_is_a_signature_of_a_day_without_authority_recorded(
    library: Institution, school_library: Institution, officer: Any
) -> None:
    draft = AgreementFactory(office=library, partner=school_library)
    submit_agreement(agreement=draft, actor=officer)
    record_authority(
        actor=officer,
        institution=library,
        kind="pks",
        starts_on=date(2015, 1, 1),
        ends_on=date(2021, 12, 31),
        basis=BASIS,
    )
    mine = draft.parties.get(institution=library)
    with pytest.raises(NotPermitted):
        record_signature(agreement=draft, actor=officer, party=mine, signed_on=clock.today())
    record_signature(agreement=draft, actor=officer, party=mine, signed_on=date(2021, 6, 1))


def test_one_row_for_each_day(library: Institution, perpusnas_library: Institution, officer: Any) -> None:
    with pytest.raises(ValidationError):
        record_authority(
            actor=officer, institution=library, kind="pks", starts_on=date(2021, 12, 31), basis="Lagi"
        )
    row = record_authority(
        actor=officer, institution=library, kind="pks", starts_on=date(2030, 1, 1), basis="Peraturan baru"
    )
    assert revise_authority(authority=row, actor=officer, ends_on=date(2031, 1, 1)).version == 2


def test_a_librarian_records_nothing(library: Institution, circulation: Any) -> None:
    with pytest.raises(NotPermitted):
        record_authority(
            actor=circulation, institution=library, kind="pks", starts_on=date(2015, 1, 1), basis=BASIS
        )
