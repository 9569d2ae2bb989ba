"""Internships: adults of a university, their attendance, certificates, and the forgetting of their names (F11)."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from agreements.choices import Ground
from agreements.models import Activity, Cohort, Intern
from agreements.services.activities import add_attendee, finish_activity, remove_attendee, revise_activity
from agreements.services.certifying import (
    accept_interns,
    attendance_shares,
    cohort_list_pdf,
    issue_certificates,
    issue_minutes,
)
from agreements.services.cohorts import (
    KEPT_FOR,
    add_intern,
    erase_interns,
    remove_intern,
    set_cohort,
    take_attendance,
)
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.choices import PaperStatus
from libraries.models import Document, Institution, StoredFile, User
from libraries.services.documents import pdf_of
from tests.documents.reading import flat, text_of
from tests.factories import ActivityFactory, AgreementFactory, InstitutionFactory, PersonFactory

pytestmark = pytest.mark.django_db

NAMES = ("Rahma Yulianti", "Fajar Nugraha")


def refused(act: Any) -> str:
    with pytest.raises(DomainError) as caught, transaction.atomic():
        act()
    assert str(caught.value.message)
    return caught.value.code


@pytest.fixture
def university(db: None) -> Institution:
    return InstitutionFactory(kind="academic", name="UIN Imam Bonjol Padang", address="Padang")


@pytest.fixture
def internship(library: Institution, university: Institution, officer: User) -> Activity:
    """Ten days of which four have passed, two interns of two places."""
    agreement = AgreementFactory(office=library, partner=university, in_force=True, lending=False)
    begins = clock.now() - timedelta(days=4)
    row = ActivityFactory(
        office=library,
        kind="internship",
        agreement=agreement,
        ground=Ground.OWN,
        title="Magang Ilmu Perpustakaan",
        begins_at=begins,
        ends_at=begins + timedelta(days=10),
    )
    set_cohort(
        activity=row,
        actor=officer,
        sender=university,
        places=2,
        letter_number="B-12/Un.13/2026",
        letter_on=date(2026, 9, 1),
    )
    for name in NAMES:
        add_intern(activity=row, actor=officer, name=name, programme="Ilmu Perpustakaan", of_age=True)
    return row


def test_only_adults_and_never_a_school(
    internship: Activity, officer: User, school_library: Institution, library: Institution
) -> None:
    assert (
        refused(lambda: set_cohort(activity=internship, actor=officer, sender=school_library, places=2))
        == "sender_is_school"
    )
    other = {"activity": internship, "actor": officer, "name": "Anak", "programme": "X"}
    assert refused(lambda: add_intern(**other, of_age=False)) == "not_of_age"
    assert refused(lambda: add_intern(**other, of_age=True)) == "places_full"
    assert refused(lambda: add_intern(**{**other, "name": " "}, of_age=True)) == "name_missing"
    with pytest.raises(IntegrityError), transaction.atomic():
        Intern.objects.create(cohort=internship.cohort, name="Anak", programme="X", of_age=False)
    meeting = ActivityFactory(office=library)
    sender = internship.cohort.sender
    assert (
        refused(lambda: set_cohort(activity=meeting, actor=officer, sender=sender, places=2))
        == "not_an_internship"
    )
    assert refused(lambda: add_intern(**{**other, "activity": meeting}, of_age=True)) == "no_cohort"
    assert (
        refused(lambda: set_cohort(activity=internship, actor=officer, sender=sender, places=1))
        == "places_wrong"
    )
    assert (
        refused(lambda: revise_activity(activity=internship, actor=officer, kind="meeting")) == "has_cohort"
    )


def test_whoever_does_not_lead_it_does_nothing(internship: Activity, crew: User, school: User) -> None:
    sender = internship.cohort.sender
    for actor in (crew, school):
        for act in (
            lambda actor=actor: set_cohort(activity=internship, actor=actor, sender=sender, places=9),
            lambda actor=actor: take_attendance(
                activity=internship, actor=actor, on=clock.today(), present=[]
            ),
            lambda actor=actor: accept_interns(activity=internship, actor=actor),
            lambda actor=actor: issue_certificates(activity=internship, actor=actor),
            lambda actor=actor: remove_intern(intern=internship.cohort.interns.first(), actor=actor),
        ):
            assert refused(act) == "role_missing"


def test_attendance_is_taken_day_by_day_and_becomes_a_share(internship: Activity, officer: User) -> None:
    first, second = internship.cohort.interns.all()
    today = clock.today()
    for back, present in ((3, [first.pk]), (2, [first.pk, second.pk]), (1, []), (0, [first.pk])):
        day = today - timedelta(days=back)
        take_attendance(activity=internship, actor=officer, on=day, present=present)
    take_attendance(activity=internship, actor=officer, on=today, present=[first.pk, second.pk])
    assert attendance_shares(internship.cohort) == {first.pk: 75, second.pk: 50}
    for day in (today + timedelta(days=1), internship.begins_on - timedelta(days=1)):
        assert (
            refused(lambda day=day: take_attendance(activity=internship, actor=officer, on=day, present=[]))
            == "day_outside"
        )
    assert (
        refused(
            lambda: take_attendance(activity=internship, actor=officer, on=today, present=[internship.pk])
        )
        == "not_an_intern"
    )


def test_letter_certificates_and_list(
    internship: Activity, officer: User, university: Institution, client: Client
) -> None:
    letter = accept_interns(activity=internship, actor=officer)
    again = accept_interns(activity=internship, actor=officer)
    letter.refresh_from_db()
    assert (letter.status, again.number) == (PaperStatus.WITHDRAWN, letter.number)
    said = text_of(pdf_of(again).file.read())
    assert "B-12/Un.13/2026" in said
    assert flat("2 (dua)") in said
    assert flat(NAMES[0]) in said
    assert refused(lambda: issue_certificates(activity=internship, actor=officer)) == "not_done"
    one = internship.cohort.interns.first()
    take_attendance(activity=internship, actor=officer, on=clock.today(), present=[one.pk])
    finish_activity(activity=internship, actor=officer)
    papers = issue_certificates(activity=internship, actor=officer)
    assert len(papers) == len({paper.number for paper in papers}) == 2
    assert refused(lambda: issue_certificates(activity=internship, actor=officer)) == "nobody_left"
    text = text_of(pdf_of(papers[0]).file.read())
    assert flat(NAMES[0]) in text and "100%" in text and papers[0].verify_code in text
    assert all(name not in paper.title for paper in papers for name in NAMES)
    shown = client.get(f"/verify/{papers[0].verify_code}")
    assert shown.status_code == 200
    assert NAMES[0] not in shown.content.decode()
    listed = text_of(cohort_list_pdf(Cohort.objects.get()))
    assert all(flat(part) in listed for part in (*NAMES, "100%", "0%", papers[0].number))
    assert refused(lambda: remove_intern(intern=Intern.objects.all()[0], actor=officer)) == "has_certificate"


def test_names_are_forgotten_two_years_later_on_the_papers_too(internship: Activity, officer: User) -> None:
    accept_interns(activity=internship, actor=officer)
    finish_activity(activity=internship, actor=officer)
    paper = issue_certificates(activity=internship, actor=officer)[0]
    first = pdf_of(paper)
    assert erase_interns().count == 0
    later = clock.now() + KEPT_FOR + timedelta(days=9)
    with time_machine.travel(later, tick=False):
        assert erase_interns().count == 1
        assert erase_interns().count == 0
    assert set(Intern.objects.values_list("name", flat=True)) == {""}
    assert Cohort.objects.get().erased_on is not None
    assert not StoredFile.objects.filter(pk=first.pk).exists()
    for row in Document.objects.all():
        assert all(name not in str(row.content) for name in NAMES)
    paper.refresh_from_db()
    text = text_of(pdf_of(paper).file.read())
    assert paper.verify_code in text and flat(NAMES[0]) not in text
    assert (
        refused(
            lambda: add_intern(activity=internship, actor=officer, name="Baru", programme="X", of_age=True)
        )
        == "names_erased"
    )
    assert refused(lambda: accept_interns(activity=internship, actor=officer)) == "names_erased"


def test_contacts_who_took_part_in_a_course_get_certificates(
    library: Institution, officer: User, school_library: Institution
) -> None:
    begins = clock.now() - timedelta(hours=5)
    course = ActivityFactory(office=library, kind="binding", begins_at=begins, title="Penjilidan buku")
    person = school_library.people.get()
    attendee = add_attendee(activity=course, actor=officer, person=person)
    finish_activity(activity=course, actor=officer, counts={"teachers": 1})
    paper = issue_certificates(activity=course, actor=officer)[0]
    assert paper.recipient == school_library
    said = text_of(pdf_of(paper).file.read())
    assert flat(person.name) in said and flat("Penjilidan buku") in said
    attendee.refresh_from_db()
    assert refused(lambda: remove_attendee(attendee=attendee, actor=officer)) == "has_certificate"


def test_minutes_name_the_institutions_that_came(
    library: Institution, officer: User, school_library: Institution
) -> None:
    begins = clock.now() - timedelta(hours=5)
    meeting = ActivityFactory(office=library, begins_at=begins, title="Rapat evaluasi")
    assert refused(lambda: issue_minutes(activity=meeting, actor=officer)) == "not_done"
    finish_activity(activity=meeting, actor=officer, attendance={school_library.pk: 2})
    assert refused(lambda: issue_minutes(activity=meeting, actor=officer)) == "minutes_missing"
    Activity.objects.filter(pk=meeting.pk).update(minutes="Rapat dibuka.\nDisepakati jadwal baru.")
    PersonFactory(institution=school_library, name="Guru Pustaka", signs=False)
    add_attendee(activity=meeting, actor=officer, person=school_library.people.get(signs=False))
    first = issue_minutes(activity=meeting, actor=officer)
    second = issue_minutes(activity=meeting, actor=officer)
    assert first.number == second.number
    text = text_of(pdf_of(second).file.read())
    assert all(
        flat(part) in text
        for part in ("Disepakati jadwal baru.", school_library.name, "Guru Pustaka", second.number)
    )
    assert refused(lambda: issue_certificates(activity=meeting, actor=officer)) == "no_certificates"
