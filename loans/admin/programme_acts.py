"""What can be done with a programme: paused, resumed, given another end, brought home, planned anew, opened (L1)."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.models import Agreement
from kerjasama.domain import clock
from kerjasama.domain.errors import Sentence
from libraries.desk import ActPage, NoteForm
from loans.admin.programme_forms import (
    HomeForm,
    LastDayForm,
    OpenProgrammeForm,
    PauseForm,
    TermsForm,
    WeekdaysForm,
)
from loans.admin.wording import PROGRAMME_STEPS
from loans.lifecycle import PROGRAMME
from loans.models import Programme, QuotaProfile
from loans.services.balances import earlier_balances
from loans.services.dividing import set_terms
from loans.services.moving import replan_periods, set_weekdays
from loans.services.pausing import bring_home, end_programme, pause_programme, resume_programme, set_end
from loans.services.programmes import left_of, open_programme


class ProgrammeAct(ActPage):
    programme: Programme

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.programme = self.find(Programme.objects.for_list(), pk)
        return self.programme

    def back(self) -> str:
        return reverse("work:programme", args=[self.programme.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Programmes"), reverse("work:programmes")), (str(self.programme.partner), self.back())]


class ProgrammeStep(ProgrammeAct):
    VERBS = {
        "pause": pause_programme,
        "resume": resume_programme,
        "extend": set_end,
        "bring_home": bring_home,
        "end": end_programme,
    }
    FORMS = {"pause": PauseForm, "extend": LastDayForm, "bring_home": HomeForm, "end": NoteForm}
    action: str

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.action = kwargs["action"]
        if self.action not in self.VERBS:
            raise Http404
        self.form_class = self.FORMS.get(self.action, self.form_class)
        self.kind = "danger-solid" if PROGRAMME_STEPS[self.action].kind == "danger" else "primary"
        return super().subject_of(pk)

    @classmethod
    def form_for(cls, action: str, programme: Programme) -> Any:
        """The form in the dialog of one step, None where it asks for nothing."""
        form = cls.FORMS.get(action)
        return form and form(auto_id=f"{action}_%s", initial={"ends_on": programme.ends_on})

    def initial(self) -> dict[str, Any]:
        return {"ends_on": self.programme.ends_on}

    def title(self) -> Sentence:
        return PROGRAMME_STEPS[self.action].title

    def text(self) -> Sentence:
        return PROGRAMME_STEPS[self.action].text

    def label(self) -> Sentence:
        return PROGRAMME.transition(self.action).label

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        self.VERBS[self.action](programme=self.programme, actor=self.actor, **cleaned)
        return PROGRAMME_STEPS[self.action].done


class Replan(ProgrammeAct):
    def title(self) -> str:
        return _("Reckon the planned dates again?")

    def text(self) -> str:
        return _(
            "After closed days were added or taken away. Dates moved by hand go back to the rule; past ones stay."
        )

    def label(self) -> str:
        return _("Reckon again")

    def act(self, cleaned: dict[str, Any]) -> str:
        moved = replan_periods(programme=self.programme, actor=self.actor)
        return (
            _("%(count)s dates were moved.") % {"count": moved} if moved else _("All dates stay as they are.")
        )


class Weekdays(ProgrammeAct):
    """The weekdays on which this school would have its swaps."""

    form_class = WeekdaysForm

    def initial(self) -> dict[str, Any]:
        return {"weekdays": self.programme.weekdays}

    def title(self) -> str:
        return _("On which weekdays does %(school)s want its swaps?") % {"school": self.programme.partner}

    def text(self) -> str:
        return _(
            "Planned swaps go to these weekdays. Those that were moved by hand or are being packed stay."
        )

    def label(self) -> str:
        return _("Keep the weekdays")

    def act(self, cleaned: dict[str, Any]) -> str:
        moved = set_weekdays(programme=self.programme, actor=self.actor, **cleaned)
        return (
            _("The weekdays are kept; %(count)s swaps were moved.") % {"count": moved}
            if moved
            else _("The weekdays are kept. All dates stay as they are.")
        )


class Terms(ProgrammeAct):
    """Name, number of books and interval of one of several programmes."""

    form_class = TermsForm

    def initial(self) -> dict[str, Any]:
        row = self.programme
        return {"label": row.label, "quantity": row.quantity, "interval_months": row.interval_months}

    def title(self) -> str:
        return _("Name, number of books and interval")

    def text(self) -> str:
        return _(
            "One agreement can carry several programmes, such as 60 books for the lower classes and 40 for the upper ones. "
            "Together they bring no more than was agreed."
        )

    def label(self) -> str:
        return _("Keep")

    def act(self, cleaned: dict[str, Any]) -> str:
        set_terms(programme=self.programme, actor=self.actor, **cleaned)
        return _("The programme is changed; deliveries still to come follow it.")


class OpenProgramme(ActPage):
    """From an agreement in force to its programme, or to a further one with a name and a part of the books."""

    template_name = "admin/loans/programme_open.html"
    form_class = OpenProgrammeForm
    opened: Programme | None = None

    def subject_of(self, pk: UUID, **kwargs: Any) -> Agreement:
        agreement: Agreement = self.find(Agreement.objects.for_list(), pk)
        return agreement

    def title(self) -> str:
        return _("Open the lending programme")

    def text(self) -> str:
        if self.subject.programmes.exists():
            return _("A further programme of this agreement, with its own name, number of books and days.")
        return _("All periods up to the end of the agreement are planned, off closed days.")

    def more(self) -> dict[str, Any]:
        """What the partner has or owes from before: whoever opens anew should know it, and agree on it."""
        agreement = self.subject
        return {
            "owed": earlier_balances(
                agreement,
                self.actor,
                clock.today(agreement.office.zone),
                lender=agreement.office_id,
                partner__in=agreement.parties.values("institution"),
            )
        }

    def make_form(self, *data: Any) -> Any:
        agreed = {"quantity": left_of(self.subject) or None}
        profiles = QuotaProfile.objects.filter(office=self.subject.office_id)
        return OpenProgrammeForm(*data, initial=agreed, profiles=profiles)

    def back(self) -> str:
        if self.opened is not None:
            return reverse("work:programme", args=[self.opened.pk])
        return reverse("work:agreement", args=[self.subject.pk])

    def act(self, cleaned: dict[str, Any]) -> str:
        self.opened = open_programme(agreement=self.subject, actor=self.actor, **cleaned)
        return _("The programme is open, and its dates are planned.")
