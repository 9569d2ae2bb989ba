"""Contacts: who may keep them, what they agreed to, what is kept about them, and how they are erased for good."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from agreements.conversation import messages_of
from agreements.models import Agreement, RequestMessage
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.models import Institution, Notice, Person, User
from libraries.services.contacts import record_consent, register_person, revise_person, withdraw_consent
from libraries.services.directory import correct_own_entry, register_institution, revise_institution
from libraries.services.erasing import erase_contact, everything_kept, keep_contacts_no_longer
from libraries.services.sheets import adopt_sheet, run_waiting_sheets
from tests.factories import AgreementFactory, ContactFactory, InstitutionFactory, RequestFactory
from tests.libraries.lists import HEADS, as_csv, school_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(school_library: Institution) -> Person:
    return ContactFactory(institution=school_library, name="Ratnawati Piliang", phone="0812 9999 0000")


# --- entries --------------------------------------------------------------------------------------------------------


def test_numbers_are_kept_in_one_form_and_once(officer: User) -> None:
    first = register_institution(
        actor=officer,
        name="Perpustakaan Satu",
        kind="city",
        npp=" uji 01 ",
        isil="id-bkt01",
        services=["reading", "reading"],
    )
    assert (first.npp, first.isil, first.services) == ("UJI01", "ID-bkt01", ["reading"])
    for wrong, sentence in (
        ({"isil": "ID-BKT01"}, "ISIL"),
        ({"npp": "UJI01"}, "NPP"),
        ({"isil": "BKT01"}, "ISIL"),
        ({"npsn": "1"}, "NPSN"),
        ({"website": "javascript:alert(1)"}, "URL"),
        ({"latitude": 5, "longitude": None}, "latitude"),
        ({"services": ["dancing"]}, "dancing"),
    ):
        with pytest.raises(ValidationError) as refused:
            register_institution(actor=officer, name="Perpustakaan Dua", kind="city", **wrong)
        assert sentence.casefold() in str(refused.value).casefold() or "lintang" in str(refused.value)
    same = revise_institution(institution=first, actor=officer, name="Perpustakaan Satu")
    assert same.version == 1, "what changes nothing makes no version"


def test_a_school_corrects_its_own_entry_and_nothing_else(
    school: User, other_school: User, school_library: Institution
) -> None:
    fresh = correct_own_entry(institution=school_library, actor=school, phone="0752 1", services=["lending"])
    assert (fresh.phone, fresh.services) == ("0752 1", ["lending"])
    with pytest.raises(InvalidInput):
        correct_own_entry(institution=school_library, actor=school, name="Sekolah Lain")
    with pytest.raises(NotPermitted):
        correct_own_entry(institution=school_library, actor=other_school, phone="1")


# --- contacts -------------------------------------------------------------------------------------------------------


def test_who_may_keep_contacts(everybody: dict[str, User | None], school_library: Institution) -> None:
    may = {"officer", "coordinator", "administrator", "school"}
    for name, user in everybody.items():
        if user is None:
            continue
        if name in may:
            assert register_person(
                actor=user, institution=school_library, name=f"Kontak {name}", function="teacher"
            )
        else:
            with pytest.raises(NotPermitted):
                register_person(actor=user, institution=school_library, name="Kontak")


def test_a_school_names_no_signatory(school: User, school_library: Institution) -> None:
    for field in ({"signs": True}, {"nip": "1" * 18}, {"keep_until": date(2030, 1, 1)}):
        with pytest.raises(InvalidInput):
            register_person(actor=school, institution=school_library, name="Kontak", **field)
    with pytest.raises(InvalidInput):
        register_person(actor=school, institution=school_library, name="  ")


def test_nobody_is_shown_without_having_agreed(officer: User, teacher: Person) -> None:
    today = clock.today()
    for wrong, code in (
        ({"show_publicly": True}, "consent_missing"),
        ({"consent_on": today}, "consent_how_missing"),
        ({"consent_on": today + timedelta(days=1), "consent_how": "form"}, "consent_in_future"),
    ):
        with pytest.raises(InvalidInput) as refused:
            revise_person(person=teacher, actor=officer, **wrong)
        assert refused.value.code == code
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=teacher.pk).update(show_publicly=True)
    shown = record_consent(person=teacher, actor=officer, how="spoken")
    assert (shown.consent_noted_by, shown.consent_on, list(Person.objects.public())) == (
        officer,
        today,
        [teacher],
    )
    back = withdraw_consent(person=teacher, actor=officer)
    assert (back.show_publicly, back.consent_withdrawn_on, list(Person.objects.public())) == (
        False,
        today,
        [],
    )
    with pytest.raises(Conflict):
        withdraw_consent(person=teacher, actor=officer)


# --- export and erase -----------------------------------------------------------------------------------------------


def test_everything_kept_is_given_out(
    school: User, other_school: User, teacher: Person, officer: User, agreement: Agreement
) -> None:
    teacher.user = school
    teacher.save()
    revise_person(person=teacher, actor=officer, phone="0812 1111 0000")
    agreement.parties.filter(institution=teacher.institution).update(signatory_name=teacher.name)
    data = everything_kept(person=teacher, actor=school).data()
    assert teacher.name in data["contact"].values() and "0812 1111 0000" in data["contact"].values()
    assert any("0812 9999 0000" in state["said"] for state in data["history"])
    said = " ".join(entry["what"] for entry in data["elsewhere"])
    assert school.email in said and agreement.number in said
    with pytest.raises(NotPermitted):
        everything_kept(person=teacher, actor=other_school)


def rows_that_say(text: str) -> list[str]:
    """Every table of the directory in whose rows a text still stands."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name LIKE 'libraries%%'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE %s', [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return sorted(found)


def test_what_is_erased_is_nowhere_any_more(officer: User, teacher: Person) -> None:
    record_consent(person=teacher, actor=officer, how="form")
    revise_person(person=teacher, actor=officer, email="ratnawati@contoh.test", position="Guru kelas 4")
    assert rows_that_say("Ratnawati") == ["libraries_person", "libraries_personaudit"]
    erased = erase_contact(person=teacher, actor=officer)
    assert erased.erased_by == officer and erased.erased_at and erased.user is None
    for text in ("Ratnawati", "ratnawati@", "0812 9999 0000", "Guru kelas 4"):
        assert rows_that_say(text) == [], text
    assert erased.audit_trail.count() >= 4, "that there were changes is still known"  # type: ignore[attr-defined]
    assert erased not in Person.objects.visible_to(officer)
    for verb in (erase_contact, lambda **given: revise_person(name="Lagi", **given)):
        with pytest.raises(Conflict) as refused:
            verb(person=teacher, actor=officer)
        assert refused.value.code == "contact_erased"


def test_it_goes_out_of_requests_too_and_what_was_said_stays(
    officer: User, teacher: Person, other_school_library: Institution
) -> None:
    teacher = revise_person(person=teacher, actor=officer, email="ratnawati@contoh.test")
    by_mail = RequestFactory(stranger=True, contact_email="Ratnawati@contoh.test", contact_name="Bu Ratna")
    by_phone = RequestFactory(
        stranger=True,
        institution=teacher.institution,
        contact_name="Ratna",
        contact_email="lama@contoh.test",
        contact_phone="+62 812-9999-0000",
    )
    elsewhere = RequestFactory(
        stranger=True, institution=other_school_library, contact_phone=teacher.phone, contact_email=""
    )
    RequestMessage.objects.create(
        request=by_mail, side="partner", at=clock.now(), text="Kami punya 120 murid."
    )
    named = [said for _where, said in everything_kept(person=teacher, actor=officer).elsewhere]
    assert any("Bu Ratna" in said for said in named)
    erase_contact(person=teacher, actor=officer)
    for row in (by_mail, by_phone):
        row.refresh_from_db()
        kept = (row.contact_name, row.contact_position, row.contact_email, row.contact_phone, row.link_digest)
        assert kept == ("", "", "", "", "")
        assert (row.contact_erased_at is not None, row.events.get().actor) == (True, officer)
    assert messages_of(by_mail, "office")[0].text == "Kami punya 120 murid."
    assert messages_of(by_mail, "office")[0].who == "Pondok Baca Canduang"
    for text in ("Bu Ratna", "9999", "ratnawati@"):
        assert rows_that_say(text) == [], text
    elsewhere.refresh_from_db()
    assert elsewhere.contact_name == "Yulia Rahman", "the same number at another school is somebody else"


def test_the_history_stays_closed_for_everything_else(officer: User, teacher: Person) -> None:
    other = ContactFactory(institution=teacher.institution, name="Orang Lain")
    erase_contact(person=teacher, actor=officer)
    from django.db.utils import InternalError

    with pytest.raises(InternalError), transaction.atomic():
        other.audit_trail.update(name="")  # type: ignore[attr-defined]


def test_a_name_in_a_spreadsheet_goes_too(checked: Any, officer: User) -> None:
    sheet = checked(as_csv([HEADS, school_row(1)]))
    adopt_sheet(sheet=sheet, actor=officer)
    run_waiting_sheets()
    erase_contact(person=Person.objects.get(name="Kepala Uji 1"), actor=officer)
    assert rows_that_say("Kepala Uji 1") == []


def test_who_signs_an_agreement_in_force_is_kept(
    officer: User, school_library: Institution, agreement: Agreement
) -> None:
    signatory = Person.objects.get(institution=school_library, signs=True)
    agreement.parties.filter(institution=school_library).update(signatory_name=signatory.name.upper())
    with pytest.raises(Conflict) as refused:
        erase_contact(person=signatory, actor=officer)
    assert refused.value.code == "contact_needed" and agreement.number in str(refused.value)
    Agreement.objects.filter(pk=agreement.pk).update(
        starts_on=clock.today() - timedelta(days=400), ends_on=clock.today() - timedelta(days=1)
    )
    assert erase_contact(person=signatory, actor=officer).erased_at


def test_who_may_erase(
    everybody: dict[str, User | None], school_library: Institution, school: User, officer: User
) -> None:
    may = {"officer", "coordinator", "administrator", "school"}
    for name, user in everybody.items():
        if user is None:
            continue
        contact = ContactFactory(institution=school_library)
        if name in may:
            assert erase_contact(person=contact, actor=user).erased_at
        else:
            with pytest.raises(NotPermitted):
                erase_contact(person=contact, actor=user)
    # Who signs is named on papers: that is the offices' to decide.
    with pytest.raises(NotPermitted):
        erase_contact(person=Person.objects.get(institution=school_library, signs=True), actor=school)


# --- retention ------------------------------------------------------------------------------------------------------


def aged(person: Person, **fields: Any) -> Person:
    Person.objects.filter(pk=person.pk).update(**fields)
    person.refresh_from_db()
    return person


def test_contacts_go_some_years_after_the_last_agreement(
    settings: Any, library: Institution, school_library: Institution, teacher: Person
) -> None:
    settings.CONTACT_RETENTION_YEARS = 2
    today = clock.today()
    ended = AgreementFactory(office=library, partner=school_library, in_force=True)
    Agreement.objects.filter(pk=ended.pk).update(
        status="expired", starts_on=today - timedelta(days=900), ends_on=today - timedelta(days=300)
    )
    Person.objects.update(created_at=clock.now() - timedelta(days=2000))
    keep_contacts_no_longer()
    aged(teacher)
    assert teacher.keep_until == clock.add_months(today - timedelta(days=300), 24)
    assert not Notice.objects.filter(rule="contact_expires").exists()

    aged(teacher, keep_until=today + timedelta(days=20))
    # The day has moved: the agreement's end decides while it gives a later one.
    keep_contacts_no_longer()
    assert aged(teacher).keep_until == clock.add_months(today - timedelta(days=300), 24)

    settings.CONTACT_RETENTION_YEARS = 0
    aged(teacher, keep_until=today + timedelta(days=20))
    keep_contacts_no_longer()
    asked = Notice.objects.filter(rule="contact_expires", subject_id=teacher.pk)
    assert {notice.recipient for notice in asked} == {library, school_library}
    assert all(teacher.name not in str(notice.context) for notice in asked)
    assert aged(teacher).erased_at is None
    keep_contacts_no_longer()
    assert asked.count() == 2, "asked once"

    aged(teacher, keep_until=today)
    keep_contacts_no_longer()
    assert aged(teacher).erased_at and teacher.erased_by is None
    assert not asked.filter(settled_at__isnull=True).exists()


def test_nobody_is_forgotten_while_an_agreement_holds(agreement: Agreement, teacher: Person) -> None:
    aged(teacher, keep_until=clock.today() - timedelta(days=1))
    keep_contacts_no_longer()
    assert aged(teacher).erased_at is None and teacher.keep_until is None


def test_an_office_keeps_its_own_people(library: Institution) -> None:
    Person.objects.update(created_at=clock.now() - timedelta(days=4000))
    keep_contacts_no_longer()
    assert not Person.objects.filter(erased_at__isnull=False).exists()
    assert Person.objects.get(institution=library).keep_until is None


def test_a_contact_of_nobody_we_worked_with_goes_by_its_own_age(settings: Any) -> None:
    contact = ContactFactory(institution=InstitutionFactory(school=True))
    aged(contact, created_at=clock.now() - timedelta(days=4000))
    keep_contacts_no_longer()
    keep_contacts_no_longer()
    assert aged(contact).erased_at
