"""The lists of tracking (L7): what schools have, what is late, what was never confirmed, what is asked for, what to write off."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from kerjasama.pages.templatetags.house import money, short_date
from libraries.desk import DeskPage
from loans.admin.lists import Bulk, Cell, Column, ListPage, Words
from loans.choices import BulkKind, WriteOffReason
from loans.models import Consignment, Programme
from loans.services.balances import OWING, with_balance
from loans.services.prompting import remind_of_silence
from loans.services.watching import late_books, silent_deliveries, titles_owned, write_off_candidates
from loans.tracking_filters import (
    BalanceFilter,
    LateBookFilter,
    SilentDeliveryFilter,
    TitleHeatFilter,
    WriteOffFilter,
)


def day(value: Any) -> str:
    return short_date(value) if value else "–"


class Balances(ListPage):
    """What each school has or owes, agreement by agreement; it goes into the next one."""

    filter_class = BalanceFilter
    name = "tanggungan"
    start = "school"

    def words_of(self) -> Words:
        return Words(
            title=_("What schools have"),
            lede=_("Books, cases and money that are still open, and since which agreement."),
            empty=_("Nothing is open"),
            empty_text=_("No school has a book of ours, and nothing is owed."),
        )

    def rows(self) -> Any:
        seen = Programme.objects.visible_to(self.request.user)
        return (
            with_balance(seen, clock.today()).filter(OWING).select_related("agreement", "lender", "partner")
        )

    def columns(self) -> list[Column]:
        return [
            Column(
                gettext_lazy("School"),
                lambda row: row.partner.name,
                lambda row: Cell(row.partner, reverse("work:programme", args=[row.pk])),
                "school",
                ("partner__name",),
            ),
            Column(gettext_lazy("Agreement"), lambda row: row.agreement),
            Column(
                gettext_lazy("Since"),
                lambda row: row.starts_on,
                lambda row: Cell(day(row.starts_on)),
                "since",
                ("starts_on",),
            ),
            Column(gettext_lazy("Books"), lambda row: row.books_out, None, "books", ("books_out",), "number"),
            Column(gettext_lazy("Late"), lambda row: row.books_late, None, "late", ("books_late",), "number"),
            Column(
                gettext_lazy("Open cases"),
                lambda row: row.open_cases,
                lambda row: Cell(
                    row.open_cases,
                    f"{reverse('work:cases')}?q={row.partner.name}" if row.open_cases else "",
                ),
                "cases",
                ("open_cases",),
                "number",
            ),
            Column(
                gettext_lazy("Money owed"),
                lambda row: row.money_owed,
                lambda row: Cell(money(row.money_owed) if row.money_owed else "–"),
                "money",
                ("money_owed",),
                "number",
            ),
        ]


class LateBooks(ListPage):
    """Book by book, the longest late first."""

    filter_class = LateBookFilter
    name = "buku-terlambat"
    start = "-days"

    def words_of(self) -> Words:
        return Words(
            title=_("Late books"),
            lede=_("Books that should be back, and for how many days."),
            empty=_("Nothing is late"),
            empty_text=_("Every delivery is still within its time."),
            bulk=[
                Bulk(
                    _("Report the chosen ones lost"),
                    reverse("work:bulk_ask", args=[BulkKind.REPORT_LOST]),
                    "warning",
                )
            ],
        )

    def rows(self) -> Any:
        return late_books(self.request.user, clock.today())

    def columns(self) -> list[Column]:
        today = clock.today()
        return [
            Column(
                gettext_lazy("Title"),
                lambda row: row.copy.title,
                lambda row: Cell(row.copy.title, reverse("work:copy", args=[row.copy_id])),
                "title",
                ("copy__title__title",),
            ),
            Column(gettext_lazy("Barcode"), lambda row: row.copy.barcode, kind="code"),
            Column(
                gettext_lazy("With"),
                lambda row: row.consignment.partner.name,
                None,
                "school",
                ("consignment__partner__name",),
            ),
            Column(
                gettext_lazy("Delivery"),
                lambda row: row.consignment.code,
                lambda row: Cell(
                    row.consignment.code, reverse("work:consignment", args=[row.consignment_id])
                ),
            ),
            Column(
                gettext_lazy("Due back"),
                lambda row: row.consignment.due_on,
                lambda row: Cell(day(row.consignment.due_on)),
            ),
            Column(
                gettext_lazy("Days late"),
                lambda row: (today - row.consignment.due_on).days,
                None,
                "days",
                ("-consignment__due_on",),
                "number",
            ),
        ]


class SilentDeliveries(ListPage):
    """Deliveries that nobody has confirmed; one press reminds the school."""

    filter_class = SilentDeliveryFilter
    name = "belum-dikonfirmasi"
    start = "-days"

    def words_of(self) -> Words:
        return Words(
            title=_("Never confirmed"),
            lede=_("Deliveries whose receipt nobody has confirmed. One press reminds the school."),
            empty=_("Every delivery is confirmed"),
            empty_text=_("Or its days to confirm have not passed yet."),
            bulk=[
                Bulk(_("Remind the chosen ones"), reverse("work:bulk_ask", args=[BulkKind.REMIND]), "mail")
            ],
        )

    def rows(self) -> Any:
        return silent_deliveries(self.request.user, clock.today())

    def columns(self) -> list[Column]:
        today = clock.today()
        return [
            Column(
                gettext_lazy("Delivery"),
                lambda row: row.code,
                lambda row: Cell(row.code, reverse("work:consignment", args=[row.pk])),
                "code",
                ("code",),
            ),
            Column(gettext_lazy("School"), lambda row: row.partner.name, None, "school", ("partner__name",)),
            Column(gettext_lazy("Books"), lambda row: row.out_count, None, "books", ("out_count",), "number"),
            Column(
                gettext_lazy("Handed over"),
                lambda row: row.dispatched_on,
                lambda row: Cell(day(row.dispatched_on)),
                "handed",
                ("dispatched_on",),
            ),
            Column(
                gettext_lazy("To be confirmed by"),
                lambda row: row.confirm_by,
                lambda row: Cell(day(row.confirm_by)),
            ),
            Column(
                gettext_lazy("Days past the day to confirm"),
                lambda row: (today - row.confirm_by).days,
                None,
                "days",
                ("-confirm_by",),
                "number",
            ),
            Column(
                gettext_lazy("Status"),
                lambda row: row.get_status_display(),
                lambda row: Cell(row.get_status_display(), tone="warn"),
            ),
        ]

    def more(self) -> dict[str, Any]:
        return {"press": "work:silence_remind"}


class RemindOfSilence(DeskPage):
    """One press: the school is asked once more whether the books came."""

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        row = self.find(Consignment.objects.select_related("partner"), pk)
        try:
            remind_of_silence(consignment=row, actor=self.actor)
        except DomainError as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("%(school)s is reminded.") % {"school": row.partner})
        return redirect("work:silent_deliveries")


class TitleHeat(ListPage):
    """How often a title is asked for, how long it is away, when it was last seen."""

    filter_class = TitleHeatFilter
    name = "peminatan-judul"
    # All titles together would be weighed one by one; who wants them asks for them.
    preset = {"never": "false"}
    start = "-times"
    icon = "books"

    def words_of(self) -> Words:
        return Words(
            title=_("What is asked for"),
            lede=_(
                "How often each title was lent in the window, how long it was away, and what nobody ever asked for."
            ),
            empty=_("No title was lent in this window"),
            empty_text=_("Choose an earlier day, or look at what was never asked for."),
        )

    def rows(self) -> Any:
        return titles_owned(self.request.user)

    def columns(self) -> list[Column]:
        return [
            Column(
                gettext_lazy("Title"),
                lambda row: row.title,
                lambda row: Cell(row.title, note=row.author_line),
                "title",
                ("title",),
            ),
            Column(gettext_lazy("Copies"), lambda row: row.stock, None, "copies", ("stock",), "number"),
            Column(gettext_lazy("Times lent"), lambda row: row.times, None, "times", ("times",), "number"),
            Column(
                gettext_lazy("Days away, all books"),
                lambda row: row.days_away.days,
                None,
                "days",
                ("days_away",),
                "number",
            ),
            Column(
                gettext_lazy("Days per loan"),
                lambda row: round(row.days_away.days / row.times) if row.times else 0,
                kind="number",
            ),
            Column(
                gettext_lazy("Last handed over"),
                lambda row: row.last_out,
                lambda row: Cell(day(row.last_out)),
                "last",
                ("last_out",),
            ),
            Column(
                gettext_lazy("Last seen"), lambda row: row.last_seen, lambda row: Cell(day(row.last_seen))
            ),
            Column(gettext_lazy("Wishes"), lambda row: row.wished, None, "wishes", ("wished",), "number"),
        ]


class WriteOff(ListPage):
    """What is perhaps to be written off, each with its reason and number."""

    filter_class = WriteOffFilter
    name = "usul-penghapusan"
    start = "since"
    icon = "good"

    def words_of(self) -> Words:
        return Words(
            title=_("To be written off"),
            lede=_(
                "Lost or not found on its shelf for half a year, damaged, or worn and ten years old. Look at each before deciding."
            ),
            empty=_("Nothing to write off"),
            empty_text=_("No copy has been lost or missing for long, is damaged, or worn and old."),
            bulk=[
                Bulk(
                    _("Write the chosen ones off"),
                    reverse("work:bulk_ask", args=[BulkKind.WRITE_OFF]),
                    "stop",
                )
            ],
        )

    def rows(self) -> Any:
        return write_off_candidates(self.request.user, clock.today())

    def columns(self) -> list[Column]:
        reasons = dict(WriteOffReason.choices)
        return [
            Column(
                gettext_lazy("Title"),
                lambda row: row.title,
                lambda row: Cell(row.title, reverse("work:copy", args=[row.pk])),
                "title",
                ("title__title",),
            ),
            Column(gettext_lazy("Barcode"), lambda row: row.barcode, None, "barcode", ("barcode",), "code"),
            Column(gettext_lazy("Accession number"), lambda row: row.accession_number or "–", kind="code"),
            Column(
                gettext_lazy("Reason"),
                lambda row: reasons[row.reason],
                lambda row: Cell(
                    reasons[row.reason], tone="bad" if row.reason == WriteOffReason.LOST else "warn"
                ),
                "reason",
                ("reason",),
            ),
            Column(
                gettext_lazy("Last moved"),
                lambda row: row.placed_at.date(),
                lambda row: Cell(day(row.placed_at)),
                "since",
                ("placed_at",),
            ),
            Column(
                gettext_lazy("Acquired"), lambda row: row.acquired_on, lambda row: Cell(day(row.acquired_on))
            ),
            Column(gettext_lazy("Case"), lambda row: row.case_code or "–"),
        ]
