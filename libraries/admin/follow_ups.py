"""What is to be done about the gaps: the list of all, and the acts on each (D6)."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain import clock
from kerjasama.domain.errors import Sentence
from libraries.admin.readiness import AssessmentAct
from libraries.choices import FollowUpStatus
from libraries.desk import SHEET_ROWS, ActPage, DeskPage, NoteForm, StepWords, chosen, day_field, note_field
from libraries.lifecycle import FOLLOW_UP
from libraries.models import Assessment, FollowUp
from libraries.services import follow_ups
from libraries.services.readiness import FOLLOW_UP_DAYS
from libraries.services.stepping import roles_of

STEPS = {
    "complete": StepWords(
        title=gettext_lazy("Is it done?"), text="", done=gettext_lazy("Marked as done."), icon="check"
    ),
    "drop": StepWords(
        title=gettext_lazy("Drop this follow-up?"),
        text=gettext_lazy("It will not be done. The reason is kept."),
        done=gettext_lazy("The follow-up is dropped."),
        icon="cross",
    ),
    "reopen": StepWords(
        title=gettext_lazy("Take it up again?"), text="", done=gettext_lazy("It is open again."), icon="back"
    ),
}


class FollowUpList(DeskPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        rows = FollowUp.objects.visible_to(request.user)
        words = self.words()
        if words:
            rows = rows.filter(
                Q(what__icontains=words)
                | Q(who__icontains=words)
                | Q(assessment__respondent__name__icontains=words)
                | Q(assessment__respondent__short_name__icontains=words)
            )
        cuts = {
            "": Q(status=FollowUpStatus.OPEN),
            "terlambat": Q(status=FollowUpStatus.OPEN, due_on__lt=today),
            "selesai": Q(status=FollowUpStatus.DONE),
            "dilepas": Q(status=FollowUpStatus.DROPPED),
        }
        cut = chosen(request.GET.get("bagian"), cuts)
        counts = rows.aggregate(
            **{f"cut{n}": Count("pk", filter=part) for n, part in enumerate(cuts.values())}
        )
        labels = (_("Open"), _("Late"), _("Done"), _("Dropped"))
        tabs = [
            (key, label, counts[f"cut{n}"]) for n, (key, label) in enumerate(zip(cuts, labels, strict=True))
        ]
        rows = rows.filter(cuts[cut]).for_list().order_by("due_on", "pk")
        if self.wants_sheet:
            heads = (_("Partner"), _("What"), _("Who"), _("Until"), _("Status"), _("Closed on"))
            return self.sheet(
                "tindak-lanjut",
                heads,
                (
                    (
                        row.assessment.about,
                        row.what,
                        row.who,
                        row.due_on,
                        row.get_status_display(),
                        row.closed_on,
                    )
                    for row in rows[:SHEET_ROWS]
                ),
            )
        page = self.page_of(rows)
        lines = [
            (row, row.assessment.about, FOLLOW_UP.available(row.status, roles_of(self.actor, row)))
            for row in page
        ]
        return self.show(
            "admin/libraries/follow_ups.html",
            page_obj=page,
            lines=lines,
            tabs=tabs,
            cut=cut,
            words=words,
            today=today,
        )


class FollowUpForm(forms.Form):
    what = note_field(gettext_lazy("What is to be done?"), rows=2)
    who = forms.CharField(
        label=gettext_lazy("Who does it?"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("The library, the school, or a position such as “teacher-librarian”."),
    )
    due_on = day_field(gettext_lazy("Until"))


class NewFollowUpForm(FollowUpForm):
    question = forms.ChoiceField(label=gettext_lazy("About which condition?"), required=False)
    field_order = ("question",)

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].choices = [
            ("", _("None in particular")),
            *((it.code, it.label) for it in assessment.question_set.questions),
        ]


class FollowUpAdd(AssessmentAct):
    def make_form(self, *data: Any) -> NewFollowUpForm:
        due_on = clock.today(self.assessment.office.zone) + clock.days(FOLLOW_UP_DAYS)
        return NewFollowUpForm(*data, assessment=self.assessment, initial={"due_on": due_on})

    def title(self) -> str:
        return _("Add a follow-up")

    def act(self, cleaned: dict[str, Any]) -> str:
        follow_ups.add_follow_up(assessment=self.assessment, actor=self.actor, **cleaned)
        return _("The follow-up is added.")


class FollowUpAct(ActPage):
    follow_up: FollowUp

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.follow_up = self.find(FollowUp.objects.for_list(), pk)
        return self.follow_up

    def back(self) -> str:
        return reverse("work:assessment", args=[self.follow_up.assessment_id])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Readiness"), reverse("work:readiness")),
            (str(self.follow_up.assessment.about), self.back()),
        ]


class FollowUpEdit(FollowUpAct):
    form_class = FollowUpForm

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.follow_up, name) for name in ("what", "who", "due_on")}

    def title(self) -> str:
        return _("Change the follow-up")

    def label(self) -> str:
        return _("Save")

    def act(self, cleaned: dict[str, Any]) -> str:
        follow_ups.revise_follow_up(follow_up=self.follow_up, actor=self.actor, **cleaned)
        return _("Saved.")


class ResultForm(forms.Form):
    note = note_field(gettext_lazy("What was done"), required=False, rows=2)


class FollowUpStep(FollowUpAct):
    action: str

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.action = kwargs["action"]
        if self.action not in STEPS:
            raise Http404
        self.form_class = {"drop": NoteForm, "complete": ResultForm}.get(self.action, forms.Form)
        return super().subject_of(pk)

    def title(self) -> Sentence:
        return STEPS[self.action].title

    def text(self) -> Sentence:
        return self.follow_up.what

    def label(self) -> Sentence:
        return FOLLOW_UP.transition(self.action).label

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        verbs: dict[str, Any] = {
            "complete": follow_ups.complete_follow_up,
            "drop": follow_ups.drop_follow_up,
            "reopen": follow_ups.reopen_follow_up,
        }
        verbs[self.action](follow_up=self.follow_up, actor=self.actor, **cleaned)
        return STEPS[self.action].done
