"""What is done together: the ground it stands on, its life, answers, figures, and the reminder before it (A4, A12)."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from agreements.choices import ActivityKind, ActivityStatus, Ground, InvitationAnswer
from agreements.grounds import FREE_KINDS, GROUPS, ground_of, needs_agreement
from agreements.lifecycle import ACTIVITY
from agreements.models import Activity, Agreement, Participation
from agreements.services.activities import (
    activity_figures,
    add_attendee,
    add_evidence,
    cancel_activity,
    correct_activity,
    finish_activity,
    plan_activity,
    remove_attendee,
    remove_evidence,
    revise_activity,
)
from agreements.services.grounding import usable_agreements
from agreements.services.inviting import (
    accept_invitation,
    decline_invitation,
    hush,
    invite_partners,
    remind_of_activities,
)
from agreements.services.together import roles_of
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.choices import FilePurpose, Role
from libraries.models import Institution, Notice, User
from libraries.services.files import keep_bytes
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    InstitutionFactory,
    MembershipFactory,
    PersonFactory,
)
from tests.lives import put_into, walk

pytestmark = pytest.mark.django_db


def refused(act: Any) -> str:
    with pytest.raises(DomainError) as caught, transaction.atomic():
        act()
    assert str(caught.value.message)
    return caught.value.code


def plan(actor: User, office: Institution, **changes: Any) -> Activity:
    begins = clock.now() + timedelta(days=3)
    given = {
        "kind": ActivityKind.MEETING,
        "title": "Rapat kerja sama",
        "begins_at": begins,
        "ends_at": begins + timedelta(hours=2),
        "place": "Aula",
        **changes,
    }
    return plan_activity(actor=actor, office=office, **given)


@pytest.fixture
def meeting(library: Institution) -> Activity:
    return ActivityFactory(office=library)


def begun(activity: Activity, hours: int = 3) -> Activity:
    moment = clock.now() - timedelta(hours=hours)
    today = moment.astimezone(ZoneInfo(activity.office.zone)).date()
    Activity.objects.filter(pk=activity.pk).update(
        begins_at=moment, ends_at=moment + timedelta(hours=2), begins_on=today, ends_on=today
    )
    activity.refresh_from_db()
    return activity


# --- on what it stands -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ActivityKind.values)
def test_the_table_says_which_kinds_need_an_agreement(kind: str) -> None:
    assert needs_agreement(kind) == (kind in ("internship", "training", "joint_event", "exhibition"))
    assert ground_of(kind, own=True, above=False) == Ground.OWN
    assert ground_of(kind, own=False, above=True) == Ground.DERIVED
    assert ground_of(kind, own=False, above=False) == (Ground.FREE if kind in FREE_KINDS else None)


def test_an_internship_stands_on_an_agreement_of_ours(
    officer: User, library: Institution, agreement: Agreement
) -> None:
    assert refused(lambda: plan(officer, library, kind="internship")) == "agreement_needed"
    made = plan(officer, library, kind="internship", agreement=agreement)
    assert (made.ground, made.status, made.begins_on) == (
        Ground.OWN,
        "planned",
        clock.today() + timedelta(days=3),
    )
    assert [event.action for event in made.events.all()] == ["plan"]


def test_or_is_derived_from_one_of_the_body_above(officer: User, library: Institution) -> None:
    """The 2021 case: the unit signs nothing itself; Perpusnas' agreement with a university carries its internship."""
    perpusnas = InstitutionFactory(office=True, name="Perpustakaan Nasional")
    centre = InstitutionFactory(name="Pusat Pengembangan", parent=perpusnas)
    Institution.objects.filter(pk=library.pk).update(parent=centre)
    university = InstitutionFactory(kind="academic")
    above = AgreementFactory(office=perpusnas, partner=university, in_force=True, lending=False)
    strange = AgreementFactory(office=InstitutionFactory(office=True), in_force=True, lending=False)
    library.refresh_from_db()
    assert set(usable_agreements([library.pk])) == {above}
    assert plan(officer, library, kind="internship", agreement=above).ground == Ground.DERIVED
    assert refused(lambda: plan(officer, library, kind="internship", agreement=strange)) == "not_ours"
    with pytest.raises(DomainError) as caught:
        plan(officer, library, kind="training")
    assert "Perpustakaan Nasional" in str(caught.value.message)


def test_the_agreement_must_hold_on_the_first_day(
    officer: User, library: Institution, agreement: Agreement
) -> None:
    late = clock.now() + timedelta(days=500)
    assert (
        refused(
            lambda: plan(
                officer,
                library,
                kind="exhibition",
                agreement=agreement,
                begins_at=late,
                ends_at=late + timedelta(hours=1),
            )
        )
        == "not_in_force"
    )


def test_the_database_knows_it_too(library: Institution) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivityFactory(office=library, kind="internship", ground=Ground.OWN)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "title_missing"),
        ({"place": ""}, "place_missing"),
        ({"kind": "party"}, "kind_unknown"),
        ({"ends_at": clock.now() - timedelta(days=9)}, "turned_round"),
        ({"begins_at": clock.now() - timedelta(days=365 * 200)}, "year_wrong"),
    ],
)
def test_what_makes_no_sense_is_refused(
    changes: dict[str, Any], code: str, officer: User, library: Institution
) -> None:
    assert refused(lambda: plan(officer, library, **changes)) == code


def test_only_people_who_lead_activities_plan_them(crew: User, school: User, library: Institution) -> None:
    for actor in (crew, school):
        assert refused(lambda actor=actor: plan(actor, library)) == "role_missing"


# --- its life ----------------------------------------------------------------------------------------------------


def test_every_state_action_and_actor(
    meeting: Activity, school_library: Institution, everybody: dict[str, User | None]
) -> None:
    verbs = {
        "invite": lambda row, actor: invite_partners(
            activity=row, actor=actor, institutions=[InstitutionFactory()]
        ),
        "accept": lambda row, actor: accept_invitation(activity=row, actor=actor, expected=3),
        "decline": lambda row, actor: decline_invitation(activity=row, actor=actor, note="ujian"),
        "finish": lambda row, actor: finish_activity(activity=row, actor=actor, result="Sepakat"),
        "correct": lambda row, actor: correct_activity(activity=row, actor=actor, result="Sepakat"),
        "cancel": lambda row, actor: cancel_activity(activity=row, actor=actor, note="hujan"),
    }
    Participation.objects.create(activity=meeting, institution=school_library)
    begun(meeting)
    wrong = walk(
        ACTIVITY,
        meeting,
        verbs,
        everybody,
        lambda actor: roles_of(actor, meeting),
        lambda _action, state: put_into(meeting, state),
    )
    assert wrong == []


def test_a_plan_changes_and_the_guests_are_told(
    meeting: Activity, officer: User, school_library: Institution
) -> None:
    invite_partners(activity=meeting, actor=officer, institutions=[school_library])
    row = revise_activity(activity=meeting, actor=officer, title="Rapat besar")
    assert not Notice.objects.filter(rule="activity_moved").exists()
    for hours in (3, 4):
        row = revise_activity(
            activity=row,
            actor=officer,
            version=row.version,
            ends_at=row.ends_at + timedelta(hours=hours),
        )
    moved = Notice.objects.filter(rule="activity_moved", recipient=school_library)
    assert moved.count() == 2
    assert refused(lambda: revise_activity(activity=row, actor=officer, version=1, title="X")) == "stale"
    cancel_activity(activity=row, actor=officer, note="Hujan lebat")
    told = Notice.objects.get(rule="activity_cancelled")
    assert told.context["reason"] == "Hujan lebat"
    assert refused(lambda: revise_activity(activity=row, actor=officer, title="X")) == "not_open"


def test_calling_off_needs_a_reason_and_done_needs_a_beginning(meeting: Activity, officer: User) -> None:
    assert refused(lambda: cancel_activity(activity=meeting, actor=officer, note=" ")) == "reason_missing"
    assert refused(lambda: finish_activity(activity=meeting, actor=officer)) == "not_yet"


# --- invitations -------------------------------------------------------------------------------------------------


def test_an_invitation_is_answered_in_the_portal(
    meeting: Activity, officer: User, school: User, school_library: Institution, other_school: User
) -> None:
    assert not Activity.objects.visible_to(school).exists()
    invite_partners(activity=meeting, actor=officer, institutions=[school_library])
    assert Activity.objects.visible_to(school).get() == meeting
    assert not Activity.objects.visible_to(other_school).exists()
    notice = Notice.objects.get(rule="activity_invited", recipient=school_library)
    assert notice.path == f"/portal/kegiatan/{meeting.pk}/"
    accept_invitation(activity=meeting, actor=school, expected=2, note="Dua guru")
    row = meeting.participations.get()
    assert (row.answer, row.expected, row.note) == (InvitationAnswer.ACCEPTED, 2, "Dua guru")
    notice.refresh_from_db()
    assert notice.settled_at is not None
    decline_invitation(activity=meeting, actor=school, note="Ada ujian")
    row.refresh_from_db()
    assert (row.answer, row.expected) == (InvitationAnswer.DECLINED, None)
    assert Notice.objects.filter(rule="activity_answered", recipient=meeting.office).count() == 2


def test_invitations_that_make_no_sense(
    meeting: Activity, officer: User, school: User, school_library: Institution
) -> None:
    ask = lambda rows: refused(lambda: invite_partners(activity=meeting, actor=officer, institutions=rows))  # noqa: E731
    assert ask([]) == "nobody_invited"
    assert ask([meeting.office]) == "own_office"
    second = InstitutionFactory(school=True)
    MembershipFactory(user=school, institution=second, role=Role.SCHOOL_CONTACT)
    invite_partners(activity=meeting, actor=officer, institutions=[school_library, second])
    invite_partners(activity=meeting, actor=officer, institutions=[school_library])
    assert meeting.participations.count() == 2
    assert refused(lambda: accept_invitation(activity=meeting, actor=school)) == "institution_missing"
    accept_invitation(activity=meeting, actor=school, institution=second)
    assert (
        refused(lambda: accept_invitation(activity=meeting, actor=school, institution=second, expected=0))
        == "count_wrong"
    )
    assert (
        refused(lambda: decline_invitation(activity=meeting, actor=school, institution=second, note=""))
        == "reason_missing"
    )


def test_another_library_is_invited_at_its_desk(meeting: Activity, officer: User, perpusnas: User) -> None:
    other = perpusnas.memberships.get().institution
    invite_partners(activity=meeting, actor=officer, institutions=[other])
    assert Notice.objects.get(rule="activity_invited").path == f"/admin/kerja/kegiatan/{meeting.pk}/"
    accept_invitation(activity=meeting, actor=perpusnas)
    assert meeting.participations.get().answer == "accepted"


# --- what came of it ---------------------------------------------------------------------------------------------


def test_counts_and_attendance_are_recorded_and_put_right(
    meeting: Activity, officer: User, school_library: Institution
) -> None:
    begun(meeting)
    walk_in = InstitutionFactory()
    invite_partners(activity=meeting, actor=officer, institutions=[school_library])
    done = finish_activity(
        activity=meeting,
        actor=officer,
        result="Jadwal disepakati.",
        minutes="Dibuka pukul 9.",
        counts={"teachers": 4, "librarians": 2},
        attendance={school_library.pk: 3, walk_in.pk: 1},
    )
    assert (done.status, done.people, done.teachers) == (ActivityStatus.DONE, 6, 4)
    assert dict(done.participations.values_list("institution", "attended")) == {
        school_library.pk: 3,
        walk_in.pk: 1,
    }
    correct_activity(activity=done, actor=officer, attendance={school_library.pk: 2}, counts={"public": 9})
    done.refresh_from_db()
    assert (done.result, done.people) == ("Jadwal disepakati.", 15)
    for counts, code in (({"cats": 1}, "group_unknown"), ({"pupils": -1}, "count_wrong")):
        assert (
            refused(lambda counts=counts: correct_activity(activity=done, actor=officer, counts=counts))
            == code
        )
    assert (
        refused(lambda: correct_activity(activity=done, actor=officer, attendance={school_library.pk: -1}))
        == "count_wrong"
    )


def test_evidence_and_contacts_are_kept(
    meeting: Activity, officer: User, crew: User, school_library: Institution
) -> None:
    file = keep_bytes(
        b"%PDF-1.4",
        owner_id=meeting.office_id,
        counterpart_id=None,
        purpose=FilePurpose.EVIDENCE,
        name="foto.pdf",
        extension="pdf",
        content_type="application/pdf",
        actor=officer,
    )
    kept = add_evidence(activity=meeting, actor=officer, file=file, caption="Pembukaan")
    assert refused(lambda: remove_evidence(evidence=kept, actor=crew)) == "role_missing"
    remove_evidence(evidence=kept, actor=officer)
    assert not meeting.evidence.exists()
    person = PersonFactory(institution=school_library, signs=False)
    attendee = add_attendee(activity=meeting, actor=officer, person=person)
    assert refused(lambda: add_attendee(activity=meeting, actor=officer, person=person)) == "already_there"
    remove_attendee(attendee=attendee, actor=officer)
    assert not meeting.attendees.exists()


def test_figures_of_a_period_for_the_office_and_for_one_partner(
    library: Institution, officer: User, school_library: Institution, django_assert_num_queries: Any
) -> None:
    for kind, pupils, guests in (("class_visit", 30, 30), ("meeting", 0, 2)):
        row = begun(ActivityFactory(office=library, kind=kind))
        finish_activity(
            activity=row,
            actor=officer,
            counts={"pupils": pupils, "teachers": 2},
            attendance={school_library.pk: guests},
        )
    begun(ActivityFactory(office=library))  # never recorded: it does not count
    today = clock.today()
    span = {"start": today - timedelta(days=1), "end": today}
    with django_assert_num_queries(1):
        whole = activity_figures(office=library, partner=None, **span)
    assert (whole.activities, whole.participants) == (2, 34)
    assert whole.by_kind == {"class_visit": 1, "meeting": 1}
    assert set(whole.by_group) == set(GROUPS)
    assert whole.by_group["pupils"] == 30
    own = activity_figures(office=library, partner=school_library, **span)
    assert (own.activities, own.participants) == (2, 32)
    nobody = activity_figures(office=library, partner=InstitutionFactory(), **span)
    assert (nobody.activities, nobody.participants) == (0, 0)
    earlier = activity_figures(office=library, partner=None, start=date(2020, 1, 1), end=date(2020, 12, 31))
    assert earlier.activities == 0


# --- the clock ---------------------------------------------------------------------------------------------------


def test_both_sides_are_reminded_the_day_before_once(
    library: Institution, officer: User, school_library: Institution, other_school_library: Institution
) -> None:
    begins = clock.now() + timedelta(days=1)
    soon = ActivityFactory(office=library, begins_at=begins)
    far = ActivityFactory(office=library)
    invite_partners(activity=soon, actor=officer, institutions=[school_library, other_school_library])
    Participation.objects.filter(institution=other_school_library).update(answer="declined")
    assert remind_of_activities().count == 1
    assert remind_of_activities().count == 0
    told = Notice.objects.filter(rule="activity_soon")
    assert {row.recipient for row in told} == {library, school_library}
    assert not told.filter(subject_id=far.pk).exists()
    moved = begins + timedelta(days=5)
    revise_activity(activity=soon, actor=officer, begins_at=moved, ends_at=moved + timedelta(hours=1))
    hush()
    assert not Notice.objects.open().filter(rule="activity_soon").exists()
