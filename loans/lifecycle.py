"""The lives of what is lent, as tables. ``lender:`` and ``partner:`` say on which side the actor stands."""

from collections.abc import Set

from django.utils.translation import gettext_lazy as _

from kerjasama.domain.lifecycle import CLOCK, Life, step
from loans.choices import (
    OPEN_CASES,
    OPEN_WISHES,
    OWED_CASES,
    CaseKind,
    CaseStatus,
    ConsignmentStatus,
    PeriodStatus,
    PlanStatus,
    ProgrammeStatus,
    StocktakeStatus,
    VisitStatus,
    WishStatus,
)

DESK = {"lender:circulation", "lender:officer"}
SCHOOL = {"partner:school_contact"}

PROGRAMME = Life(
    name="programme",
    start=ProgrammeStatus.RUNNING,
    states=dict(ProgrammeStatus.choices),
    steps=(
        step("pause", ProgrammeStatus.RUNNING, ProgrammeStatus.PAUSED, DESK, _("Pause"), needs=("note",)),
        step("resume", ProgrammeStatus.PAUSED, ProgrammeStatus.RUNNING, {*DESK, CLOCK}, _("Resume")),
        step(
            "extend",
            {ProgrammeStatus.RUNNING, ProgrammeStatus.PAUSED},
            None,
            DESK,
            _("Change the last day"),
            needs=("ends_on",),
        ),
        step(
            "bring_home",
            {ProgrammeStatus.RUNNING, ProgrammeStatus.PAUSED},
            ProgrammeStatus.RETURNING,
            DESK,
            _("Bring everything home"),
            needs=("note",),
        ),
        step(
            "end",
            {ProgrammeStatus.RUNNING, ProgrammeStatus.PAUSED, ProgrammeStatus.RETURNING},
            ProgrammeStatus.ENDED,
            {*DESK, CLOCK},
            _("End"),
            needs=("note",),
        ),
    ),
)

PERIOD = Life(
    name="period",
    start=PeriodStatus.PLANNED,
    states=dict(PeriodStatus.choices),
    steps=(
        step("propose", PeriodStatus.PLANNED, None, DESK, _("Propose books")),
        step("move", PeriodStatus.PLANNED, None, DESK, _("Move the date"), needs=("starts_on",)),
        step("begin", PeriodStatus.PLANNED, PeriodStatus.RUNNING, DESK, _("Begin")),
        step("mark_overdue", PeriodStatus.RUNNING, None, {CLOCK}, _("Mark as late")),
        step("close", PeriodStatus.RUNNING, PeriodStatus.CLOSED, {*DESK, CLOCK}, _("Close")),
        step(
            "cancel",
            PeriodStatus.PLANNED,
            PeriodStatus.CANCELLED,
            {*DESK, CLOCK},
            _("Cancel"),
            needs=("note",),
        ),
        step(
            "skip",
            PeriodStatus.PLANNED,
            PeriodStatus.CANCELLED,
            {*DESK, CLOCK},
            _("Left out for a pause"),
        ),
    ),
)

CONSIGNMENT = Life(
    name="consignment",
    start=ConsignmentStatus.PICKING,
    states=dict(ConsignmentStatus.choices),
    steps=(
        step("dispatch", ConsignmentStatus.PICKING, ConsignmentStatus.DISPATCHED, DESK, _("Hand over")),
        step(
            "receive",
            {ConsignmentStatus.DISPATCHED, ConsignmentStatus.FLAGGED},
            ConsignmentStatus.RECEIVED,
            SCHOOL,
            _("Confirm receipt"),
        ),
        step(
            "flag",
            ConsignmentStatus.DISPATCHED,
            ConsignmentStatus.FLAGGED,
            {CLOCK},
            _("Flag as not confirmed"),
        ),
        step(
            "take_back",
            {ConsignmentStatus.DISPATCHED, ConsignmentStatus.FLAGGED, ConsignmentStatus.RECEIVED},
            None,
            DESK,
            _("Take books back"),
        ),
        step(
            "report_loss",
            {ConsignmentStatus.DISPATCHED, ConsignmentStatus.FLAGGED, ConsignmentStatus.RECEIVED},
            None,
            {*DESK, *SCHOOL},
            _("Report a loss"),
        ),
        step(
            "close",
            {ConsignmentStatus.DISPATCHED, ConsignmentStatus.FLAGGED, ConsignmentStatus.RECEIVED},
            ConsignmentStatus.CLOSED,
            {*DESK, CLOCK},
            _("Close"),
        ),
        step(
            "cancel",
            ConsignmentStatus.PICKING,
            ConsignmentStatus.CANCELLED,
            DESK,
            _("Cancel"),
            needs=("note",),
        ),
    ),
)

CASE = Life(
    name="case",
    start=CaseStatus.REPORTED,
    states=dict(CaseStatus.choices),
    steps=(
        step("assess", CaseStatus.REPORTED, CaseStatus.ASSESSED, DESK, _("Assess"), needs=("demand",)),
        step(
            "offer",
            CaseStatus.ASSESSED,
            CaseStatus.OFFERED,
            {*SCHOOL, *DESK},
            _("Offer a book in its place"),
            needs=("title",),
        ),
        step("accept", CaseStatus.OFFERED, CaseStatus.ACCEPTED, DESK, _("Accept the offer")),
        step("refuse", CaseStatus.OFFERED, CaseStatus.ASSESSED, DESK, _("Refuse the offer"), needs=("note",)),
        step(
            "appeal",
            CaseStatus.ASSESSED,
            CaseStatus.APPEALED,
            {*SCHOOL, *DESK},
            _("Object to the demand"),
            needs=("words",),
        ),
        step(
            "uphold", CaseStatus.APPEALED, CaseStatus.ASSESSED, DESK, _("Uphold the demand"), needs=("note",)
        ),
        step(
            "reduce", CaseStatus.APPEALED, CaseStatus.ASSESSED, DESK, _("Change the demand"), needs=("note",)
        ),
        step(
            "withdraw",
            CaseStatus.APPEALED,
            CaseStatus.SETTLED,
            DESK,
            _("Withdraw the demand"),
            needs=("note",),
        ),
        step("extend", OWED_CASES, None, DESK, _("Give more time"), needs=("due_on",)),
        step("warn", OWED_CASES, None, DESK, _("Write to the head")),
        step(
            "settle",
            {CaseStatus.REPORTED, *OWED_CASES},
            CaseStatus.SETTLED,
            DESK,
            _("Settle"),
            needs=("settlement",),
        ),
        step("find", OPEN_CASES, CaseStatus.FOUND, DESK, _("Found again")),
        step(
            "write_off",
            {CaseStatus.REPORTED, CaseStatus.ASSESSED},
            CaseStatus.WRITTEN_OFF,
            DESK,
            _("Write off"),
            needs=("number", "note"),
        ),
        step(
            "note_write_off",
            {CaseStatus.SETTLED, CaseStatus.WRITTEN_OFF},
            None,
            DESK,
            _("Note the write-off decision"),
            needs=("number",),
        ),
        step(
            "retract",
            CaseStatus.REPORTED,
            CaseStatus.RETRACTED,
            {*SCHOOL, *DESK},
            _("Take the report back"),
            needs=("note",),
        ),
        # Only undoing an act on many cases leads back (U14): to the demand, or to the report where none was made.
        step("reopen", CaseStatus.WRITTEN_OFF, CaseStatus.ASSESSED, {CLOCK}, _("Open again")),
        step(
            "reopen_report", CaseStatus.WRITTEN_OFF, CaseStatus.REPORTED, {CLOCK}, _("Open the report again")
        ),
    ),
)


def steps_of_case(kind: str, status: str, roles: Set[str]) -> list[str]:
    """The names of what may be done with a case now. Only what was lost can be found again."""
    return [action for action in CASE.available(status, roles) if action != "find" or kind == CaseKind.LOST]


RETURN_VISIT = Life(
    name="return visit",
    start=VisitStatus.OPEN,
    states=dict(VisitStatus.choices),
    steps=(step("finish", VisitStatus.OPEN, VisitStatus.CLOSED, DESK, _("Finish and print")),),
)

# Either side counts what stands at the school: the library on a visit, the school by itself.
COUNTERS = DESK | SCHOOL
STOCKTAKE = Life(
    name="stocktake",
    start=StocktakeStatus.OPEN,
    states=dict(StocktakeStatus.choices),
    steps=(
        step("count", StocktakeStatus.OPEN, None, COUNTERS, _("Count books"), needs=("barcodes",)),
        step("close", StocktakeStatus.OPEN, StocktakeStatus.CLOSED, COUNTERS, _("Finish counting")),
        step("cancel", StocktakeStatus.OPEN, StocktakeStatus.CANCELLED, COUNTERS, _("Cancel counting")),
        step("report_missing", StocktakeStatus.CLOSED, None, COUNTERS, _("Report as lost")),
    ),
)

# L10. A delivery that brings the title serves the wish by itself; a subject, or a book that was typed, the desk.
WISH = Life(
    name="wish",
    start=WishStatus.OPEN,
    states=dict(WishStatus.choices),
    steps=(
        step("promise", OPEN_WISHES, WishStatus.PLANNED, DESK, _("Promise"), needs=("period",)),
        step("serve", OPEN_WISHES, WishStatus.SERVED, DESK, _("Record as fulfilled")),
        # A plan promises and, when it is changed, takes the promise back.
        step("release", WishStatus.PLANNED, WishStatus.OPEN, DESK, _("Put back")),
        step("decline", OPEN_WISHES, WishStatus.DECLINED, DESK, _("Decline"), needs=("note",)),
        step("withdraw", OPEN_WISHES, WishStatus.WITHDRAWN, SCHOOL, _("Take the wish back")),
    ),
)

PLAN = Life(
    name="rotation plan",
    start=PlanStatus.WAITING,
    states=dict(PlanStatus.choices),
    steps=(
        step("begin", PlanStatus.WAITING, PlanStatus.RUNNING, {CLOCK}, _("Begin")),
        step("finish", PlanStatus.RUNNING, PlanStatus.READY, {CLOCK}, _("Finish")),
        step("fail", PlanStatus.RUNNING, PlanStatus.FAILED, {CLOCK}, _("Give up")),
        step("retry", PlanStatus.FAILED, PlanStatus.WAITING, DESK, _("Try again")),
        step(
            "cancel",
            {PlanStatus.WAITING, PlanStatus.RUNNING},
            PlanStatus.CANCELLED,
            DESK,
            _("Stop the reckoning"),
        ),
        step("adopt", {PlanStatus.READY, PlanStatus.ADOPTED}, PlanStatus.ADOPTED, DESK, _("Adopt")),
        step("undo", PlanStatus.ADOPTED, PlanStatus.READY, DESK, _("Take the adoption back")),
        step("replan", PlanStatus.ADOPTED, None, DESK, _("Reckon the rest again")),
        step("discard", PlanStatus.READY, PlanStatus.DISCARDED, DESK, _("Discard")),
    ),
)
