"""Handing a delivery over: the books leave, the BAST is numbered, the school is told (L4)."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agreements.services.permits import require_in_force, require_within
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.choices import PaperKind, Role, Tone
from libraries.models import User
from libraries.services.documents import issue_document
from libraries.services.notices import Announcement, announce_all
from loans import addresses
from loans.choices import LineStatus, MoveKind, ProgrammeStatus
from loans.duedates import confirm_by
from loans.lifecycle import CONSIGNMENT, DESK, PERIOD
from loans.models import Consignment, LoanLine
from loans.papers import Drawn
from loans.services.crating import shut_boxes
from loans.services.custody import Move, move_copies
from loans.services.locking import in_shelf_order, lock_for_handover, lock_lines
from loans.services.printing import compose_handover
from loans.services.serving import news_of_wishes, serve_wishes
from loans.services.stepping import roles_of, take_step


@transaction.atomic
def dispatch_consignment(
    *,
    consignment: Consignment,
    actor: User,
    on: date | None = None,
    leave_out_missing: bool = False,
    drawn: Drawn | None = None,
) -> Consignment:
    """Hand over what was scanned. The number of statements does not grow with the number of books (G7).

    ``leave_out_missing`` drops what is on the list but was not scanned; without it that is refused. ``drawn``: both sides
    have signed on the glass of a phone, and their signatures are printed. Raises Conflict
    (``nothing_scanned``, ``not_all_scanned``, ``programme_not_running``), NotPermitted (``not_in_force``),
    LimitReached (``more_than_agreed``), InvalidInput (``date_to_come``), TransitionRefused.
    """
    fresh = lock_for_handover(consignment)
    CONSIGNMENT.ask("dispatch", fresh.status, roles_of(actor, fresh))
    programme = fresh.period.programme
    today = clock.today(fresh.lender.zone)
    day = on or today
    if day > today:
        raise InvalidInput("date_to_come", _("A handover cannot be dated in the future."), field="on")
    require_in_force(programme.agreement, day)
    if programme.status != ProgrammeStatus.RUNNING:
        raise Conflict(
            "programme_not_running",
            _("The programme is %(status)s. Resume it before handing books over.")
            % {"status": programme.get_status_display()},
            facts={"state": programme.status},
        )
    lines = list(
        lock_lines(Q(consignment=fresh, status__in=[LineStatus.PROPOSED, LineStatus.PICKED])).select_related(
            "copy__title", "box"
        )
    )
    scanned = [line for line in lines if line.status == LineStatus.PICKED]
    waiting = len(lines) - len(scanned)
    if not scanned:
        raise Conflict("nothing_scanned", _("No book has been scanned yet. Scan the books first."))
    if waiting and not leave_out_missing:
        raise Conflict(
            "not_all_scanned",
            _("%(count)s books on the list were not scanned. Scan them, or confirm that they stay here.")
            % {"count": waiting},
            facts={"waiting": waiting},
        )
    require_within(programme.agreement, len(scanned))
    document = issue_document(
        issuer=fresh.lender,
        recipient=fresh.partner,
        kind=PaperKind.HANDOVER,
        title=lambda: (
            _("Handover of %(count)s books to %(partner)s")
            % {"count": len(scanned), "partner": fresh.partner}
        ),
        template="handover",
        compose=lambda number, verification: compose_handover(
            fresh, in_shelf_order(scanned), number, verification, day, drawn
        ),
        on=day,
        actor=actor,
        item_count=len(scanned),
    )
    move_copies(
        [Move(line.copy_id, line.pk, line.copy.condition) for line in scanned],
        kind=MoveKind.DISPATCH,
        partner_id=fresh.partner_id,
        actor=actor,
        on=day,
    )
    if any(line.box is not None and line.box.is_open for line in scanned):
        shut_boxes(fresh, actor)
    if waiting:
        LoanLine.objects.filter(consignment=fresh, status=LineStatus.PROPOSED).update(
            status=LineStatus.DROPPED
        )
    take_step(
        CONSIGNMENT,
        "dispatch",
        fresh,
        actor=actor,
        dispatched_on=day,
        confirm_by=confirm_by(day, programme.receipt_days),
        due_on=fresh.period.ends_on,
        handover_document=document,
    )
    # The desk that hands over also begins the period; who may do the one may do the other.
    take_step(PERIOD, "begin", fresh.period, actor=actor, roles=DESK)
    assert fresh.confirm_by is not None
    delivered = Announcement(
        recipient=fresh.partner,
        sender=fresh.lender,
        rule="delivered",
        subject_kind="consignment",
        subject_id=fresh.pk,
        due_on=fresh.confirm_by,
        tone=Tone.DUE,
        context={
            "lender": fresh.lender.name,
            "partner": fresh.partner.name,
            "count": len(scanned),
            "code": fresh.code,
            "on": day,
            "due_on": fresh.due_on,
            "number": document.number,
        },
        path=addresses.receipt_for_partner(fresh.pk),
        roles=[Role.SCHOOL_CONTACT],
    )
    served = serve_wishes(fresh, (line.copy.title_id for line in scanned), actor=actor, on=day)
    announce_all([delivered, *([news_of_wishes(fresh.lender, fresh.partner)] if served else [])])
    return fresh
