"""How the desk speaks of each step in the life of a request."""

from django.utils.translation import gettext_lazy as _

from libraries.desk import StepWords

STEPS: dict[str, StepWords] = {
    "discuss": StepWords(
        title=_("Take the matter up?"),
        text=_(
            "Colleagues see that somebody deals with it, for instance by telephone. The other side is not told."
        ),
        done=_("The request is in discussion."),
        icon="check",
    ),
    "show_interest": StepWords(
        title=_("You are interested?"),
        text=_("The library is told, and comes back to you. Nothing is agreed by that yet."),
        done=_("Thank you. The library knows that you are interested."),
        kind="primary",
        icon="check",
    ),
    "decline": StepWords(
        title=_("Decline the request?"),
        text=_("The other side reads your reason, and the matter is closed."),
        done=_("The request is declined, and the other side is told."),
        kind="danger",
        icon="cross",
    ),
    "withdraw": StepWords(
        title=_("Withdraw the request?"),
        text=_("The other side is told that nothing more is needed."),
        done=_("The request is withdrawn."),
        kind="danger",
        icon="cross",
    ),
}
