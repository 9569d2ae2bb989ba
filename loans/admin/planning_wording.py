"""Words of the planner's pages: questions before a step, and why a plan came to nothing or leaves somebody out."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from libraries.desk import StepWords
from loans.planning import Fault, NotPlanned
from loans.services.planner_words import sentences, why_not

PLAN_STEPS: dict[str, StepWords] = {
    "cancel": StepWords(
        title=_("Stop the reckoning?"),
        text=_("The planner is stopped. What is promised to the schools now stays as it is."),
        done=_("The plan was cancelled."),
        icon="stop",
    ),
    "retry": StepWords(
        title=_("Reckon the plan again?"),
        text=_("With the collection and the programmes as they are now."),
        done=_("The plan waits for the planner again."),
        kind="primary",
        icon="right",
    ),
    "discard": StepWords(
        title=_("Discard the plan?"),
        text=_("It stays readable, and nothing of it is adopted."),
        done=_("The plan was discarded; nothing has changed."),
        kind="danger",
        icon="bin",
    ),
}
PLAN_ALSO = {"ask": _("Asked for")}
# How the planner itself ends without an answer.
GAVE_UP = frozenset({"cancelled", "time_limit", "memory", "crashed"})
WHY_LEFT_OUT = {
    "nothing_planned": _("no planned delivery that is not being packed yet"),
    "other_rhythm": _("swaps on other days than most; plan it with its own start"),
}


def fault_sentences(faults: Iterable[Mapping[str, Any]]) -> list[str]:
    """Why there is no plan, and what to do."""
    rows = list(faults)
    if any(row["code"] in GAVE_UP for row in rows):
        return [why_not(NotPlanned(row["code"])) for row in rows]
    if any(row["code"] == "nothing_to_plan" for row in rows):
        return [say("No running programme has a planned delivery left that nobody packs.")]
    return sentences(tuple(Fault(row["code"], row["facts"]) for row in rows))


def left_out_words(code: str) -> str:
    return str(WHY_LEFT_OUT.get(code, say("not in this plan")))
