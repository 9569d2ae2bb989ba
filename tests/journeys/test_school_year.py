"""A school year of a hundred books with a moving clock: agreement, four swaps, a silent school, a lost book, the end.

The clock's tasks run every morning but for ten nights on which the machine was off.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core import mail

from agreements.choices import AgreementKind, AgreementStatus
from agreements.models import Agreement
from agreements.services.drafting import draft_agreement
from agreements.services.signing import record_signature, submit_agreement
from agreements.tasks import keep_terms, remind_expiring, remind_of_duties
from libraries.models import Institution, Message, Notice, User
from libraries.tasks import address_notices, deliver_messages
from loans.choices import CaseStatus, ConsignmentStatus, LineStatus, PeriodStatus
from loans.models import Case, Consignment, LoanLine, Period, Programme
from loans.services.claiming import assess_case, report_loss, settle_case
from loans.services.custody import check_custody
from loans.services.dispatching import dispatch_consignment
from loans.services.proposing import propose_consignment
from loans.services.receiving import confirm_receipt
from loans.services.returning import ReturnedCopy, finish_return_visit, open_return_visit, return_copies
from loans.tasks import flag_silent_receipts, open_programmes, send_due_reminders, track_returns
from tests.conftest import scan_all
from tests.factories import shelve

pytestmark = pytest.mark.django_db

FIRST = date(2027, 1, 11)  # a Monday
BOOKS = 10


class Year:
    """The days of the journey; every morning at six in WIB the timetable has run."""

    def __init__(self, travel: Callable[[datetime], Any]) -> None:
        self.travel = travel
        self.day = FIRST

    def go_to(self, day: date, *, nights_off: bool = False) -> None:
        """Live on until ``day``; with ``nights_off`` the clock slept all the while and wakes on that day.

        Far from the day the clock runs every ten days only: what it missed it makes up, and the year takes seconds.
        """
        left = (day - self.day).days
        wakes = [0] if nights_off else [*range(left - 1, 14, -10), 14, 7, 3, 2, 1, 0]
        for before in (days for days in wakes if days < left):
            self.day = day - timedelta(days=before)
            self.travel(datetime(self.day.year, self.day.month, self.day.day, 3, 0, tzinfo=UTC))
            for task in (
                keep_terms,
                open_programmes,
                track_returns,
                flag_silent_receipts,
                send_due_reminders,
                remind_expiring,
                remind_of_duties,
                address_notices,
                deliver_messages,
            ):
                task()


@pytest.fixture
def year() -> Iterator[Year]:
    with time_machine.travel(datetime(2027, 1, 11, 3, 0, tzinfo=UTC), tick=False) as traveller:
        yield Year(traveller.move_to)


def test_a_school_year(
    year: Year,
    library: Institution,
    school_library: Institution,
    officer: User,
    circulation: User,
    school: User,
) -> None:
    shelve(library, 80)
    agreement = _agreed(library, school_library, officer)
    year.go_to(FIRST + timedelta(days=1))
    programme = Programme.objects.get(agreement=agreement)
    periods = list(programme.periods.order_by("sequence"))
    assert [row.starts_on.weekday() < 6 for row in periods] == [True] * 4

    first = _deliver(year, periods[0], circulation)
    year.go_to(first.confirm_by + timedelta(days=1))
    first.refresh_from_db()
    assert first.status == ConsignmentStatus.FLAGGED, "silence is flagged, not taken as received"
    confirm_receipt(consignment=first, actor=school)

    year.go_to(periods[1].starts_on)
    assert _reminded("swap", school_library, first.period) == [-14, -3, 0]
    second = _swap(year, first, periods[1], circulation, school, keep=0)
    lost = LoanLine.objects.filter(consignment=second, status=LineStatus.OUT).first()
    case = report_loss(line=lost, actor=school, kind="lost", account="Tidak kembali dari kelas.")
    case = assess_case(case=case, actor=circulation, demand="price", amount=Decimal(60_000))

    # The machine is off from before the first reminder until after the day itself: one letter, the latest.
    year.go_to(case.due_on - timedelta(days=8))
    year.go_to(case.due_on + timedelta(days=2), nights_off=True)
    assert _reminded("replacement", school_library, case) == [0]
    settle_case(case=case, actor=circulation, settlement="price", paid_amount=Decimal(60_000))
    year.go_to(case.due_on + timedelta(days=40))
    assert _reminded("replacement", school_library, case) == [0], "a settled matter falls silent"

    year.go_to(periods[2].starts_on + timedelta(days=4))
    late = Period.objects.get(pk=periods[1].pk)
    assert late.overdue_since == periods[1].ends_on + timedelta(days=1)
    third = _swap(year, second, periods[2], circulation, school, keep=2)
    second.refresh_from_db()
    assert second.status != ConsignmentStatus.CLOSED, "two of its books are still out"
    year.go_to(periods[3].starts_on)
    fourth = _swap(year, third, periods[3], circulation, school, keep=0)
    second.refresh_from_db()
    assert second.status == ConsignmentStatus.CLOSED

    assert agreement.ends_on is not None
    year.go_to(periods[3].ends_on)
    _take_back(fourth, circulation, keep=0)
    year.go_to(agreement.ends_on + timedelta(days=2))
    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.EXPIRED
    rungs = Notice.objects.filter(rule="agreement_ends", recipient=school_library).values_list(
        "rung", flat=True
    )
    assert sorted(rungs) == [-90, -30, -7]
    _the_end_is_well(programme, case)


def _agreed(library: Institution, partner: Institution, officer: User) -> Agreement:
    agreement = draft_agreement(
        actor=officer,
        office=library,
        partner=partner,
        kind=AgreementKind.PKS,
        title="Peminjaman koleksi bergilir",
        starts_on=FIRST + timedelta(days=1),
        ends_on=date(2028, 1, 11),
        aims="Murid membaca lebih banyak.",
        scope="Sepuluh buku setiap tiga bulan.",
        division_of_work="Perpustakaan mengantar; sekolah menjaga.",
        procedures="Berita acara.",
        financing="Masing-masing.",
        lending={"quantity": BOOKS, "interval_months": 3, "first_delivery_on": FIRST + timedelta(days=1)},
    )
    submit_agreement(agreement=agreement, actor=officer)
    for party in agreement.parties.all():
        record_signature(agreement=agreement, actor=officer, party=party, signed_on=FIRST)
    return agreement


def _deliver(year: Year, period: Period, desk: User) -> Consignment:
    year.go_to(period.starts_on)
    consignment = propose_consignment(period=period, actor=desk)
    assert consignment.shortfall == []
    scan_all(consignment, desk)
    return dispatch_consignment(consignment=consignment, actor=desk)


def _swap(
    year: Year, old: Consignment, period: Period, desk: User, school: User, *, keep: int
) -> Consignment:
    """The new books go out as the old ones come back, but for those that the school cannot find today."""
    new = _deliver(year, period, desk)
    _take_back(old, desk, keep=keep)
    confirm_receipt(consignment=new, actor=school)
    return new


def _take_back(consignment: Consignment, desk: User, *, keep: int) -> None:
    out = LoanLine.objects.filter(
        consignment__partner=consignment.partner,
        status=LineStatus.OUT,
        consignment__dispatched_on__lte=consignment.dispatched_on,
    ).select_related("copy")
    barcodes = [line.copy.barcode for line in out.order_by("pk")]
    visit = open_return_visit(lender=consignment.lender, partner=consignment.partner, actor=desk)
    copies = [ReturnedCopy(barcode) for barcode in barcodes[: len(barcodes) - keep]]
    assert return_copies(visit=visit, copies=copies, actor=desk).returned == len(copies)
    finish_return_visit(visit=visit, actor=desk)


def _reminded(rule: str, recipient: Institution, subject: Any) -> list[int]:
    rows = Notice.objects.filter(rule=rule, recipient=recipient, subject_id=subject.pk)
    return list(rows.order_by("rung").values_list("rung", flat=True))


def _the_end_is_well(programme: Programme, case: Case) -> None:
    statuses = set(programme.periods.values_list("status", flat=True))
    assert statuses == {PeriodStatus.CLOSED}
    assert Case.objects.get(pk=case.pk).status == CaseStatus.SETTLED
    assert list(check_custody()) == []
    titles = Counter(
        LoanLine.objects.exclude(status=LineStatus.DROPPED).values_list("copy__title_id", flat=True)
    )
    assert max(titles.values()) == 1, "no title came twice to the school"
    sent = [message.message_id for message in Message.objects.filter(status="sent")]
    assert len(sent) == len(set(sent)) == len(mail.outbox)
    assert all(letter.subject and "%(" not in letter.body for letter in mail.outbox)
