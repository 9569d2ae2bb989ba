"""What is done together, over the API (A12, F9, F11, F12)."""

from typing import Any

from django.db.models import Prefetch
from rest_framework.parsers import MultiPartParser

from agreements.api.activity_rows import (
    COUNTS,
    ActivityChange,
    ActivityDetail,
    ActivityInput,
    ActivityRow,
    AttendanceInput,
    CohortInput,
    ContactInput,
    DeclineInput,
    EvidenceInput,
    InternInput,
    InvitationInput,
    InviteInput,
    RecordInput,
)
from agreements.filters import ActivityFilter
from agreements.lifecycle import ACTIVITY
from agreements.models import Activity, Intern, Participation
from agreements.services import activities, certifying, cohorts, inviting
from agreements.services.together import require_runs
from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import NoteInput
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet, ReviseMixin
from libraries.choices import FilePurpose
from libraries.services.files import keep_upload

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"
RECORD = {
    "teachers": 12,
    "librarians": 3,
    "result": "Jadwal disepakati.",
    "attendance": [{"institution": SOME_ID, "people": 2}],
}


def record(verb: Any) -> Any:
    """Flat counts and lines of attendance as the service wants them."""

    def run(view: Any, row: Activity, data: dict[str, Any]) -> Activity:
        counts = {group: data.pop(group) for group in COUNTS if group in data}
        lines = data.pop("attendance", [])
        attendance = {line["institution"].pk: line["people"] for line in lines}
        done: Activity = verb(activity=row, actor=view.actor, counts=counts, attendance=attendance, **data)
        return done

    return run


def keep_evidence(view: Any, row: Activity, data: dict[str, Any]) -> Any:
    require_runs(view.actor, row.office)  # before anything is written to the disk
    file = keep_upload(
        data["file"], owner=row.office, counterpart=None, purpose=FilePurpose.EVIDENCE, actor=view.actor
    )
    return activities.add_evidence(activity=row, actor=view.actor, file=file, caption=data.get("caption", ""))


class ActivityViewSet(EventsMixin, CreateMixin, ReviseMixin, ReadViewSet):
    """Meetings, internships, visits, events: seen by the office that runs them, by guests, and by who sends interns."""

    scope_noun = "activities"
    queryset = Activity.objects.select_related(
        "office", "agreement", "minutes_document", "cohort__sender", "cohort__acceptance"
    ).prefetch_related(
        Prefetch("participations", Participation.objects.select_related("institution")),
        Prefetch("cohort__interns", Intern.objects.select_related("certificate")),
        "attendees__person",
        "attendees__certificate",
    )
    list_queryset = Activity.objects.select_related("office").prefetch_related("participations")
    serializer_class = ActivityRow
    detail_class = ActivityDetail
    filterset_class = ActivityFilter
    create_input = ActivityInput
    revise_input = ActivityChange
    create_example = {
        "office": SOME_ID,
        "kind": "meeting",
        "title": "Rapat kerja sama sekolah mitra",
        "begins_at": "2026-12-01T09:00:00+07:00",
        "ends_at": "2026-12-01T11:00:00+07:00",
        "place": "Aula lantai 2",
    }
    revise_example = {"place": "Ruang baca lantai 1"}
    lives = (ACTIVITY,)
    subject = "activity"
    acts = {
        "invite": Act(
            inviting.invite_partners,
            InviteInput,
            says="Invite institutions; those invited already stay as they are.",
            example={"institutions": [SOME_ID]},
        ),
        "accept": Act(
            inviting.accept_invitation,
            InvitationInput,
            says="A guest comes, and with how many.",
            example={"expected": 2, "note": "Kepala sekolah dan guru pustakawan."},
        ),
        "decline": Act(
            inviting.decline_invitation,
            DeclineInput,
            says="A guest cannot come, and why.",
            example={"note": "Bersamaan dengan ujian sekolah."},
        ),
        "finish": Act(
            activities.finish_activity,
            RecordInput,
            says="Record that it took place, how many came, and what came of it.",
            example=RECORD,
            run=record(activities.finish_activity),
        ),
        "correct": Act(
            activities.correct_activity,
            RecordInput,
            says="Put right what was recorded. What is not sent stays.",
            example={"teachers": 11},
            run=record(activities.correct_activity),
        ),
        "cancel": Act(
            activities.cancel_activity,
            NoteInput,
            says="Call it off; those invited are told why.",
            example={"note": "Hujan lebat."},
        ),
        "set_cohort": Act(
            cohorts.set_cohort,
            CohortInput,
            says="Who sends the interns of an internship, and how many places there are.",
            example={"sender": SOME_ID, "places": 4, "letter_number": "B-118/Un.13/PP.00.9/08/2026"},
        ),
        "add_intern": Act(
            cohorts.add_intern,
            InternInput,
            says="Take down one university student of age.",
            example={"name": "Rahma Yulianti", "programme": "Ilmu Perpustakaan", "of_age": True},
        ),
        "take_attendance": Act(
            cohorts.take_attendance,
            AttendanceInput,
            says="Who of the interns was there on a day. Sent again it puts the day right.",
            example={"on": "2026-11-23", "present": [SOME_ID]},
        ),
        "accept_interns": Act(certifying.accept_interns, says="Issue the letter that accepts the interns."),
        "issue_certificates": Act(
            certifying.issue_certificates, says="Issue a certificate for everybody who has none yet."
        ),
        "issue_minutes": Act(
            certifying.issue_minutes, says="Issue the minutes with the attendance list of the institutions."
        ),
        "add_contact": Act(
            activities.add_attendee,
            ContactInput,
            says="Note an official contact as a participant.",
            example={"person": SOME_ID},
        ),
        "add_evidence": Act(
            activities.add_evidence,
            EvidenceInput,
            says="Keep a photograph or a paper that shows that it took place.",
            run=keep_evidence,
            parsers=(MultiPartParser,),
        ),
    }

    def do_create(self, data: dict[str, Any]) -> Activity:
        return activities.plan_activity(actor=self.actor, **data)

    def do_revise(self, row: Activity, data: dict[str, Any]) -> Activity:
        return activities.revise_activity(activity=row, actor=self.actor, version=row.version, **data)
