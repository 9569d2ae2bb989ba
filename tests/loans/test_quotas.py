"""Quota profiles: what a delivery to one sort of school is made of (L1)."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from kerjasama.domain import clock
from libraries.catalogue.choices import ReadingLevel
from libraries.catalogue.models import Copy, Title
from libraries.models import Institution, User
from loans.models import Programme, QuotaProfile, QuotaRow
from loans.planning.problem import Crossing, Quota
from loans.services.planning_input import quotas_of
from loans.services.planning_papers import short_words
from loans.services.quotas import (
    READY,
    add_ready_profiles,
    assign_profile,
    keep_profile,
    remove_profile,
    shares_asked,
)
from loans.services.rotating import ask_plan, result_of, run_waiting_plans
from tests.factories import InstitutionFactory, shelve

pytestmark = pytest.mark.django_db


def test_the_ready_profiles_fit_into_a_hundred_and_are_added_once(
    library: Institution, circulation: User
) -> None:
    made = add_ready_profiles(office=library, actor=circulation)
    assert [row.name for row in made] == [name for name, _levels, _rows in READY]
    for profile in made:
        rows = [
            {"share": row.share, "reading_level": row.reading_level, "subject": row.subject}
            for row in profile.rows.all()
        ]
        assert shares_asked(rows) <= 100
    assert add_ready_profiles(office=library, actor=circulation) == []


@pytest.mark.parametrize(
    ("rows", "asked"),
    [
        ([{"share": 60, "reading_level": "early"}, {"share": 50, "reading_level": "middle"}], 110),
        (
            [
                {"share": 60, "reading_level": "early"},
                {"share": 50, "reading_level": "early", "subject": "800"},
            ],
            60,
        ),
        ([{"share": 60, "subject": "800"}, {"share": 41, "subject": "500"}], 101),
        ([{"share": 60, "subject": "800"}, {"share": 70, "language": "min"}], 60),
    ],
)
def test_a_subject_within_a_level_counts_once(rows: Any, asked: int) -> None:
    assert shares_asked(rows) == asked


def test_quotas_above_a_hundred_are_refused_with_the_number(
    library: Institution, circulation: User, refusal: Any
) -> None:
    rows = [{"share": 60, "reading_level": "early"}, {"share": 50, "reading_level": "middle"}]
    refused = refusal(keep_profile, office=library, actor=circulation, name="Terlalu penuh", rows=rows)
    assert (refused.code, refused.facts) == ("shares_above_hundred", {"asked": 110})
    assert not QuotaProfile.objects.exists()


def test_strangers_and_unknown_levels_are_refused(
    library: Institution, circulation: User, school: User, refusal: Any
) -> None:
    assert refusal(keep_profile, office=library, actor=school, name="X").code == "role_missing"
    assert (
        refusal(keep_profile, office=library, actor=circulation, name="X", levels=["doctorate"]).code
        == "unknown_level"
    )


def test_two_desks_changing_one_profile_do_not_overwrite_each_other(
    library: Institution, circulation: User, refusal: Any
) -> None:
    profile = keep_profile(office=library, actor=circulation, name="SD")
    keep_profile(office=library, actor=circulation, profile=profile, name="SD kecil", version=1)
    refused = refusal(
        keep_profile, office=library, actor=circulation, profile=profile, name="SD besar", version=1
    )
    assert refused.code == "stale"
    profile.refresh_from_db()
    assert profile.name == "SD kecil"


def test_a_profile_in_use_stays(programme: Programme, circulation: User, refusal: Any) -> None:
    profile = keep_profile(office=programme.lender, actor=circulation, name="SD")
    assign_profile(programme=programme, actor=circulation, profile=profile)
    assert refusal(remove_profile, profile=profile, actor=circulation).code == "profile_in_use"
    assign_profile(programme=programme, actor=circulation, profile=None)
    remove_profile(profile=profile, actor=circulation)
    assert not QuotaProfile.objects.exists()


def test_a_profile_of_another_library_is_refused(
    programme: Programme, circulation: User, refusal: Any
) -> None:
    elsewhere = QuotaProfile.objects.create(office=InstitutionFactory(office=True), name="Lain")
    assert (
        refusal(assign_profile, programme=programme, actor=circulation, profile=elsewhere).code
        == "profile_elsewhere"
    )


def test_shares_become_books_of_a_delivery_and_languages_books_of_the_year(
    library: Institution, circulation: User
) -> None:
    profile = keep_profile(
        office=library,
        actor=circulation,
        name="SD",
        rows=[
            {"share": 40, "subject": "800"},
            {"share": 25, "reading_level": "early"},
            {"share": 10, "language": "min"},
        ],
    )
    fixed, crossing = quotas_of(list(profile.rows.all()), 40, 4)
    assert set(fixed) == {Quota(16, "", "800"), Quota(10, "early", "")}
    assert crossing == (Crossing(at_least=16, language="min"),)


def test_materials_are_counted_over_the_year_like_languages(library: Institution, circulation: User) -> None:
    profile = keep_profile(
        office=library,
        actor=circulation,
        name="SD",
        rows=[
            {"share": 20, "material": "comic"},
            {"share": 5, "material": "magazine", "reading_level": "early"},
        ],
    )
    assert [str(row) for row in profile.rows.all()] == ["20: Komik", "5: Pembaca awal (kelas 1–2), Majalah"]
    fixed, crossing = quotas_of(list(profile.rows.all()), 40, 4)
    assert fixed == ()
    assert crossing == (
        Crossing(at_least=32, tag="comic"),
        Crossing(at_least=8, tag="magazine", level="early"),
    )


@pytest.mark.parametrize(
    ("rows", "asked"),
    [
        ([{"share": 60, "material": "comic"}, {"share": 41, "material": "magazine"}], 101),
        ([{"share": 60, "language": "ind"}, {"share": 50, "language": "min"}], 110),
        (
            [
                {"share": 90, "material": "comic"},
                {"share": 60, "material": "comic", "reading_level": "early"},
                {"share": 50, "material": "comic", "reading_level": "middle"},
            ],
            110,
        ),
    ],
)
def test_a_book_has_one_material_and_one_language(
    rows: Any, asked: int, library: Institution, circulation: User, refusal: Any
) -> None:
    refused = refusal(keep_profile, office=library, actor=circulation, name="Terlalu penuh", rows=rows)
    assert (refused.code, refused.facts) == ("shares_above_hundred", {"asked": asked})


def test_the_plan_brings_the_comics_that_were_asked_for(programme: Programme, circulation: User) -> None:
    shelve(programme.lender, 60)
    comics = set(Title.objects.order_by("-pk").values_list("pk", flat=True)[:12])
    Title.objects.filter(pk__in=comics).update(material="comic")
    profile = keep_profile(
        office=programme.lender, actor=circulation, name="SD", rows=[{"share": 60, "material": "comic"}]
    )
    assign_profile(programme=programme, actor=circulation, profile=profile)
    plan = ask_plan(office=programme.lender, actor=circulation, starts_on=clock.today() - timedelta(days=30))
    run_waiting_plans()
    plan.refresh_from_db()
    (answer,) = result_of(plan)
    brought = {item.title for delivery in answer.deliveries for item in delivery.items}
    assert len(brought & {str(key) for key in comics}) >= 12 - 1


def test_the_plan_keeps_levels_and_quotas(programme: Programme, circulation: User) -> None:
    shelve(programme.lender, 60)
    early = Title.objects.filter(pk__in=Title.objects.values("pk")[:30])
    early.update(reading_level=ReadingLevel.EARLY)
    profile = keep_profile(
        office=programme.lender,
        actor=circulation,
        name="SD",
        levels=["early", "middle"],
        rows=[{"share": 60, "reading_level": "early"}],
    )
    assign_profile(programme=programme, actor=circulation, profile=profile)
    plan = ask_plan(office=programme.lender, actor=circulation, starts_on=clock.today() - timedelta(days=30))
    run_waiting_plans()
    plan.refresh_from_db()
    (answer,) = result_of(plan)
    levels = dict(Copy.objects.values_list("pk", "title__reading_level"))
    for delivery in answer.deliveries:
        counted = Counter(levels[key] for key in levels if str(key) in {item.copy for item in delivery.items})
        assert len(delivery.items) == 5
        assert counted["early"] >= 3


def test_a_material_that_is_short_is_said_with_its_name(programme: Programme, circulation: User) -> None:
    shelve(programme.lender, 40)
    comics = Title.objects.order_by("-pk").values_list("pk", flat=True)[:2]
    Title.objects.filter(pk__in=list(comics)).update(material="comic")
    profile = keep_profile(
        office=programme.lender, actor=circulation, name="SD", rows=[{"share": 60, "material": "comic"}]
    )
    assign_profile(programme=programme, actor=circulation, profile=profile)
    plan = ask_plan(office=programme.lender, actor=circulation, starts_on=clock.today() - timedelta(days=30))
    run_waiting_plans()
    plan.refresh_from_db()
    (row,) = plan.schools
    assert [(gap["material"], gap["gets"]) for gap in row["short"]] == [("comic", 2)]
    assert "Komik" in short_words(row)[0]


def test_shares_of_a_small_delivery_never_ask_for_more_than_it_holds() -> None:
    rows = [
        QuotaRow(reading_level=level, share=share)
        for level, share in (("early", 30), ("middle", 30), ("upper", 40))
    ]
    for quantity in range(1, 101):
        fixed, _crossing = quotas_of(rows, quantity, 4)
        assert sum(quota.places for quota in fixed) <= quantity
    assert [quota.places for quota in quotas_of(rows, 100, 4)[0]] == [30, 30, 40]
