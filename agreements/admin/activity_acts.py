"""What is done to an activity, one act to a page: steps, interns, attendance, contacts, evidence, papers."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.admin.activities import TogetherPage
from agreements.admin.activity_forms import (
    AcceptForm,
    CohortForm,
    ContactForm,
    DeclineForm,
    EvidenceForm,
    InternForm,
    InviteForm,
    RecordForm,
)
from agreements.admin.activity_wording import ACTIVITY_STEPS
from agreements.lifecycle import ACTIVITY
from agreements.models import Activity, AttendanceDay, Attendee, Cohort, Evidence, Intern
from agreements.services.activities import (
    add_attendee,
    add_evidence,
    cancel_activity,
    correct_activity,
    finish_activity,
    remove_attendee,
    remove_evidence,
)
from agreements.services.certifying import (
    accept_interns,
    cohort_list_pdf,
    issue_certificates,
    issue_minutes,
)
from agreements.services.cohorts import add_intern, remove_intern, set_cohort, take_attendance
from agreements.services.inviting import accept_invitation, decline_invitation, invite_partners
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError, Sentence
from libraries.choices import FilePurpose
from libraries.desk import ActPage, NoteForm
from libraries.services.files import keep_upload


class ActivityAct(TogetherPage, ActPage):
    """An act on an activity; it leads back to its page."""

    activity: Activity

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.activity = self.find(Activity.objects.for_list(), pk)
        return self.activity

    def back(self) -> str:
        return reverse("work:activity", args=[self.activity.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Activities"), reverse("work:activities")), (str(self.activity), self.back())]


class ActivityStep(ActivityAct):
    """One step of the life: the table says who may, the service says what stands in the way."""

    action: str

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.action = kwargs["action"]
        if self.action not in ACTIVITY_STEPS:
            raise Http404
        activity = super().subject_of(pk)
        if self.action not in ("accept", "decline"):
            self.require_runs(activity.office_id)
        self.kind = "danger-solid" if ACTIVITY_STEPS[self.action].kind == "danger" else "primary"
        if self.action in ("finish", "correct"):
            self.template_name = "admin/activities/record.html"
        return activity

    def title(self) -> Sentence:
        return ACTIVITY_STEPS[self.action].title

    def text(self) -> Sentence:
        return ACTIVITY_STEPS[self.action].text

    def label(self) -> Sentence:
        return ACTIVITY.transition(self.action).label

    def make_form(self, *data: Any) -> forms.Form:
        if self.action == "invite":
            return InviteForm(*data, activity=self.activity, user=self.request.user)
        if self.action in ("finish", "correct"):
            return RecordForm(*data, activity=self.activity)
        return {"accept": AcceptForm, "decline": DeclineForm, "cancel": NoteForm}[self.action](*data)

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        given: dict[str, Any] = {"activity": self.activity, "actor": self.actor}
        if self.action == "invite":
            other = [cleaned["other"]] if cleaned["other"] else []
            invite_partners(**given, institutions=[*cleaned["institutions"], *other])
        elif self.action in ("finish", "correct"):
            facts = record_facts(self.activity, cleaned)
            (finish_activity if self.action == "finish" else correct_activity)(**given, **facts)
        elif self.action == "cancel":
            cancel_activity(**given, **cleaned)
        elif self.action == "accept":
            accept_invitation(**given, **cleaned)
        else:
            decline_invitation(**given, **cleaned)
        return ACTIVITY_STEPS[self.action].done


class RunAct(ActivityAct):
    """An act that only those who lead the activity find."""

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        activity = super().subject_of(pk)
        self.require_runs(activity.office_id)
        return activity


# --- interns -----------------------------------------------------------------------------------------------------


class CohortEdit(RunAct):
    def make_form(self, *data: Any) -> forms.Form:
        cohort = Cohort.objects.filter(activity=self.activity).first()
        return CohortForm(*data, user=self.request.user, cohort=cohort)

    def title(self) -> str:
        return _("Who sends the interns?")

    def label(self) -> str:
        return _("Save")

    def act(self, cleaned: dict[str, Any]) -> str:
        upload = cleaned.pop("letter_file")
        file = None
        if upload is not None:
            file = keep_upload(
                upload,
                owner=self.activity.office,
                counterpart=cleaned["sender"],
                purpose=FilePurpose.EVIDENCE,
                actor=self.actor,
                field="letter_file",
            )
        set_cohort(activity=self.activity, actor=self.actor, letter_file=file, **cleaned)
        return _("Saved.")


class InternAdd(RunAct):
    form_class = InternForm

    def title(self) -> str:
        return _("Add an intern")

    def text(self) -> str:
        return _("University students who are of age. Their names are erased two years after the internship.")

    def act(self, cleaned: dict[str, Any]) -> str:
        intern = add_intern(activity=self.activity, actor=self.actor, **cleaned)
        return _("%(name)s is on the list.") % {"name": intern}


class InternRemove(RunAct):
    kind = "danger-solid"
    intern: Intern

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        super().subject_of(pk)
        rows = Intern.objects.filter(cohort__activity=self.activity)
        self.intern = get_object_or_404(rows.select_related("cohort__activity__office"), pk=kwargs["intern"])
        return self.intern

    def title(self) -> str:
        return _("Take %(name)s off the list?") % {"name": self.intern}

    def label(self) -> str:
        return _("Take off the list")

    def act(self, cleaned: dict[str, Any]) -> str:
        remove_intern(intern=self.intern, actor=self.actor)
        return _("The name is off the list, and the attendance with it.")


class Attendance(TogetherPage):
    """One day on one page: a tick for everybody who was there."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        activity, cohort = self.subject(pk)
        return self.answer(activity, cohort, self.day(activity, request.GET.get("tanggal", "")))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        activity, cohort = self.subject(pk)
        on = self.day(activity, request.POST.get("tanggal", ""))
        known = {str(key): key for key in cohort.interns.values_list("pk", flat=True)} if cohort else {}
        present = [known[key] for key in request.POST.getlist("hadir") if key in known]
        try:
            take_attendance(activity=activity, actor=self.actor, on=on, present=present)
        except DomainError as error:
            return self.answer(activity, cohort, on, refusal=error)
        return redirect(f"{reverse('work:activity_attendance', args=[pk])}?tanggal={on:%Y-%m-%d}&tersimpan=1")

    def subject(self, pk: UUID) -> tuple[Activity, Cohort | None]:
        activity: Activity = self.find(Activity.objects.for_list(), pk)
        self.require_runs(activity.office_id)
        return activity, Cohort.objects.filter(activity=activity).select_related("sender").first()

    def day(self, activity: Activity, given: str) -> date:
        """The day that the address names; the last day so far when it names none."""
        latest = max(activity.begins_on, min(activity.ends_on, clock.today(activity.office.zone)))
        try:
            return date.fromisoformat(given)
        except ValueError:
            return latest

    def answer(
        self, activity: Activity, cohort: Cohort | None, on: date, refusal: DomainError | None = None
    ) -> HttpResponse:
        interns = list(cohort.interns.all()) if cohort else []
        taken = {
            (row.intern_id, row.on): row.present for row in AttendanceDay.objects.filter(intern__in=interns)
        }
        days = sorted({day for _key, day in taken})
        lines = []
        for intern in interns:
            there = [taken[intern.pk, day] for day in days if (intern.pk, day) in taken]
            lines.append(
                {
                    "row": intern,
                    "present": taken.get((intern.pk, on), False),
                    "share": round(100 * sum(there) / len(there)) if there else None,
                }
            )
        return self.show(
            "admin/activities/attendance.html",
            refusal.status if refusal else 200,
            activity=activity,
            lines=lines,
            on=on,
            days=days,
            taken_today=on in days,
            refusal=refusal,
            saved=self.request.GET.get("tersimpan") == "1",
        )


class CohortList(TogetherPage):
    """The list of interns on paper."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        activity: Activity = self.find(Activity.objects.for_list(), pk)
        self.require_runs(activity.office_id)
        rows = Cohort.objects.select_related("activity__office", "sender")
        response = HttpResponse(
            cohort_list_pdf(get_object_or_404(rows, activity=activity)), content_type="application/pdf"
        )
        response["Content-Disposition"] = f'inline; filename="daftar-magang-{activity.pk}.pdf"'
        response["Cache-Control"] = "private, no-store"
        return response


# --- papers ------------------------------------------------------------------------------------------------------


class PaperAct(RunAct):
    """Issue a paper. ``paper`` is the last part of the address."""

    PAPERS: dict[str, Callable[..., object]] = {
        "penerimaan": accept_interns,
        "sertifikat": issue_certificates,
        "notulen": issue_minutes,
    }
    paper: str

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.paper = kwargs["paper"]
        if self.paper not in self.PAPERS:
            raise Http404
        return super().subject_of(pk)

    def title(self) -> str:
        return {
            "penerimaan": _("Issue the letter of acceptance?"),
            "sertifikat": _("Issue certificates for everybody who has none?"),
            "notulen": _("Issue the minutes with a number?"),
        }[self.paper]

    def text(self) -> str:
        return _("The paper gets its number and a code that verifies it. Read once more what it will say.")

    def label(self) -> str:
        return _("Issue")

    def act(self, cleaned: dict[str, Any]) -> str:
        self.PAPERS[self.paper](activity=self.activity, actor=self.actor)
        return _("It is issued, and stands under “Papers”.")


# --- contacts and evidence ---------------------------------------------------------------------------------------


class ContactAdd(RunAct):
    def make_form(self, *data: Any) -> forms.Form:
        return ContactForm(*data, user=self.request.user, activity=self.activity)

    def title(self) -> str:
        return _("Add a participant")

    def act(self, cleaned: dict[str, Any]) -> str:
        attendee = add_attendee(activity=self.activity, actor=self.actor, **cleaned)
        return _("%(name)s is on the list.") % {"name": attendee}


class ContactRemove(RunAct):
    kind = "danger-solid"
    attendee: Attendee

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        super().subject_of(pk)
        rows = Attendee.objects.filter(activity=self.activity).select_related("person", "activity__office")
        self.attendee = get_object_or_404(rows, pk=kwargs["attendee"])
        return self.attendee

    def title(self) -> str:
        return _("Take %(name)s off the list?") % {"name": self.attendee}

    def label(self) -> str:
        return _("Take off the list")

    def act(self, cleaned: dict[str, Any]) -> str:
        remove_attendee(attendee=self.attendee, actor=self.actor)
        return _("The name is off the list.")


class EvidenceAdd(RunAct):
    form_class = EvidenceForm

    def title(self) -> str:
        return _("Add a photograph or paper")

    def label(self) -> str:
        return _("Upload")

    def act(self, cleaned: dict[str, Any]) -> str:
        file = keep_upload(
            cleaned["file"],
            owner=self.activity.office,
            counterpart=None,
            purpose=FilePurpose.EVIDENCE,
            actor=self.actor,
        )
        add_evidence(activity=self.activity, actor=self.actor, file=file, caption=cleaned["caption"])
        return _("The file is kept with the activity.")


class EvidenceRemove(RunAct):
    kind = "danger-solid"
    evidence: Evidence

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        super().subject_of(pk)
        rows = Evidence.objects.filter(activity=self.activity).select_related("file", "activity__office")
        self.evidence = get_object_or_404(rows, pk=kwargs["evidence"])
        return self.evidence

    def title(self) -> str:
        return _("Take “%(name)s” away?") % {"name": self.evidence}

    def label(self) -> str:
        return _("Take away")

    def act(self, cleaned: dict[str, Any]) -> str:
        remove_evidence(evidence=self.evidence, actor=self.actor)
        return _("The file is no longer shown here.")


def record_facts(activity: Activity, cleaned: dict[str, Any]) -> dict[str, Any]:
    """What was typed into the form of a record, as the services want it."""
    form = RecordForm(activity=activity)
    form.cleaned_data = cleaned
    return form.facts()
