"""How the pages speak of each step in an agreement's life, and of the forms' sections."""

from django.utils.translation import gettext_lazy as _

from libraries.desk import StepWords

STEPS: dict[str, StepWords] = {
    "submit": StepWords(
        title=_("Send for signature?"),
        text=_(
            "The agreement gets its number, and its text and terms are frozen. Afterwards you record each signature. "
            "It can be taken back to draft as long as it is not in force."
        ),
        done=_("The agreement has its number and waits for signatures. Print it from “Papers”."),
        kind="primary",
        icon="right",
    ),
    "activate": StepWords(
        title=_("Bring into force?"),
        text=_("From now on its terms hold: deliveries can be planned and lent under it."),
        done=_("The agreement is in force."),
        kind="primary",
        icon="check",
    ),
    "reopen": StepWords(
        title=_("Take it back to draft?"),
        text=_("Signatures recorded so far no longer count, and the paper issued is withdrawn."),
        done=_("It is a draft again and can be changed."),
        icon="back",
    ),
    "terminate": StepWords(
        title=_("Terminate the agreement before its time?"),
        text=_(
            "Nothing more is lent under it. Books that are out still have to come back. This cannot be undone."
        ),
        done=_("The agreement is terminated."),
        kind="danger",
        icon="stop",
    ),
    "cancel": StepWords(
        title=_("Give up this agreement?"),
        text=_("It will never come into force. It stays in the list as cancelled."),
        done=_("The agreement is cancelled."),
        kind="danger",
        icon="cross",
    ),
}

ALSO = {
    "draft": _("Draft begun"),
    "request": _("Begun from a request"),
    "attach_scan": _("Signed scan attached"),
}
