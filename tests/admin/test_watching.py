"""The lists of tracking at the desk: what they show, how they are narrowed, sorted and exported, the press that reminds (L7)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kerjasama.domain import clock
from kerjasama.pages.templatetags.house import short_date
from libraries.catalogue.models import Copy, Title
from libraries.models import Notice, User
from loans.choices import LineStatus
from loans.models import Consignment, LoanLine, MissingCopy
from loans.services.claiming import assess_case, report_loss
from loans.services.watching import never_asked_for, titles_owned, with_heat, write_off_candidates
from tests.factories import CopyFactory, WishFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(signed_in: Callable[[User], Client], circulation: User) -> Client:
    return signed_in(circulation)


@pytest.fixture
def late(dispatched: Consignment) -> Consignment:
    """Twelve days late, and silent for thirty."""
    today = clock.today()
    Consignment.objects.filter(pk=dispatched.pk).update(
        due_on=today - timedelta(days=12), confirm_by=today - timedelta(days=30)
    )
    dispatched.refresh_from_db()
    return dispatched


def page(desk: Client, name: str, asked: str = "") -> str:
    answer = desk.get(reverse(f"work:{name}") + asked)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


class TestBalances:
    def test_books_cases_and_money_of_each_agreement(
        self, desk: Client, late: Consignment, school: User, circulation: User
    ) -> None:
        case = report_loss(line=late.lines.all()[0], actor=school, kind="lost")
        assess_case(case=case, actor=circulation, demand="price")
        shown = page(desk, "balances")
        out = late.lines.filter(status=LineStatus.OUT).count()
        assert late.partner.name in shown
        assert f"<span>{out}</span>" in shown
        assert "Rp45.000" in shown

    def test_a_school_that_owes_nothing_is_not_there(self, desk: Client, picking: Consignment) -> None:
        assert 'class="empty"' in page(desk, "balances")

    def test_what_is_owed_is_said_when_a_programme_is_opened(
        self, desk: Client, late: Consignment, library: Any, school_library: Any
    ) -> None:
        from tests.factories import AgreementFactory

        another = AgreementFactory(office=library, partner=school_library, in_force=True)
        shown = " ".join(desk.get(reverse("work:programme_open", args=[another.pk])).content.decode().split())
        assert str(late.period.programme.agreement) in shown

    def test_a_new_agreement_with_the_partner_leads_to_it(
        self, desk: Client, late: Consignment, library: Any, school_library: Any
    ) -> None:
        from tests.factories import AgreementFactory

        another = AgreementFactory(office=library, partner=school_library)
        link = f"{reverse('work:balances')}?partner={school_library.pk}"
        assert link in desk.get(reverse("work:agreement", args=[another.pk])).content.decode()
        assert str(late.period.programme.agreement) in desk.get(link).content.decode()

    def test_the_school_reads_the_same(
        self, late: Consignment, signed_in: Callable[[User], Client], school: User, other_school: User
    ) -> None:
        address = reverse("portal:balance")
        shown = signed_in(school).get(address).content.decode()
        assert str(late.period.programme.agreement) in shown
        assert (
            str(late.period.programme.agreement) not in signed_in(other_school).get(address).content.decode()
        )


class TestLateBooks:
    def test_each_with_its_days(self, desk: Client, late: Consignment) -> None:
        shown = page(desk, "late_books")
        line = late.lines.filter(status=LineStatus.OUT)[0]
        assert line.copy.barcode in shown
        assert "<span>12</span>" in shown

    def test_narrowed_by_days_with_a_chip_that_takes_it_away(self, desk: Client, late: Consignment) -> None:
        code = late.lines.filter(status=LineStatus.OUT)[0].copy.barcode
        assert code in page(desk, "late_books", "?min_days=12")
        narrowed = page(desk, "late_books", "?min_days=13&q=x")
        assert code not in narrowed
        assert 'class="chip" href="/admin/kerja/posisi/terlambat/?q=x"' in narrowed

    def test_sorted_and_sized_by_its_address(self, desk: Client, late: Consignment) -> None:
        codes = sorted(late.lines.filter(status=LineStatus.OUT).values_list("copy__title__title", flat=True))
        up, down = page(desk, "late_books", "?urut=title"), page(desk, "late_books", "?urut=-title&baris=25")
        assert up.index(codes[0]) < up.index(codes[-1])
        assert down.index(codes[-1]) < down.index(codes[0])
        assert 'aria-sort="descending"' in down

    @pytest.mark.parametrize("asked", ["?urut=password", "?baris=9999999", "?page=x", "?urut=--title"])
    def test_nonsense_in_the_address_is_the_plain_list(
        self, asked: str, desk: Client, late: Consignment
    ) -> None:
        assert late.code in page(desk, "late_books", asked)

    def test_a_filter_that_is_none_says_so(self, desk: Client, late: Consignment) -> None:
        assert desk.get(reverse("work:late_books") + "?min_days=x").status_code == 422

    def test_as_a_sheet_with_the_filters_kept(self, desk: Client, late: Consignment) -> None:
        answer = desk.get(reverse("work:late_books") + "?bentuk=csv")
        lines = b"".join(answer).decode().splitlines()
        assert len(lines) == 1 + late.lines.filter(status=LineStatus.OUT).count()
        none = desk.get(reverse("work:late_books") + "?bentuk=csv&min_days=13")
        assert len(b"".join(none).decode().splitlines()) == 1


class TestSilence:
    def test_one_press_reminds_the_school_once_a_day(self, desk: Client, late: Consignment) -> None:
        press = reverse("work:silence_remind", args=[late.pk])
        assert press in page(desk, "silent_deliveries")
        assert "<span>30</span>" in page(desk, "silent_deliveries")
        desk.post(press)
        desk.post(press)
        told = Notice.objects.get(rule="receipt", subject_id=late.pk)
        assert (told.recipient, told.rung) == (late.partner, 30)

    def test_the_days_are_counted_from_a_day_that_is_shown(self, desk: Client, late: Consignment) -> None:
        """Beside the handover, “days of silence” was read as counted from it."""
        shown = page(desk, "silent_deliveries")
        assert short_date(late.confirm_by) in shown
        assert "Hari tanpa kabar" not in shown and "Tanpa kabar paling sedikit" not in shown

    def test_what_was_confirmed_is_not_reminded_of(
        self, desk: Client, late: Consignment, school: User
    ) -> None:
        from loans.services.receiving import confirm_receipt

        confirm_receipt(consignment=late, actor=school)
        before = Notice.objects.count()
        desk.post(reverse("work:silence_remind", args=[late.pk]))
        assert Notice.objects.count() == before
        assert late.code not in page(desk, "silent_deliveries")


class TestHeat:
    def heat(self, user: User, title: Title) -> Any:
        today = clock.today()
        return with_heat(titles_owned(user), today - timedelta(days=365), today).get(pk=title.pk)

    def test_times_and_days(self, circulation: User, dispatched: Consignment) -> None:
        today = clock.today()
        Consignment.objects.filter(pk=dispatched.pk).update(dispatched_on=today - timedelta(days=20))
        line = LoanLine.objects.filter(consignment=dispatched, status=LineStatus.OUT).first()
        hot = self.heat(circulation, line.copy.title)
        assert (hot.times, hot.days_away.days, hot.last_out) == (1, 20, today - timedelta(days=20))

    def test_before_the_window_is_not_counted_but_last_out_is(
        self, circulation: User, dispatched: Consignment
    ) -> None:
        long_ago = clock.today() - timedelta(days=800)
        Consignment.objects.filter(pk=dispatched.pk).update(dispatched_on=long_ago)
        line = LoanLine.objects.filter(consignment=dispatched, status=LineStatus.OUT).first()
        cold = self.heat(circulation, line.copy.title)
        assert (cold.times, cold.last_out) == (0, long_ago)

    def test_never_asked_for(
        self, circulation: User, dispatched: Consignment, library: Any, school_library: Any
    ) -> None:
        cold, wished = CopyFactory(owner=library), CopyFactory(owner=library)
        WishFactory(lender=library, partner=school_library, title=wished.title)
        never = set(never_asked_for(titles_owned(circulation)).values_list("pk", flat=True))
        assert cold.title_id in never
        assert wished.title_id not in never
        assert dispatched.lines.all()[0].copy.title_id not in never

    def test_on_the_page(self, desk: Client, dispatched: Consignment, library: Any) -> None:
        cold = CopyFactory(owner=library, title__title="Buku yang tak diminta")
        assert str(cold.title) in page(desk, "title_heat", "?never=true")
        assert str(cold.title) not in page(desk, "title_heat", "?never=false")


class TestWritingOff:
    @pytest.fixture
    def stock(self, library: Any) -> dict[str, Copy]:
        long_ago = clock.now() - timedelta(days=400)
        made = {
            "lost": CopyFactory(owner=library, place="lost"),
            "damaged": CopyFactory(owner=library, condition="damaged"),
            "worn": CopyFactory(
                owner=library, condition="worn", acquired_on=clock.today() - timedelta(days=4000)
            ),
            "missing": CopyFactory(owner=library),
            "young": CopyFactory(owner=library, condition="worn", acquired_on=clock.today()),
            "good": CopyFactory(owner=library),
            "lost now": CopyFactory(owner=library, place="lost"),
        }
        Copy.objects.filter(pk=made["lost"].pk).update(placed_at=long_ago)
        MissingCopy.objects.create(office=library, copy=made["missing"], missed_at=long_ago)
        MissingCopy.objects.create(office=library, copy=made["good"], missed_at=clock.now())
        return made

    def test_each_with_its_reason(self, circulation: User, stock: dict[str, Copy]) -> None:
        found = {row.pk: row.reason for row in write_off_candidates(circulation, clock.today())}
        assert found == {stock[why].pk: why for why in ("lost", "damaged", "worn", "missing")}

    def test_narrowed_by_reason(self, desk: Client, stock: dict[str, Copy]) -> None:
        shown = page(desk, "write_off", "?reason=lost&reason=worn")
        assert stock["lost"].barcode in shown
        assert stock["worn"].barcode in shown
        assert stock["damaged"].barcode not in shown

    @pytest.mark.parametrize("name", ["perpusnas", "school"])
    def test_others_see_none(self, name: str, everybody: Any, stock: dict[str, Copy]) -> None:
        assert not write_off_candidates(everybody[name], clock.today()).exists()
