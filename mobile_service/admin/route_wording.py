"""Words of the route planner's pages: questions before a step, and what is said after it."""

from django.utils.translation import gettext_lazy as _

from libraries.desk import StepWords

ROUTE_STEPS: dict[str, StepWords] = {
    "adopt": StepWords(
        title=_("Adopt the plan?"),
        text=_(
            "It becomes the calendar of these days from tomorrow on. What was fixed by hand and what belongs to a series stays; "
            "each school whose visits change is told."
        ),
        done=_("The plan was adopted."),
        kind="primary",
        icon="check",
    ),
    "undo": StepWords(
        title=_("Take the adoption back?"),
        text=_(
            "The calendar of these days stands again as it was before. A school that may have read of the new days is told that they "
            "hold no more."
        ),
        done=_("The adoption was taken back; the calendar before it stands again."),
        kind="danger",
        icon="back",
    ),
    "cancel": StepWords(
        title=_("Stop the reckoning?"),
        text=_("The planner is stopped. The calendar stays as it is."),
        done=_("The plan was cancelled."),
        icon="stop",
    ),
    "retry": StepWords(
        title=_("Reckon the plan again?"),
        text=_("With the stops, vehicles and driving times as they are now."),
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
AGAIN = StepWords(
    title=_("Reckon these days again?"),
    text=_(
        "A new plan with the stops, vehicles and driving times as they are now. What was changed by hand in a plan that nobody has "
        "adopted is kept."
    ),
    done=_("A new plan is being reckoned."),
    icon="swap",
)
ROUTE_ALSO = {"ask": _("Asked for")}
