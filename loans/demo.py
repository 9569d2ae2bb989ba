"""The demo's lending: years of rotations told by the verbs themselves, ending on a today full of work.

Every copy moves through the custody ledger, so `manage.py check_custody` proves the demo too.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from agreements.demo import RUNNING_ENDS, judging, on_day
from agreements.models import Agreement
from agreements.services.ending import expire_agreement
from kerjasama.domain import clock
from kerjasama.house import DemoCast
from libraries.models import Notice, User
from loans.choices import LineStatus, MoveKind
from loans.demo_wishes import wish_for_books
from loans.models import Consignment, LoanLine, Period, Programme
from loans.services.claiming import assess_case, report_loss, settle_case
from loans.services.counting import close_stocktake, open_stocktake
from loans.services.custody import Move, move_copies
from loans.services.dispatching import dispatch_consignment
from loans.services.pausing import end_programme
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.services.receiving import Difference, confirm_receipt
from loans.services.returning import ReturnedCopy, finish_return_visit, open_return_visit, return_copies
from loans.services.scanning import scan, scan_many

LEVELS = ("picture", "early", "middle", "upper")


class Story:
    """Tells what one library's desk and its schools did."""

    def __init__(self, desk: User, users: dict[str, User]) -> None:
        self.desk = desk
        self.users = users
        self.replacements = 0

    def programme(self, agreement: Agreement) -> Programme:
        assert agreement.starts_on
        with on_day(agreement.starts_on):
            return open_programme(agreement=agreement, actor=self.desk, reading_levels=LEVELS)

    def deliver(self, period: Period) -> Consignment:
        """Proposed, scanned and handed over on the first day of a period."""
        with on_day(period.starts_on):
            consignment = propose_consignment(period=period, actor=self.desk)
            self.scan(consignment, list(consignment.lines.order_by("copy_id")))
            return dispatch_consignment(consignment=consignment, actor=self.desk, on=period.starts_on)

    def scan(self, consignment: Consignment, lines: Sequence[LoanLine]) -> None:
        """All at once: the demo need not wait for six thousand beeps."""
        moves = [Move(line.copy_id, line.pk) for line in lines]
        move_copies(
            moves, kind=MoveKind.PICK, partner_id=consignment.partner_id, actor=self.desk, on=clock.today()
        )

    def confirm(
        self, consignment: Consignment, after_days: int = 1, differences: Sequence[Difference] = ()
    ) -> None:
        assert consignment.dispatched_on
        with on_day(consignment.dispatched_on + timedelta(days=after_days)):
            confirm_receipt(consignment=consignment, actor=self.contact(consignment), differences=differences)

    def contact(self, consignment: Consignment) -> User:
        slug = consignment.partner.slug
        return self.contacts().get(slug) or self.users.get(slug, self.desk)

    def contacts(self) -> dict[str, User]:
        """The schools whose people sign in themselves, by slug."""
        return {"sdn-01-bukittinggi": self.users["sdn01"], "sdn-02-bukittinggi": self.users["sdn02"]}

    def take_back(self, consignment: Consignment, on: date, *, keep: int = 0) -> None:
        """The books come back on a day; ``keep`` of them stay at the school."""
        with on_day(on):
            lines = consignment.lines.filter(status=LineStatus.OUT).select_related("copy").order_by("copy_id")
            back = [ReturnedCopy(line.copy.barcode) for line in list(lines)[keep:]]
            visit = open_return_visit(lender=consignment.lender, partner=consignment.partner, actor=self.desk)
            return_copies(visit=visit, copies=back, actor=self.desk)
            finish_return_visit(visit=visit, actor=self.desk)

    def count(self, consignment: Consignment, on: date, *, unseen: int) -> None:
        """The school counts its books by itself; some are not on the shelf."""
        lines = consignment.lines.filter(status=LineStatus.OUT).select_related("copy").order_by("copy_id")
        seen = [line.copy.barcode for line in lines][unseen:]
        with on_day(on):
            actor = self.contact(consignment)
            stocktake = open_stocktake(lender=consignment.lender, partner=consignment.partner, actor=actor)
            scan_many(place=stocktake, barcodes=seen, actor=actor, batch=stocktake.pk)
            close_stocktake(stocktake=stocktake, actor=actor)

    def lose(self, consignment: Consignment, on: date, *, settle: str = "") -> None:
        """A book is reported lost and asked back; a week later it is settled in one of the four ways, or stays open."""
        line = consignment.lines.filter(status=LineStatus.OUT).order_by("-copy_id").first()
        assert line is not None
        with on_day(on):
            case = report_loss(
                line=line,
                actor=self.contact(consignment),
                kind="lost",
                account="Tidak ditemukan saat buku dihitung di kelas.",
            )
        if settle == "reported":
            return
        with on_day(on + timedelta(days=2)):
            case = assess_case(
                case=case, actor=self.desk, demand="price" if settle == "price" else "same_title"
            )
        if not settle:
            return
        self.replacements += 1
        with on_day(on + timedelta(days=9)):
            settle_case(
                case=case,
                actor=self.desk,
                settlement=settle,
                replacement_barcode=f"GANTI{self.replacements:04}" if settle == "same_title" else "",
                paid_amount=case.amount or Decimal(50_000),
                reason="Buku rusak terkena banjir di sekolah." if settle == "waived" else "",
            )

    def past(self, agreement: Agreement, index: int) -> None:
        """A whole agreement of the past, with a lost book in every third, expired when its last day had passed."""
        programme = self.programme(agreement)
        for period in programme.periods.order_by("sequence"):
            consignment = self.deliver(period)
            self.confirm(consignment)
            if (index + period.sequence) % 3 == 0:
                way = ("same_title", "price", "waived")[index % 3]
                self.lose(consignment, period.ends_on - timedelta(days=14), settle=way)
            self.take_back(consignment, period.ends_on)
        assert agreement.ends_on
        with on_day(agreement.ends_on + timedelta(days=1)):
            end_programme(programme=programme, actor=None, note="Masa perjanjian berakhir.")
            expire_agreement(agreement=agreement)


def load(cast: DemoCast) -> None:
    """The past of Bung Hatta, its fifteen running programmes and Payakumbuh's fifty-eight."""
    users = cast.made["users"]
    story = Story(users["petugas.sirkulasi"], users)
    for index, agreement in enumerate(cast.made["past"]):
        story.past(agreement, index)
    for index, agreement in enumerate(cast.made["running"]):
        _running(story, cast.today, agreement, index)
    payakumbuh = Story(users["sirkulasi.payakumbuh"], users)
    for index, agreement in enumerate(cast.made["payakumbuh running"]):
        _payakumbuh(payakumbuh, cast.today, agreement, index)
    for told, agreements in ((story, cast.made["running"]), (payakumbuh, cast.made["payakumbuh running"])):
        wish_for_books(told.desk, told.contacts(), agreements[0].office, cast.today)
    # Only now is there something to count.
    judging.tell(cast)
    # What was told in the past was told then: nobody gets five years of mail on the first evening of the demo.
    told = Notice.objects.filter(addressed_at__isnull=True)
    told.filter(due_on__lt=cast.today).update(settled_at=clock.now())
    told.update(addressed_at=clock.now())


def _running(story: Story, today: date, agreement: Agreement, index: int) -> None:
    """One of the fifteen, each in another situation; the numbers are those of the schools."""
    programme = story.programme(agreement)
    periods = list(programme.periods.filter(starts_on__lt=today).order_by("sequence"))
    if RUNNING_ENDS[index] < 0:
        periods = periods[:1]  # nobody has come for these books yet
    consignment: Consignment | None = None
    for period in periods:
        if consignment is not None:
            if index == 0:
                story.lose(consignment, period.starts_on - timedelta(days=5))
            story.take_back(consignment, period.starts_on)
        consignment = story.deliver(period)
        if not (period is periods[-1] and index in (0, 4, 5)):
            story.confirm(consignment)
    if consignment is None:
        return
    if index == 1:
        story.count(consignment, today - timedelta(days=2), unseen=3)
    elif index == 2:
        _half_scanned(story, programme, today)
    elif index == 5:
        lines = consignment.lines.select_related("copy__title").in_shelf_order()
        story.confirm(
            consignment,
            2,
            [
                Difference("missing", lines[3].pk, "Tidak ada di dalam kotak."),
                Difference("damaged", lines[7].pk, "Sampul robek."),
                Difference("extra", None, "Buku dongeng tanpa label perpustakaan."),
            ],
        )
    elif index == 6:
        story.take_back(consignment, today - timedelta(days=20), keep=38)
    elif index == 7:
        story.lose(consignment, today - timedelta(days=1), settle="reported")
    elif index == 9:
        story.lose(consignment, today - timedelta(days=38))


def _half_scanned(story: Story, programme: Programme, today: date) -> None:
    """Today's swap: the list is made, and somebody has scanned sixty-two of the hundred."""
    period = programme.periods.filter(starts_on__gte=today).order_by("sequence").first()
    assert period is not None
    consignment = propose_consignment(period=period, actor=story.desk)
    for line in consignment.lines.in_shelf_order()[:62]:
        scan(desk="pick", consignment=consignment, barcode=line.copy.barcode, actor=story.desk)


def _payakumbuh(story: Story, today: date, agreement: Agreement, index: int) -> None:
    """One delivery each; the latest are still to be packed, a few schools have not said a word."""
    programme = story.programme(agreement)
    period = programme.periods.order_by("sequence").first()
    assert period is not None
    if period.starts_on >= today:
        return
    consignment = story.deliver(period)
    if index % 9:
        story.confirm(consignment, 1 if (today - period.starts_on).days > 1 else 0)
