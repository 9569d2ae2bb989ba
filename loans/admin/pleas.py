"""What follows a demand at the desk (L8): answers to the school, more time, the last letter, a write-off."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from kerjasama.pages.templatetags.house import plain_date
from loans.admin.case_forms import CASE_FORMS, initial_of
from loans.admin.cases import CaseAct
from loans.admin.wording import CASE_STEPS
from loans.lifecycle import CASE
from loans.services import ending_cases, pleading

SERVICES = {
    "offer": pleading.offer_replacement,
    "accept": pleading.accept_offer,
    "refuse": pleading.refuse_offer,
    "appeal": pleading.appeal_case,
    "uphold": pleading.uphold_demand,
    "reduce": pleading.reduce_demand,
    "withdraw": pleading.withdraw_demand,
    "extend": ending_cases.extend_case,
    "warn": ending_cases.warn_partner,
    "write_off": ending_cases.write_off_case,
    "note_write_off": ending_cases.note_write_off,
    "retract": ending_cases.retract_report,
}


class CaseStep(CaseAct):
    """One step of a case after the demand, by its name in the address; each has its own form and words."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.action = kwargs.pop("action")
        if self.action not in SERVICES:
            raise Http404
        self.words = CASE_STEPS[self.action]
        self.kind = "danger-solid" if CASE_STEPS[self.action].kind == "danger" else "primary"
        return super().dispatch(request, *args, **kwargs)

    def make_form(self, *data: Any) -> Any:
        return CASE_FORMS[self.action](*data, initial=initial_of(self.action, self.case), **self._for_form())

    def _for_form(self) -> dict[str, Any]:
        return {"case": self.case} if self.action == "reduce" else {}

    def title(self) -> Any:
        return CASE_STEPS[self.action].title

    def text(self) -> Any:
        return CASE_STEPS[self.action].text

    def label(self) -> Any:
        return CASE.transition(self.action).label

    def more(self) -> dict[str, Any]:
        return {**super().more(), "plea": self.case.pleas.filter(answer="").first()}

    def act(self, cleaned: dict[str, Any]) -> str:
        given = {name: value for name, value in cleaned.items() if value not in ("", None)}
        done = SERVICES[self.action](case=self.case, actor=self.actor, **given)
        said = str(CASE_STEPS[self.action].done)
        if done.is_open and self.action in ("accept", "refuse", "uphold", "reduce", "extend"):
            return f"{said} " + _("It is due on %(day)s.") % {"day": plain_date(done.due_on)}
        return said
