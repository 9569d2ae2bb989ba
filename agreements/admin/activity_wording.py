"""How the pages speak of each step of an activity and of a booking."""

from django.utils.translation import gettext_lazy as _

from libraries.desk import StepWords

ACTIVITY_STEPS: dict[str, StepWords] = {
    "invite": StepWords(
        title=_("Whom do you invite?"),
        text=_("Each gets a mail and sees the invitation in the portal, where it answers."),
        done=_("The invitations are on their way."),
        icon="mail",
    ),
    "finish": StepWords(
        title=_("How did it go?"),
        text=_("Counts by group, never names of pupils. Everything can be put right afterwards."),
        done=_("It is recorded as done."),
        kind="primary",
        icon="check",
    ),
    "correct": StepWords(
        title=_("Correct what was recorded"),
        text=_("Counts by group, never names of pupils."),
        done=_("It is put right."),
        icon="edit",
    ),
    "cancel": StepWords(
        title=_("Call it off?"),
        text=_("Those who were invited are told at once, with your reason."),
        done=_("It is called off."),
        kind="danger",
        icon="cross",
    ),
    "accept": StepWords(
        title=_("You come?"),
        text="",
        done=_("Thank you. The library knows that you come."),
        kind="primary",
        icon="check",
    ),
    "decline": StepWords(
        title=_("You cannot come?"),
        text="",
        done=_("The library knows that you cannot come."),
        icon="cross",
    ),
}

ACTIVITY_ALSO = {
    "plan": _("Put on the calendar"),
    "revise": _("Plan changed"),
    "accept_interns": _("Letter of acceptance issued"),
    "certify": _("Certificates issued"),
    "issue_minutes": _("Minutes issued"),
    "erase": _("Names of interns erased"),
}

BOOKING_STEPS: dict[str, StepWords] = {
    "confirm": StepWords(
        title=_("Give the tool for this time?"),
        text=_("Nobody else can have it then. The other side is told at once."),
        done=_("The booking is confirmed."),
        kind="primary",
        icon="check",
    ),
    "decline": StepWords(
        title=_("Decline the booking?"),
        text=_("The other side reads your reason."),
        done=_("The booking is declined."),
        icon="cross",
    ),
    "take_back": StepWords(
        title=_("Is the tool back?"),
        text=_("From now on it is free for others."),
        done=_("The tool is back."),
        kind="primary",
        icon="back",
    ),
    "cancel": StepWords(
        title=_("Cancel the booking?"),
        text=_("The other side reads your reason."),
        done=_("The booking is cancelled."),
        kind="danger",
        icon="stop",
    ),
}

BOOKING_ALSO = {"request": _("Asked for")}
