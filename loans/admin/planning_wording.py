"""Words of the planner's pages: questions before a step, and why a plan came to nothing or leaves somebody out."""

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from libraries.desk import StepWords

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
    "undo": StepWords(
        title=_("Take the adoption back?"),
        text=_(
            "The deliveries promise again what they promised before. Books fixed by hand since then stay."
        ),
        done=_("The adoption was taken back; what was promised before stands again."),
        kind="danger",
        icon="back",
    ),
    "replan": StepWords(
        title=_("Reckon the rest again?"),
        text=_(
            "What has begun, left the house or is being packed stays; of the rest as much as can be. "
            "You see the differences before anything changes."
        ),
        done=_("The rest is being reckoned. Look at the differences, then adopt it."),
        icon="swap",
    ),
    "discard": StepWords(
        title=_("Discard the plan?"),
        text=_("It stays readable, and nothing of it is adopted."),
        done=_("The plan was discarded; nothing has changed."),
        kind="danger",
        icon="bin",
    ),
}
PLAN_ALSO = {"ask": _("Asked for"), "cancel": _("Reckoning stopped")}
WHY_LEFT_OUT = {
    "nothing_planned": _("no planned delivery that is not being packed yet"),
    "other_rhythm": _("swaps on other days than most; plan it with its own start"),
}

BOOK_STEPS: dict[str, StepWords] = {
    "lock": StepWords(
        title=_("Fix “%(title)s” in this delivery?"),
        text=_("Every later plan keeps it there."),
        done=_("“%(title)s” is fixed."),
    ),
    "unlock": StepWords(
        title=_("Release “%(title)s”?"),
        text=_("It stays planned until the next plan, which may choose another book."),
        done=_("“%(title)s” is released; the next plan decides about it."),
    ),
    "remove": StepWords(
        title=_("Take “%(title)s” out of this delivery?"),
        text=_("Its place is filled by the next plan, or when the delivery is proposed."),
        done=_("“%(title)s” was taken out."),
    ),
}


def left_out_words(code: str) -> str:
    return str(WHY_LEFT_OUT.get(code, say("not in this plan")))
