"""Wishes (L10): made within limits, answered with reasons, served by the delivery that brings them."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from kerjasama.domain import clock
from libraries.catalogue.models import Copy, Title
from libraries.models import Institution, Notice, User
from loans.addresses import wishes_for_partner
from loans.choices import WishPriority
from loans.models import Consignment, Period, Programme, Wish
from loans.services.dispatching import dispatch_consignment
from loans.services.scanning import scan
from loans.services.wishing import (
    MOST_WISHES,
    decline_wish,
    decline_wishes,
    make_wish,
    open_wishes,
    promise_wish,
    remark,
    serve_wish,
    withdraw_wish,
)
from tests.conftest import scan_all
from tests.factories import AgreementFactory, CopyFactory, TitleFactory, WishFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sides(programme: Programme) -> dict[str, Institution]:
    return {"lender": programme.lender, "partner": programme.partner}


@pytest.fixture
def title(sides: dict[str, Institution]) -> Title:
    return CopyFactory(owner=sides["lender"]).title


@pytest.fixture
def wish(sides: Any, title: Title, school: User) -> Wish:
    return make_wish(**sides, actor=school, title=title, note="Untuk pelajaran IPA")


class TestMaking:
    def test_a_title(self, wish: Wish, title: Title, school: User) -> None:
        assert (wish.title, wish.status, wish.priority) == (title, "open", WishPriority.WANTED)
        assert (wish.wished_by, wish.wished_on) == (school, clock.today(wish.partner.zone))
        assert (wish.stock, wish.free, remark(wish)) == (1, 1, "")
        event = wish.events.get()
        assert (event.action, event.from_state, event.to_state, event.actor) == ("make", "", "open", school)

    def test_a_subject_with_or_without_a_level(self, sides: Any, school: User) -> None:
        plain = make_wish(**sides, actor=school, subject="500")
        level = make_wish(**sides, actor=school, subject="500", reading_level="early", priority=3)
        assert (str(plain), plain.reading_level) == (f"500 {plain.get_subject_display()}", "")
        assert str(level).endswith(str(level.get_reading_level_display()))
        assert remark(plain) == ""

    def test_a_book_in_their_own_words(self, sides: Any, school: User) -> None:
        wish = make_wish(**sides, actor=school, words="  Ensiklopedi   hewan laut ")
        assert (wish.words, wish.title) == ("Ensiklopedi hewan laut", None)

    def test_the_desk_notes_a_wish_that_was_told_at_the_door(self, sides: Any, circulation: User) -> None:
        assert make_wish(**sides, actor=circulation, subject="800").wished_by == circulation

    def test_what_no_copy_can_serve_is_said_at_once(self, sides: Any, school: User, title: Title) -> None:
        other = TitleFactory()
        CopyFactory(title=other)  # of another library
        assert str(sides["lender"]) in remark(make_wish(**sides, actor=school, title=other))
        for change in ({"place": "lost"}, {"may_travel": False}, {"condition": "damaged"}):
            copy = CopyFactory(owner=sides["lender"], **change)
            wish = make_wish(**sides, actor=school, title=copy.title)
            assert (wish.stock, wish.free) == (0, 0)

    def test_a_copy_that_is_away_counts_but_is_not_free(
        self, sides: Any, school: User, other_school_library: Institution
    ) -> None:
        copy = CopyFactory(owner=sides["lender"], place="away", holder=other_school_library)
        wish = make_wish(**sides, actor=school, title=copy.title)
        assert (wish.stock, wish.free, remark(wish)) == (1, 0, "")


class TestRefusals:
    def test_only_the_school_and_the_desk_of_its_library(
        self, sides: Any, title: Title, everybody: dict[str, User | None], refusal: Any
    ) -> None:
        for name, actor in everybody.items():
            if name not in ("school", "circulation", "officer", "administrator", "clock"):
                refused = refusal(make_wish, **sides, actor=actor, title=title)
                assert refused.code == "role_missing", name

    @pytest.mark.parametrize("status", ["paused", "ended", None])
    def test_only_with_a_running_programme(
        self, status: str | None, sides: Any, title: Title, school: User, refusal: Any
    ) -> None:
        if status is None:
            sides["lender"] = AgreementFactory(partner=sides["partner"], in_force=True).office
        else:
            Programme.objects.update(status=status)
        refused = refusal(make_wish, **sides, actor=school, title=title)
        assert refused.code == "no_programme"
        assert str(sides["lender"]) in str(refused.message)

    def test_one_thing_at_a_time(self, sides: Any, title: Title, school: User, refusal: Any) -> None:
        for what in (
            {},
            {"words": "   "},
            {"title": title, "subject": "500"},
            {"title": title, "words": "Atlas"},
            {"subject": "500", "words": "Atlas"},
        ):
            assert refusal(make_wish, **sides, actor=school, **what).code == "one_thing"

    @pytest.mark.parametrize(
        ("what", "code"),
        [
            ({"subject": "550"}, "subject"),
            ({"subject": "500", "reading_level": "kelas 4"}, "reading_level"),
            ({"words": "Atlas", "reading_level": "early"}, "reading_level"),
            ({"subject": "500", "priority": 4}, "priority"),
        ],
    )
    def test_no_nonsense(self, what: Any, code: str, sides: Any, school: User, refusal: Any) -> None:
        refused = refusal(make_wish, **sides, actor=school, **what)
        assert (refused.code, refused.field) == (code, code)

    def test_not_more_words_than_fit(self, sides: Any, school: User) -> None:
        with pytest.raises(ValidationError):
            make_wish(**sides, actor=school, words="a" * 301)

    def test_not_twice(self, wish: Wish, sides: Any, school: User, circulation: User, refusal: Any) -> None:
        make_wish(**sides, actor=school, subject="500")
        make_wish(**sides, actor=school, words="Atlas Dunia")
        for what in ({"title": wish.title}, {"subject": "500"}, {"words": "atlas  dunia"}):
            assert refusal(make_wish, **sides, actor=circulation, **what).code == "wished_already"
        # The title is asked of one library at a time.
        second = AgreementFactory(partner=sides["partner"], in_force=True)
        other = {**sides, "lender": second.office}
        Programme.objects.create(
            agreement=second,
            lender=second.office,
            partner=sides["partner"],
            quantity=1,
            interval_months=3,
            receipt_days=3,
            replacement_days=30,
            starts_on=second.starts_on,
            ends_on=second.ends_on,
        )
        assert refusal(make_wish, **other, actor=school, title=wish.title).code == "wished_already"
        decline_wish(wish=wish, actor=circulation, note="Tidak ada.")
        assert make_wish(**other, actor=school, title=wish.title).status == "open"

    def test_the_database_holds_it_too(self, wish: Wish) -> None:
        with pytest.raises(IntegrityError, match="wish_one_open_per_title"), transaction.atomic():
            WishFactory(lender=wish.lender, partner=wish.partner, title=wish.title)

    def test_not_what_the_school_had(self, dispatched: Consignment, school: User, refusal: Any) -> None:
        sides = {"lender": dispatched.lender, "partner": dispatched.partner}
        title = dispatched.lines.select_related("copy__title").first().copy.title
        assert refusal(make_wish, **sides, actor=school, title=title).code == "title_had"
        dispatched.lines.update(status="dropped")
        assert make_wish(**sides, actor=school, title=title).status == "open"

    def test_not_more_than_can_be_answered(
        self, sides: Any, title: Title, school: User, refusal: Any
    ) -> None:
        WishFactory.create_batch(MOST_WISHES, **sides)
        refused = refusal(make_wish, **sides, actor=school, title=title)
        assert (refused.code, refused.facts["limit"]) == ("too_many_wishes", MOST_WISHES)
        withdraw_wish(wish=Wish.objects.first(), actor=school)
        assert make_wish(**sides, actor=school, title=title).status == "open"


class TestAnswering:
    def test_promised_for_a_delivery(self, wish: Wish, circulation: User) -> None:
        period = Period.objects.get(sequence=2)
        done = promise_wish(wish=wish, actor=circulation, period=period, note=" Ada di rak. ")
        done.refresh_from_db()
        assert (done.status, done.period, done.answer) == ("planned", period, "Ada di rak.")
        assert done.answered_on == clock.today(wish.lender.zone)
        assert [event.action for event in wish.events.all()] == ["make", "promise"]

    def test_not_for_a_delivery_to_somebody_else(
        self, wish: Wish, circulation: User, library: Institution, refusal: Any
    ) -> None:
        foreign = AgreementFactory(office=library, in_force=True)
        other = Programme.objects.get()
        other.pk, other.agreement, other.partner = None, foreign, foreign.partner
        other.id = Programme._meta.pk.get_default()
        other.save(force_insert=True)
        day = clock.today()
        period = Period.objects.create(
            programme=other, sequence=1, nominal_on=day, starts_on=day, ends_on=foreign.ends_on
        )
        refused = refusal(promise_wish, wish=wish, actor=circulation, period=period)
        assert (refused.code, refused.field) == ("other_programme", "period")

    @pytest.mark.parametrize("status", ["running", "closed", "cancelled"])
    def test_not_for_a_delivery_that_is_gone(
        self, status: str, wish: Wish, circulation: User, refusal: Any
    ) -> None:
        Period.objects.filter(sequence=1).update(status=status)
        period = Period.objects.get(sequence=1)
        assert refusal(promise_wish, wish=wish, actor=circulation, period=period).code == "period_over"

    def test_declined_only_with_a_reason(self, wish: Wish, circulation: User, refusal: Any) -> None:
        assert refusal(decline_wish, wish=wish, actor=circulation, note="  ").code == "reason_missing"
        done = decline_wish(wish=wish, actor=circulation, note="Bukan untuk anak.")
        assert (done.status, done.answer) == ("declined", "Bukan untuk anak.")

    def test_several_with_one_reason_or_none(
        self, wish: Wish, sides: Any, circulation: User, refusal: Any
    ) -> None:
        others = WishFactory.create_batch(3, **sides)
        gone = WishFactory(**sides, status="withdrawn")
        refused = refusal(decline_wishes, wishes=[wish, *others, gone], actor=circulation, note="Habis.")
        assert refused.code == "wrong_state"
        assert decline_wishes(wishes=[wish, *others], actor=circulation, note="Habis.") == 4
        assert set(Wish.objects.exclude(pk=gone.pk).values_list("status", "answer")) == {
            ("declined", "Habis.")
        }

    def test_a_subject_is_recorded_by_hand(self, sides: Any, school: User, circulation: User) -> None:
        wish = make_wish(**sides, actor=school, subject="500")
        done = serve_wish(wish=wish, actor=circulation, note="Dua puluh buku IPA.")
        assert (done.status, done.answer) == ("served", "Dua puluh buku IPA.")

    def test_one_word_a_day_to_the_school(
        self, wish: Wish, sides: Any, circulation: User, school: User
    ) -> None:
        first, second, third = WishFactory.create_batch(3, **sides)
        promise_wish(wish=first, actor=circulation, period=Period.objects.get(sequence=1))
        decline_wish(wish=second, actor=circulation, note="Tidak ada.")
        serve_wish(wish=third, actor=circulation)
        told = Notice.objects.get(rule="wishes_answered")
        assert (told.recipient, told.sender, told.path) == (wish.partner, wish.lender, wishes_for_partner())
        withdraw_wish(wish=wish, actor=school)
        assert Notice.objects.count() == 1

    def test_a_promise_that_was_not_kept_waits_again(self, wish: Wish, circulation: User) -> None:
        assert list(Wish.objects.unanswered()) == [wish]
        period = Period.objects.get(sequence=1)
        promise_wish(wish=wish, actor=circulation, period=period)
        assert not Wish.objects.unanswered().exists()
        Period.objects.filter(pk=period.pk).update(status="closed")
        assert list(Wish.objects.unanswered()) == [wish]
        Period.objects.filter(pk=period.pk).delete()
        assert list(Wish.objects.unanswered()) == [wish]


class TestServing:
    def test_the_delivery_that_brings_it_serves_it(
        self, picking: Consignment, circulation: User, school: User, other_school_library: Institution
    ) -> None:
        sides = {"lender": picking.lender, "partner": picking.partner}
        lines = list(picking.lines.select_related("copy__title"))
        wished, promised, left_out = (
            WishFactory(**sides, title=line.copy.title, **more)
            for line, more in zip(lines, ({}, {"status": "planned", "answered": True}, {}), strict=False)
        )
        elsewhere = WishFactory(lender=picking.lender, partner=other_school_library, title=wished.title)
        declined = WishFactory(**sides, title=lines[3].copy.title, status="declined", answered=True)
        for line in lines[:2]:
            scan(desk="pick", consignment=picking, barcode=line.copy.barcode, actor=circulation)
        row = dispatch_consignment(consignment=picking, actor=circulation, leave_out_missing=True)
        found = dict(Wish.objects.values_list("pk", "status"))
        assert [found[it.pk] for it in (wished, promised, left_out, elsewhere, declined)] == [
            "served",
            "served",
            "open",
            "open",
            "declined",
        ]
        promised.refresh_from_db()
        assert (promised.consignment, promised.answered_on) == (row, row.dispatched_on)
        assert promised.answer == "Bulan depan."
        event = promised.events.get()
        assert (event.action, event.from_state, event.to_state) == ("serve", "planned", "served")
        assert (event.actor, event.at <= clock.now()) == (circulation, True)
        assert Wish.audit_trail.rel.related_model.objects.filter(pgh_obj=promised.pk).count() == 2
        assert sorted(Notice.objects.values_list("rule", flat=True)) == ["delivered", "wishes_answered"]

    def test_without_a_wish_nothing_is_said_of_wishes(self, picking: Consignment, circulation: User) -> None:
        scan_all(picking, circulation)
        dispatch_consignment(consignment=picking, actor=circulation)
        assert Notice.objects.get().rule == "delivered"


def test_what_the_planner_is_told(
    wish: Wish,
    sides: Any,
    school: User,
    circulation: User,
    library: Institution,
    django_assert_num_queries: Any,
) -> None:
    promised = WishFactory(**sides, status="planned", answered=True, priority=3)
    WishFactory(**sides, status="served", answered=True)
    WishFactory(**sides, title=None, subject="500")
    WishFactory(**sides, title=None, words="Atlas")
    WishFactory(lender=library)  # of a school without a programme
    WishFactory(partner=wish.partner)  # from another library
    with django_assert_num_queries(1):
        told = list(open_wishes(library))
    assert sorted(told) == sorted(
        [(wish.partner_id, wish.title_id, 2), (wish.partner_id, promised.title_id, 3)]
    )
    assert told == sorted(told)
    Programme.objects.update(status="paused")
    assert list(open_wishes(library)) == []


def test_each_side_sees_its_own(wish: Wish, everybody: dict[str, User | None]) -> None:
    for name, user in everybody.items():
        sees = Wish.objects.visible_to(user).exists()
        assert sees == (name not in ("other_school", "perpusnas", "clock")), name


def test_stock_is_counted_without_doubling(sides: Any, title: Title, school: User) -> None:
    CopyFactory.create_batch(2, owner=sides["lender"], title=title)
    wish = make_wish(**sides, actor=school, title=title)
    assert (wish.stock, wish.free) == (3, 3)
    Copy.objects.filter(title=title).update(condition="damaged")
    assert Wish.objects.with_stock().get().stock == 0
