"""What an officer does about the judging of a cooperation, one act to a page: aims, measurements, obstacles, steps."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.admin.evaluation_forms import (
    AS_USUAL,
    IndicatorForm,
    MeasurementForm,
    NewIndicatorForm,
    ObstacleForm,
    ResolutionForm,
    TimeForm,
    within,
)
from agreements.models import Agreement, Evaluation, Indicator, Measurement, Obstacle
from agreements.services.evaluating import begin_evaluation, reopen_evaluation, revise_evaluation
from agreements.services.measuring import (
    add_indicator,
    count_measurements,
    drop_indicator,
    drop_measurement,
    record_measurement,
    revise_indicator,
)
from agreements.services.obstacles import note_obstacle, resolve_obstacle, revise_obstacle
from kerjasama.domain import clock
from libraries.desk import ActPage, NoteForm

EVERYTHING = Agreement.objects.select_related("office", "partner")


class JudgingAct(ActPage):
    """An act about an agreement's aims; it leads back to the evaluation being written, or else to the aims."""

    agreement: Agreement

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.agreement = self.find(EVERYTHING, pk)
        return self.agreement

    def about(self) -> str:
        return f"{self.agreement.title} · {self.agreement.partner}"

    def back(self) -> str:
        draft = Evaluation.objects.drafts().filter(agreement=self.agreement).first()
        if draft is not None:
            return reverse("work:evaluation", args=[draft.pk])
        return reverse("work:indicators", args=[self.agreement.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [
            (str(self.agreement), reverse("work:agreement", args=[self.agreement.pk])),
            (_("Aims and figures"), reverse("work:indicators", args=[self.agreement.pk])),
        ]

    def label(self) -> str:
        return _("Save")

    @property
    def today(self) -> Any:
        return clock.today(self.agreement.office.zone)


class IndicatorAdd(JudgingAct):
    template_name = "admin/evaluations/aim.html"

    def make_form(self, *data: Any) -> NewIndicatorForm:
        return NewIndicatorForm(*data, agreement=self.agreement)

    def title(self) -> str:
        return _("Add an aim")

    def text(self) -> str:
        return _("An aim that can be counted: what, how much it was before, how much it should become.")

    def act(self, cleaned: dict[str, Any]) -> str:
        given = dict(cleaned)
        if given["figure"] == AS_USUAL:
            del given["figure"]
        row = add_indicator(agreement=self.agreement, actor=self.actor, **given)
        return _("“%(name)s” is now an aim of this agreement.") % {"name": row.name}


class IndicatorAct(JudgingAct):
    indicator: Indicator

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        rows = Indicator.objects.select_related("agreement__office", "agreement__partner")
        self.indicator = self.find(rows, pk)
        self.agreement = self.indicator.agreement
        return self.indicator


class IndicatorEdit(IndicatorAct):
    template_name = "admin/evaluations/aim.html"

    def make_form(self, *data: Any) -> IndicatorForm:
        return IndicatorForm(*data, indicator=self.indicator)

    def title(self) -> str:
        return self.indicator.name

    def text(self) -> str:
        return _("Evaluations that are finished keep the words and figures they were finished with.")

    def act(self, cleaned: dict[str, Any]) -> str:
        revise_indicator(indicator=self.indicator, actor=self.actor, **cleaned)
        return _("Saved.")


class IndicatorDrop(IndicatorAct):
    kind = "danger-solid"

    def title(self) -> str:
        return _("Take “%(name)s” away?") % {"name": self.indicator.name}

    def label(self) -> str:
        return _("Take away")

    def act(self, cleaned: dict[str, Any]) -> str:
        drop_indicator(indicator=self.indicator, actor=self.actor)
        return _("“%(name)s” is no longer an aim of this agreement.") % {"name": self.indicator.name}


class MeasurementAdd(IndicatorAct):
    form_class = MeasurementForm

    def initial(self) -> dict[str, Any]:
        return within(self.agreement, self.today)

    def title(self) -> str:
        return _("Enter a value: %(name)s") % {"name": self.indicator.name}

    def text(self) -> str:
        return _("For exactly the same time, the new value takes the place of the old one.")

    def act(self, cleaned: dict[str, Any]) -> str:
        record_measurement(indicator=self.indicator, actor=self.actor, **cleaned)
        return _("The value is kept.")


class MeasurementDrop(IndicatorAct):
    kind = "danger-solid"
    measurement: Measurement

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        rows = Measurement.objects.select_related(
            "indicator__agreement__office", "indicator__agreement__partner"
        )
        self.measurement = self.find(rows, pk)
        self.indicator = self.measurement.indicator
        self.agreement = self.indicator.agreement
        return self.measurement

    def title(self) -> str:
        return _("Take this value of “%(name)s” away?") % {"name": self.indicator.name}

    def label(self) -> str:
        return _("Take away")

    def act(self, cleaned: dict[str, Any]) -> str:
        drop_measurement(measurement=self.measurement, actor=self.actor)
        return _("The value is gone.")


class CountNow(JudgingAct):
    form_class = TimeForm

    def initial(self) -> dict[str, Any]:
        draft = Evaluation.objects.drafts().filter(agreement=self.agreement).first()
        if draft is not None:
            return {"starts_on": draft.starts_on, "ends_on": draft.ends_on}
        return within(self.agreement, self.today)

    def title(self) -> str:
        return _("Count now")

    def label(self) -> str:
        return self.title()

    def text(self) -> str:
        return _(
            "What the system knows about this time is written to the aims. Values that somebody entered stay."
        )

    def act(self, cleaned: dict[str, Any]) -> str:
        report = count_measurements(agreement=self.agreement, actor=self.actor, **cleaned)
        said = [
            ngettext("%(count)d aim counted.", "%(count)d aims counted.", len(report.written))
            % {"count": len(report.written)}
        ]
        if report.kept:
            said.append(
                _("Left as entered: %(names)s.") % {"names": ", ".join(row.name for row in report.kept)}
            )
        if report.silent:
            said.append(
                _("Nothing to count for: %(names)s.")
                % {"names": ", ".join(row.name for row in report.silent)}
            )
        return " ".join(said)


class ObstacleAdd(JudgingAct):
    def about(self) -> str:
        return f"{self.agreement.title} · {self.agreement.partner}"

    def back(self) -> str:
        draft = Evaluation.objects.drafts().filter(agreement=self.agreement).first()
        if draft is not None:
            return reverse("work:evaluation_obstacles", args=[draft.pk])
        return reverse("work:indicators", args=[self.agreement.pk])

    def make_form(self, *data: Any) -> ObstacleForm:
        return ObstacleForm(*data, agreement=self.agreement)

    def title(self) -> str:
        return _("Note an obstacle")

    def text(self) -> str:
        return _("What stood in the way, what is done about it, by whom and until when.")

    def act(self, cleaned: dict[str, Any]) -> str:
        note_obstacle(agreement=self.agreement, actor=self.actor, **cleaned)
        return _("The obstacle is noted.")


class ObstacleAct(ObstacleAdd):
    obstacle: Obstacle

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        rows = Obstacle.objects.select_related("agreement__office", "agreement__partner", "owner")
        self.obstacle = self.find(rows, pk)
        self.agreement = self.obstacle.agreement
        return self.obstacle


class ObstacleEdit(ObstacleAct):
    def make_form(self, *data: Any) -> ObstacleForm:
        return ObstacleForm(*data, agreement=self.agreement, instance=self.obstacle)

    def title(self) -> str:
        return _("Obstacle: %(kind)s") % {"kind": self.obstacle.get_kind_display()}

    def act(self, cleaned: dict[str, Any]) -> str:
        revise_obstacle(obstacle=self.obstacle, actor=self.actor, **cleaned)
        return _("Saved.")


class ObstacleResolve(ObstacleAct):
    def make_form(self, *data: Any) -> Any:
        return ResolutionForm(*data)

    def title(self) -> str:
        return _("Is this resolved?")

    def text(self) -> str:
        return self.obstacle.description

    def label(self) -> str:
        return _("It is resolved")

    def act(self, cleaned: dict[str, Any]) -> str:
        resolve_obstacle(obstacle=self.obstacle, actor=self.actor, **cleaned)
        return _("Resolved.")


class EvaluationBegin(JudgingAct):
    form_class = TimeForm

    def initial(self) -> dict[str, Any]:
        return within(self.agreement, self.today)

    def title(self) -> str:
        return _("Evaluate this cooperation")

    def label(self) -> str:
        return _("Begin the evaluation")

    def text(self) -> str:
        return _("Which time is judged? Usually the whole term so far.")

    def act(self, cleaned: dict[str, Any]) -> str:
        begin_evaluation(agreement=self.agreement, actor=self.actor, **cleaned)
        return ""


class EvaluationAct(JudgingAct):
    evaluation: Evaluation

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        rows = Evaluation.objects.select_related("agreement__office", "agreement__partner")
        self.evaluation = self.find(rows, pk)
        self.agreement = self.evaluation.agreement
        return self.evaluation

    def back(self) -> str:
        return reverse("work:evaluation", args=[self.evaluation.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Evaluations"), reverse("work:evaluations")), (str(self.agreement), self.back())]


class EvaluationTime(EvaluationAct):
    form_class = TimeForm

    def initial(self) -> dict[str, Any]:
        return {"starts_on": self.evaluation.starts_on, "ends_on": self.evaluation.ends_on}

    def title(self) -> str:
        return _("Which time is judged?")

    def act(self, cleaned: dict[str, Any]) -> str:
        revise_evaluation(evaluation=self.evaluation, actor=self.actor, **cleaned)
        return _("Saved.")


class EvaluationReopen(EvaluationAct):
    form_class = NoteForm

    def title(self) -> str:
        return _("Open the evaluation again?")

    def text(self) -> str:
        return _("Its paper is withdrawn and the partner no longer sees it until it is finished again.")

    def label(self) -> str:
        return _("Open it again")

    def act(self, cleaned: dict[str, Any]) -> str:
        reopen_evaluation(evaluation=self.evaluation, actor=self.actor, **cleaned)
        return _("It can be changed again.")
