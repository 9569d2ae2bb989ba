"""A year of one office's rotation with a moving clock: planned, adopted, delivered, swapped, lost, planned again.

Shared by the journey of the suite (a small town) and by ``make bench ARGS=year`` (the offices of the demo at full size). Every step
is a verb of the services; nothing is written past them. What is checked at the end is recounted from the ledger, not remembered.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count

from agreements.tasks import keep_terms, remind_expiring
from kerjasama.domain import clock
from libraries.catalogue.models import Copy
from libraries.choices import Role
from libraries.models import Institution, Membership, User
from libraries.tasks import address_notices
from loans.choices import CaseStatus, LineStatus, MoveKind, PeriodStatus, ProgrammeStatus
from loans.models import Case, Consignment, CustodyMove, LoanLine, Period, PlannedBook, RotationPlan
from loans.services.adopting import adopt_plan
from loans.services.claiming import assess_case, report_loss, settle_case
from loans.services.custody import Move, check_custody, move_copies
from loans.services.dispatching import dispatch_consignment
from loans.services.proposing import propose_consignment
from loans.services.receiving import confirm_receipt
from loans.services.returning import ReturnedCopy, finish_return_visit, open_return_visit, return_copies
from loans.services.rotating import ask_plan, run_waiting_plans
from loans.tasks import flag_silent_receipts, open_programmes, send_due_reminders, track_returns

NIGHTLY = (
    keep_terms,
    open_programmes,
    track_returns,
    flag_silent_receipts,
    send_due_reminders,
    remind_expiring,
    address_notices,
)
OUT = (LineStatus.OUT, LineStatus.LOST)


@dataclass
class Told:
    """What became of the year, counted while it went by; the rest is asked of the database by ``OfficeYear.faults``."""

    plans: list[RotationPlan] = field(default_factory=list)
    deliveries: int = 0
    books: int = 0
    short: int = 0
    as_planned: int = 0
    kept_behind: int = 0
    losses: int = 0
    silent: int = 0


class OfficeYear:
    """``every``: of so many deliveries one loses a book, and one comes back two books short. Deterministic."""

    def __init__(self, office: Institution, desk: User, *, every: int = 7) -> None:
        self.office, self.desk, self.every = office, desk, every
        self.told = Told()
        self.contacts: dict[UUID, User] = {
            row.institution_id: row.user
            for row in Membership.objects.filter(role=Role.SCHOOL_CONTACT).select_related("user")
        }

    def live(self, first: date, *, months: int = 12) -> Told:
        """From ``first`` on, day by day of swaps; planned at once, and again in the middle of the year."""
        last = clock.add_months(first, months)
        self.plan(first)
        days = self._days(first, last)
        for day in days:
            with clock.pretend(at(day)):
                self._night()
                self._swaps(day)
            if day == days[len(days) // 2]:
                self.plan(day + timedelta(days=1))
        with clock.pretend(at(last)):
            self._night()
        return self.told

    def plan(self, starts_on: date) -> None:
        """Asked for, reckoned by the planner's own process, and adopted for every school."""
        with clock.pretend(at(starts_on)):
            plan = ask_plan(office=self.office, actor=self.desk, starts_on=starts_on, periods=4)
            while run_waiting_plans():
                pass
        plan.refresh_from_db()
        if plan.status != "ready":
            raise RuntimeError(f"no plan for {self.office}: {plan.status} {plan.faults}")
        with clock.pretend(at(starts_on)):
            adopt_plan(plan=plan, actor=self.desk)
        self.told.plans.append(plan)

    def _days(self, first: date, last: date) -> list[date]:
        days = Period.objects.filter(
            programme__lender=self.office, status=PeriodStatus.PLANNED, starts_on__range=(first, last)
        ).values_list("starts_on", flat=True)
        ends = Period.objects.filter(programme__lender=self.office, ends_on__range=(first, last)).values_list(
            "ends_on", flat=True
        )
        return sorted({*days, *ends})

    def _night(self) -> None:
        for task in NIGHTLY:
            task()

    def _swaps(self, day: date) -> None:
        """First everything that is due comes back, then the new hundreds go out: the van calls at each school once."""
        due = Consignment.objects.filter(
            lender=self.office, lines__status=LineStatus.OUT, due_on__lte=day
        ).distinct()
        for consignment in due.order_by("partner__name"):
            self._take_back(consignment)
        periods = Period.objects.filter(
            programme__lender=self.office,
            programme__status=ProgrammeStatus.RUNNING,
            status=PeriodStatus.PLANNED,
            starts_on=day,
        )
        for period in periods.order_by("programme__partner__name"):
            self._deliver(period, day)

    def _deliver(self, period: Period, day: date) -> None:
        consignment = propose_consignment(period=period, actor=self.desk)
        if any(row["reason"] == "planned_not_back" for row in consignment.shortfall):
            # The van cannot wait for what another school keeps: the shelf fills the box.
            consignment = propose_consignment(period=period, actor=self.desk, wait=False)
        lines = list(consignment.lines.filter(status=LineStatus.PROPOSED).order_by("copy_id"))
        if not lines:
            return
        planned = set(PlannedBook.objects.filter(period=period).values_list("title_id", flat=True))
        titles = Copy.objects.filter(pk__in=[line.copy_id for line in lines]).values_list(
            "title_id", flat=True
        )
        move_copies(
            [Move(line.copy_id, line.pk) for line in lines],
            kind=MoveKind.PICK,
            partner_id=consignment.partner_id,
            actor=self.desk,
            on=day,
        )
        sent = dispatch_consignment(consignment=consignment, actor=self.desk)
        told = self.told
        told.deliveries += 1
        told.books += len(lines)
        told.short += consignment.quantity - len(lines)
        told.as_planned += sum(title in planned for title in titles)
        contact = self.contacts.get(consignment.partner_id)
        if contact is None:
            told.silent += 1
        else:
            confirm_receipt(consignment=sent, actor=contact)
        if told.deliveries % self.every == 3:
            self._lose(sent, contact or self.desk)

    def _take_back(self, consignment: Consignment) -> None:
        lines = consignment.lines.filter(status=LineStatus.OUT).select_related("copy").order_by("copy_id")
        barcodes = [line.copy.barcode for line in lines]
        keep = 2 if self.told.deliveries % self.every == 1 and len(barcodes) > 2 else 0
        visit = open_return_visit(lender=self.office, partner=consignment.partner, actor=self.desk)
        copies = [ReturnedCopy(barcode) for barcode in barcodes[keep:]]
        report = return_copies(visit=visit, copies=copies, actor=self.desk)
        if report.returned != len(copies):
            raise RuntimeError(
                f"{consignment}: {len(copies)} books came back and {report.returned} were taken"
            )
        finish_return_visit(visit=visit, actor=self.desk)
        self.told.kept_behind += keep

    def _lose(self, consignment: Consignment, actor: User) -> None:
        line = consignment.lines.filter(status=LineStatus.OUT).order_by("-copy_id").first()
        if line is None:
            return
        case = report_loss(line=line, actor=actor, kind="lost", account="Tidak ditemukan saat dihitung.")
        self.told.losses += 1
        if self.told.losses % 3 == 0:
            return
        case = assess_case(case=case, actor=self.desk, demand="same_title")
        if self.told.losses % 3 == 1:
            settle_case(
                case=case,
                actor=self.desk,
                settlement="same_title",
                replacement_barcode=f"TAHUN-{consignment.code}-{self.told.losses:04}",
            )

    def faults(self) -> list[str]:
        """Everything that must hold of the whole year and does not, recounted from the rows."""
        found = [f"custody: {row}" for row in check_custody()]
        lines = LoanLine.objects.filter(consignment__lender=self.office).exclude(status=LineStatus.DROPPED)
        twice = (
            lines.values("consignment__partner", "copy__title")
            .annotate(times=Count("pk"))
            .filter(times__gt=1)
        )
        found += [f"a title came twice: {row}" for row in twice]
        copies = Counter(Copy.objects.filter(owner=self.office).values_list("place", flat=True))
        out = lines.filter(status=LineStatus.OUT).count()
        lost = lines.filter(status=LineStatus.LOST).count()
        if copies["away"] != out or copies["lost"] < lost:
            found.append(f"copies {dict(copies)}, lines out {out}, lost {lost}")
        moves = CustodyMove.objects.filter(copy__owner=self.office).values("copy", "sequence")
        if moves.annotate(times=Count("pk")).filter(times__gt=1).exists():
            found.append("the ledger of a copy has two rows of one number")
        cases = Case.objects.filter(line__consignment__lender=self.office)
        settled = cases.filter(status=CaseStatus.SETTLED, line__status__in=OUT)
        found += [f"case {case.code} is settled and its book is still out" for case in settled]
        return found


def at(day: date) -> datetime:
    """Nine in the morning in West Sumatra."""
    return datetime.combine(day, time(9), ZoneInfo("Asia/Jakarta"))
