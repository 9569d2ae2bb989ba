"""How the pages speak of each step in an agreement's life, and of the kinds of agreements."""

from django.utils.translation import gettext_lazy as _

from agreements.choices import AgreementKind
from agreements.choices import AgreementStatus as S
from libraries.desk import StepWords

# A sentence for each kind: what it is, and when one takes it (A1).
KINDS = {
    AgreementKind.MOU: _(
        "Memorandum of understanding (MoU): two institutions say that they want to work together. Details follow in "
        "a PKS or a work plan under it."
    ),
    AgreementKind.PKS: _(
        "Cooperation agreement (PKS): who does what, how much, how often. Written, numbered and signed by both sides."
    ),
    AgreementKind.WORK_PLAN: _(
        "Work plan (derived activity): carries out a MoU or PKS that is in force, also one that somebody above you "
        "has signed."
    ),
    AgreementKind.ADDENDUM: _(
        "Addendum: changes some terms of an agreement in force. Everything it does not mention stays as it is."
    ),
    AgreementKind.IMPLICIT: _(
        "Implicit agreement: agreed by word of mouth. You note who agreed, when and how, and look at it again after "
        "some months."
    ),
}

STEPS: dict[str, StepWords] = {
    "negotiate": StepWords(
        title=_("Put the draft before the partner?"),
        text=_(
            "From now on the partner reads the text in its portal, writes remarks and agrees to it. You can still change "
            "everything."
        ),
        done=_("The partner can read the draft now and has been told."),
        icon="people",
    ),
    "send_to_review": StepWords(
        title=_("Send to legal review?"),
        text=_("The text stays as it is while it is looked at. An earlier review no longer counts."),
        done=_("It is in legal review. Record here when the review is passed, or send it back."),
        icon="search",
    ),
    "pass_review": StepWords(
        title=_("Is the review passed?"),
        text=_("Write down who found the text in order, and on which day."),
        done=_("The review is recorded. The agreement can be sent for signature."),
        kind="primary",
        icon="check",
    ),
    "send_back": StepWords(
        title=_("Send it back from review?"),
        text=_("Say what has to change. The text can be edited again afterwards."),
        done=_("It is back in negotiation."),
        icon="back",
    ),
    "submit": StepWords(
        title=_("Send for signature?"),
        text=_(
            "The agreement gets its number, and its text and terms are frozen. Afterwards you record each signature. "
            "It can be taken back to draft until the first signature."
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
    "confirm_review": StepWords(
        title=_("What came of the review?"),
        text=_("Both have looked whether the unwritten agreement still holds, and say when they look again."),
        done=_("The review is recorded."),
        kind="primary",
        icon="check",
    ),
    "reopen": StepWords(
        title=_("Take it back to draft?"),
        text=_("The paper issued is withdrawn; the text can be changed again."),
        done=_("It is a draft again and can be changed."),
        icon="back",
    ),
    "remark": StepWords(
        title=_("Write a remark"),
        text=_("The partner reads it in the portal and is told at once."),
        done=_("Your remark is written down. The partner has been told."),
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

DUTIES: dict[str, StepWords] = {
    "fulfil": StepWords(
        title=_("Is this duty fulfilled?"),
        text="",
        done=_("The duty is ticked off."),
        kind="primary",
        icon="check",
    ),
    "fulfil_partly": StepWords(
        title=_("What is done, what is missing?"),
        text="",
        done=_("It is noted as partly fulfilled."),
        icon="minus",
    ),
    "lapse": StepWords(
        title=_("Let this duty lapse?"),
        text=_("It will not be done any more. The reason is kept."),
        done=_("The duty has lapsed."),
        kind="danger",
        icon="cross",
    ),
    "reopen": StepWords(
        title=_("Open this duty again?"),
        text="",
        done=_("The duty is open again."),
        icon="back",
    ),
}

# Where in its life an agreement is, as one line: the states that lead up to one another, then what came of it.
WRITTEN_WAY = (S.DRAFT, S.NEGOTIATION, S.LEGAL_REVIEW, S.SIGNING, S.ACTIVE)
IMPLICIT_WAY = (S.DRAFT, S.ACTIVE)
