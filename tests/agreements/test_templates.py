"""Templates, and the numbers that each kind draws (A8)."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from agreements.models import Agreement, AgreementTemplate
from agreements.services.signing import submit_agreement
from agreements.services.templates import draft_from_template, save_template, template_from_agreement
from agreements.services.writing import set_provision
from kerjasama.domain.errors import DomainError
from libraries.models import Institution, NumberPattern, User
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(library: Institution, school_library: Institution, officer: User) -> Agreement:
    row: Agreement = AgreementFactory(
        office=library, partner=school_library, recitals="Bahwa membaca itu baik."
    )
    set_provision(agreement=row, actor=officer, form="exchange", ratio_given=1, ratio_received=1)
    return row


def refused(code: str, act: Any) -> None:
    with pytest.raises(DomainError) as refusal:
        act()
    assert refusal.value.code == code


def test_a_template_holds_words_and_terms_but_no_days_and_no_parties(
    source: Agreement, officer: User, other_school_library: Institution
) -> None:
    template = template_from_agreement(agreement=source, actor=officer, name="PKS sekolah")
    assert template.months == 12 and "starts_on" not in template.words
    assert template.lending is not None and "first_delivery_on" not in template.lending
    draft = draft_from_template(
        template=template,
        actor=officer,
        office=source.office,
        partner=other_school_library,
        title="Baru",
        starts_on=date(2027, 1, 1),
    )
    assert draft.recitals == source.recitals and draft.ends_on == date(2027, 12, 31)
    assert draft.lending_term.first_delivery_on == date(2027, 1, 1)
    assert draft.provisions.get().ratio_given == 1
    open_days = draft_from_template(
        template=template, actor=officer, office=source.office, partner=other_school_library, title="Terbuka"
    )
    assert open_days.starts_on is None and open_days.ends_on is None


def test_templates_are_kept_by_those_who_keep_agreements(
    source: Agreement, officer: User, circulation: User, library: Institution
) -> None:
    keep = lambda actor, **fields: save_template(  # noqa: E731
        actor=actor, office=library, kind="pks", name=fields.pop("name", "Nama"), **fields
    )
    refused("role_missing", lambda: keep(circulation))
    refused("unknown_field", lambda: keep(officer, words={"number": "1"}))
    refused("unknown_field", lambda: keep(officer, lending={"first_delivery_on": "2027-01-01"}))
    refused("unknown_form", lambda: keep(officer, provisions={"collection_loan": {}}))
    refused("unknown_field", lambda: keep(officer, provisions={"exchange": {"loan_days": 3}}))
    template = keep(officer)
    with pytest.raises(ValidationError):
        keep(officer)
    refused(
        "stale", lambda: save_template(actor=officer, office=library, template=template, version=7, name="B")
    )
    changed = save_template(
        actor=officer, office=library, template=template, version=template.version, is_active=False
    )
    refused(
        "not_offered",
        lambda: draft_from_template(
            template=changed, actor=officer, office=library, partner=source.partner, title="x"
        ),
    )


def test_what_belongs_to_every_office_is_changed_by_none(officer: User, library: Institution) -> None:
    common = AgreementTemplate.objects.create(kind="mou", name="Baku")
    assert common in AgreementTemplate.objects.visible_to(officer)
    refused(
        "role_missing",
        lambda: save_template(actor=officer, office=library, template=common, version=1, name="Milik kami"),
    )


def test_a_kind_with_a_pattern_of_its_own_is_counted_apart(
    library: Institution, school_library: Institution, officer: User
) -> None:
    def number_of(kind: str) -> str:
        draft = AgreementFactory(
            office=library, partner=school_library, kind=kind, relation="Setara.", lending=False
        )
        return submit_agreement(agreement=draft, actor=officer).number

    assert number_of("pks").startswith("001/") and number_of("mou").startswith("002/")
    NumberPattern.objects.create(institution=library, kind="mou", pattern="MOU-{number}-{year}")
    assert number_of("mou").startswith("MOU-1-")
    assert number_of("pks").startswith("003/") and number_of("mou").startswith("MOU-2-")
