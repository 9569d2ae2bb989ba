"""The life of an agreement (A3), as two tables: one for written kinds, one for implicit ones; and of its obligations.

``office:`` is the institution that keeps the agreement in this system; ``partner:`` its main partner; ``clock`` is the
timetable, and what another agreement's step brings about.
"""

from django.utils.translation import gettext_lazy as _

from agreements.choices import (
    OPEN_REQUESTS,
    WRITTEN_KINDS,
    ActivityStatus,
    BookingStatus,
    EvaluationStatus,
    ObligationStatus,
)
from agreements.choices import AgreementStatus as S
from agreements.choices import RequestStatus as R
from kerjasama.domain.lifecycle import CLOCK, Life, step

KEEPS = {"office:officer", "office:head"}
# A partner is a school with its contact, or a library that works with this system itself.
PARTNER = {"partner:school_contact", "partner:officer", "partner:head"}
STATES = dict(S.choices)

WRITTEN = Life(
    name="written agreement",
    start=S.DRAFT,
    states={key: label for key, label in STATES.items() if key != S.SUPERSEDED},
    steps=(
        step("negotiate", S.DRAFT, S.NEGOTIATION, KEEPS, _("Put before the partner")),
        step(
            "remark",
            {S.NEGOTIATION, S.LEGAL_REVIEW, S.SIGNING},
            None,
            KEEPS | PARTNER,
            _("Write a remark"),
            needs=("note",),
        ),
        step("agree", S.NEGOTIATION, None, PARTNER, _("Agree to the text")),
        step("send_to_review", {S.DRAFT, S.NEGOTIATION}, S.LEGAL_REVIEW, KEEPS, _("Send to legal review")),
        step(
            "pass_review",
            S.LEGAL_REVIEW,
            None,
            KEEPS,
            _("Record that the review is passed"),
            needs=("reviewed_by", "reviewed_on"),
        ),
        step("send_back", S.LEGAL_REVIEW, S.NEGOTIATION, KEEPS, _("Send back from review"), needs=("note",)),
        step("submit", {S.DRAFT, S.NEGOTIATION, S.LEGAL_REVIEW}, S.SIGNING, KEEPS, _("Send for signature")),
        step("reopen", {S.NEGOTIATION, S.SIGNING}, S.DRAFT, KEEPS, _("Back to draft"), needs=("note",)),
        step("sign", S.SIGNING, None, KEEPS, _("Record a signature"), needs=("party", "signed_on")),
        step("unsign", S.SIGNING, None, KEEPS, _("Take a signature back"), needs=("party", "note")),
        step("activate", S.SIGNING, S.ACTIVE, {*KEEPS, CLOCK}, _("Bring into force")),
        step("expire", S.ACTIVE, S.EXPIRED, {CLOCK}, _("Expire")),
        step("pass_on", {S.ACTIVE, S.EXPIRED}, S.RENEWED, {CLOCK}, _("Go on in a new term")),
        step("terminate", S.ACTIVE, S.TERMINATED, KEEPS, _("Terminate"), needs=("note",)),
        step(
            "cancel",
            {S.DRAFT, S.NEGOTIATION, S.LEGAL_REVIEW, S.SIGNING},
            S.CANCELLED,
            KEEPS,
            _("Cancel the agreement"),
            needs=("note",),
        ),
    ),
)

IMPLICIT = Life(
    name="implicit agreement",
    start=S.DRAFT,
    states={
        key: label for key, label in STATES.items() if key not in (S.NEGOTIATION, S.LEGAL_REVIEW, S.SIGNING)
    },
    steps=(
        step("activate", S.DRAFT, S.ACTIVE, KEEPS, _("Bring into force")),
        step(
            "confirm_review",
            S.ACTIVE,
            None,
            KEEPS,
            _("Record the review"),
            needs=("note", "next_review_on"),
        ),
        step("expire", S.ACTIVE, S.EXPIRED, {CLOCK}, _("Expire")),
        step("pass_on", {S.ACTIVE, S.EXPIRED}, S.RENEWED, {CLOCK}, _("Go on in a new term")),
        step("supersede", S.ACTIVE, S.SUPERSEDED, {CLOCK}, _("Give way to the written agreement")),
        step("terminate", S.ACTIVE, S.TERMINATED, KEEPS, _("Terminate"), needs=("note",)),
        step("cancel", S.DRAFT, S.CANCELLED, KEEPS, _("Cancel the agreement"), needs=("note",)),
    ),
)

# A5: rows that both sides tick. ``party:`` is the institution whose duty it is.
OF_PARTY = {"party:school_contact", "party:officer", "party:head"}
OBLIGATION = Life(
    name="obligation",
    start=ObligationStatus.OPEN,
    states=dict(ObligationStatus.choices),
    steps=(
        step(
            "fulfil_partly",
            ObligationStatus.OPEN,
            ObligationStatus.PARTLY,
            {*KEEPS, *OF_PARTY},
            _("Partly fulfilled"),
            needs=("note",),
        ),
        step(
            "fulfil",
            {ObligationStatus.OPEN, ObligationStatus.PARTLY},
            ObligationStatus.FULFILLED,
            {*KEEPS, *OF_PARTY},
            _("Fulfilled"),
        ),
        step(
            "lapse",
            {ObligationStatus.OPEN, ObligationStatus.PARTLY},
            ObligationStatus.LAPSED,
            KEEPS,
            _("Let it lapse"),
            needs=("note",),
        ),
        step(
            "reopen",
            {ObligationStatus.PARTLY, ObligationStatus.FULFILLED, ObligationStatus.LAPSED},
            ObligationStatus.OPEN,
            KEEPS,
            _("Open again"),
            needs=("note",),
        ),
    ),
)


def life_of(kind: str) -> Life:
    """The table that an agreement of this kind lives by."""
    return WRITTEN if kind in WRITTEN_KINDS else IMPLICIT


# Who leads what is done together. ``guest:`` is an institution that was invited.
RUNS = {"office:officer", "office:head", "office:circulation", "office:coordinator"}
GUESTS = {f"guest:{role}" for role in ("school_contact", "officer", "head", "circulation", "coordinator")}

ACTIVITY = Life(
    name="activity",
    start=ActivityStatus.PLANNED,
    states=dict(ActivityStatus.choices),
    steps=(
        step(
            "invite",
            {ActivityStatus.PLANNED, ActivityStatus.INVITED},
            ActivityStatus.INVITED,
            RUNS,
            _("Invite"),
            needs=("institutions",),
        ),
        step("accept", ActivityStatus.INVITED, None, GUESTS, _("We come")),
        step("decline", ActivityStatus.INVITED, None, GUESTS, _("We cannot come"), needs=("note",)),
        step(
            "finish",
            {ActivityStatus.PLANNED, ActivityStatus.INVITED},
            ActivityStatus.DONE,
            RUNS,
            _("Record as done"),
        ),
        step("correct", ActivityStatus.DONE, None, RUNS, _("Correct what was recorded")),
        step(
            "cancel",
            {ActivityStatus.PLANNED, ActivityStatus.INVITED},
            ActivityStatus.CANCELLED,
            RUNS,
            _("Call off"),
            needs=("note",),
        ),
    ),
)

OWNER = {f"owner:{role}" for role in ("officer", "head", "circulation", "coordinator")}
BORROWER = {
    f"borrower:{role}" for role in ("school_contact", "officer", "head", "circulation", "coordinator")
}

BOOKING = Life(
    name="booking",
    start=BookingStatus.REQUESTED,
    states=dict(BookingStatus.choices),
    steps=(
        step("confirm", BookingStatus.REQUESTED, BookingStatus.CONFIRMED, OWNER, _("Confirm the booking")),
        step(
            "decline",
            BookingStatus.REQUESTED,
            BookingStatus.DECLINED,
            OWNER,
            _("Decline the booking"),
            needs=("note",),
        ),
        step(
            "cancel",
            {BookingStatus.REQUESTED, BookingStatus.CONFIRMED},
            BookingStatus.CANCELLED,
            {*OWNER, *BORROWER},
            _("Cancel the booking"),
            needs=("note",),
        ),
        step(
            "take_back",
            BookingStatus.CONFIRMED,
            BookingStatus.RETURNED,
            OWNER,
            _("Receive it back"),
            needs=("condition",),
        ),
    ),
)


# A request has the office and the partner, and it has who asked and who was asked: with our own outreach the office asks,
# and the partner is invited. ``link`` is the role of a stranger who holds the secret link.
ASKED = {"asked:officer", "asked:head", "asked:school_contact"}
ASKER = {"asker:officer", "asker:head", "asker:school_contact", "asker:link"}
INVITED = {"invited:officer", "invited:head", "invited:school_contact"}

REQUEST = Life(
    name="cooperation request",
    start=R.UNCONFIRMED,
    states=dict(R.choices),
    steps=(
        step("confirm", R.UNCONFIRMED, R.RECEIVED, {"asker:link"}, _("Confirm")),
        step("discuss", R.RECEIVED, R.DISCUSSING, KEEPS, _("Take up the talk")),
        step("show_interest", OPEN_REQUESTS, R.DISCUSSING, INVITED, _("We are interested")),
        step("meet", OPEN_REQUESTS, R.DISCUSSING, KEEPS, _("Set a meeting"), needs=("on", "place")),
        step("link", OPEN_REQUESTS, None, KEEPS, _("Say which institution it is"), needs=("institution",)),
        step("accept", OPEN_REQUESTS, R.ACCEPTED, KEEPS, _("Accept"), needs=("kind",)),
        step("decline", OPEN_REQUESTS, R.DECLINED, ASKED, _("Decline"), needs=("note",)),
        step("withdraw", OPEN_REQUESTS, R.WITHDRAWN, ASKER, _("Withdraw")),
    ),
)


EVALUATION = Life(
    name="evaluation",
    start=EvaluationStatus.DRAFT,
    states=dict(EvaluationStatus.choices),
    steps=(
        step("finish", EvaluationStatus.DRAFT, EvaluationStatus.FINISHED, KEEPS, _("Finish the evaluation")),
        step(
            "reopen",
            EvaluationStatus.FINISHED,
            EvaluationStatus.DRAFT,
            KEEPS,
            _("Open it again"),
            needs=("note",),
        ),
    ),
)
