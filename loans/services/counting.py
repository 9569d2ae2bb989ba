"""Stocktaking: the books of a library at one school are counted, and what is not there is told (L7).

Counting moves no book. The scans are the count (``scanning``); finishing writes the result, book by book, and on each
loan when it was last seen. What was not seen can then be reported as lost, each with a case of its own.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.access import roles_toward
from libraries.models import Institution, User
from loans.choices import CaseKind, LineStatus, StocktakeStatus
from loans.lifecycle import COUNTERS, STOCKTAKE
from loans.models import Case, Consignment, LoanLine, Scan, Stocktake, StocktakeLine
from loans.services.claiming import report_loss
from loans.services.judging import COUNTED, EXTRA
from loans.services.locking import hold_stocktake, lock_consignment
from loans.services.places import with_seen
from loans.services.stepping import roles_of, take_step, write_event


@transaction.atomic
def open_stocktake(
    *, lender: Institution, partner: Institution, actor: User, on: date | None = None
) -> Stocktake:
    """The open stocktake of the lender's books at the partner, or a new one.

    Raises NotPermitted, InvalidInput (``date_to_come``), Conflict (``nothing_lent``).
    """
    if not roles_toward(actor, lender=lender.pk, partner=partner.pk) & COUNTERS:
        raise NotPermitted(
            "role_missing", _("Only the circulation desk, an officer, or the school itself counts its books.")
        )
    today = clock.today(lender.zone)
    if on is not None and on > today:
        raise InvalidInput("date_to_come", _("A stocktake cannot be dated in the future."), field="on")
    # The partner's row serialises two people who begin at once.
    Institution.objects.select_for_update(no_key=True).get(pk=partner.pk)
    row = Stocktake.objects.filter(lender=lender, partner=partner, status=StocktakeStatus.OPEN).first()
    if row is None:
        if not Consignment.objects.filter(lender=lender, partner=partner).out().exists():
            raise Conflict(
                "nothing_lent",
                _("%(partner)s holds no books of %(library)s now, so there is nothing to count.")
                % {"partner": partner, "library": lender},
            )
        row = Stocktake.objects.create(lender=lender, partner=partner, on=on or today, opened_by=actor)
        write_event(row, "open", actor=actor, before="")
    return row


@transaction.atomic
def close_stocktake(*, stocktake: Stocktake, actor: User) -> Stocktake:
    """Write the result: every book that should be there, seen or not. Raises Conflict (``nothing_counted``)."""
    fresh = hold_stocktake(stocktake)
    STOCKTAKE.ask("close", fresh.status, roles_of(actor, fresh))
    scans = Scan.objects.filter(stocktake=fresh, undone_at__isnull=True)
    if not scans.filter(reason__in=EXTRA | {COUNTED}).exists():
        raise Conflict("nothing_counted", _("No book has been scanned in this stocktake yet."))
    seen_at = dict(
        scans.filter(reason=COUNTED).values("line_id").annotate(last=Max("at")).values_list("line_id", "last")
    )
    expected = list(
        with_seen(fresh).select_for_update(of=("self",), no_key=True).order_by("copy_id").only("id")
    )
    StocktakeLine.objects.bulk_create(
        StocktakeLine(stocktake=fresh, line=line, seen_at=seen_at.get(line.pk)) for line in expected
    )
    seen = [line for line in expected if line.pk in seen_at]
    for line in seen:
        line.seen_at = seen_at[line.pk]
    LoanLine.objects.bulk_update(seen, ["seen_at"])
    take_step(
        STOCKTAKE,
        "close",
        fresh,
        actor=actor,
        expected_count=len(expected),
        seen_count=len(seen),
        extra_count=scans.filter(reason__in=EXTRA).values("barcode").distinct().count(),
    )
    return fresh


@transaction.atomic
def cancel_stocktake(*, stocktake: Stocktake, actor: User) -> Stocktake:
    """Give the count up; its scans stay on record and say nothing about the books."""
    fresh = hold_stocktake(stocktake)
    take_step(STOCKTAKE, "cancel", fresh, actor=actor)
    return fresh


@transaction.atomic
def report_missing(
    *, stocktake: Stocktake, actor: User, lines: Collection[UUID] | None = None, account: str = ""
) -> list[Case]:
    """Report books that were not seen as lost, in one act; all that still count as being there when none is named.

    Raises NotPermitted, TransitionRefused, InvalidInput (``nothing_given``), Conflict (``nothing_missing``).
    """
    fresh = hold_stocktake(stocktake)
    STOCKTAKE.ask("report_missing", fresh.status, roles_of(actor, fresh))
    if lines is not None and not lines:
        raise InvalidInput("nothing_given", _("Tick the books that are to be reported."), field="lines")
    wanted = missing_lines(fresh).order_by("consignment_id", "copy_id")
    if lines is not None:
        wanted = wanted.filter(pk__in=lines)
    keys = list(wanted.values_list("pk", "consignment_id"))
    if not keys:
        raise Conflict(
            "nothing_missing",
            _("None of these books is missing any more: they came back, or are reported already."),
        )
    # All deliveries before the first book, as every verb does that touches several.
    touched = Consignment.objects.filter(pk__in={key for _line, key in keys}).order_by("pk")
    consignments = {row.pk: lock_consignment(row) for row in touched}
    cases = []
    for line in LoanLine.objects.filter(pk__in=[pk for pk, _key in keys]).order_by("copy_id"):
        line.consignment = consignments[line.consignment_id]
        cases.append(report_loss(line=line, actor=actor, kind=CaseKind.LOST, account=account))
    write_event(fresh, "report_missing", actor=actor, note=", ".join(case.code for case in cases))
    return cases


def missing_lines(stocktake: Stocktake) -> "QuerySet[LoanLine]":
    """Books that a finished stocktake did not see and that still count as being there, without an open report."""
    return LoanLine.objects.filter(
        countings__stocktake=stocktake, countings__seen_at__isnull=True, status=LineStatus.OUT
    ).exclude(copy__in=Case.objects.open().values("copy"))
