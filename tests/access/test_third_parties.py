"""Whoever stands in an agreement beside its two main parties opens the papers of that agreement, and no others (A5)."""

import pytest
from django.urls import reverse

from agreements.choices import AgreementStatus
from agreements.models import Agreement, Party
from tests.access.asking import ask
from tests.access.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(120)]

SHARED = (("document", "shared paper"), ("document", "earlier version"), ("file", "shared scan"))
OTHERS = (("document", "document"), ("file", "file"), ("file", "catalogue file"), ("file", "evidence file"))


def opened(world: World, actor: str, name: str, thing: str) -> str:
    return ask(world, actor, reverse(name, args=[world.pk(thing)])).kind


@pytest.fixture
def evaluated(world: World) -> Party:
    """The third as a party of the agreement whose evaluation is finished."""
    return Party(
        agreement=world.things["agreement"],
        institution=world.people["third"].memberships.get().institution,
        role="member",
    )


def test_a_party_opens_what_was_issued(world: World) -> None:
    for name, thing in SHARED:
        for actor in ("third", "school", "officer"):
            assert opened(world, actor, name, thing) == "in", (actor, thing)
    page = ask(world, "third", reverse("portal:agreement", args=[world.pk("shared agreement")])).body
    for name, thing in SHARED:
        assert reverse(name, args=[world.pk(thing)]) in page


def test_nobody_else_does(world: World) -> None:
    for name, thing in SHARED:
        for actor in ("other_school", "perpusnas"):
            assert opened(world, actor, name, thing) == "404", (actor, thing)
    world.things["evidence file"] = world.things["evidence"].file
    for name, thing in OTHERS:
        assert opened(world, "third", name, thing) == "404", thing


def test_over_the_api(world: World) -> None:
    key = world.keys["third"]
    listed = ask(world, "third", "/api/v1/documents/", key=key).body
    assert world.pk("shared paper") in listed and world.pk("document") not in listed
    paper = f"/api/v1/documents/{world.pk('shared paper')}/"
    assert ask(world, "third", paper, key=key).status == 200
    assert ask(world, "third", f"{paper}pdf/", key=key).status == 200
    assert ask(world, "third", f"/api/v1/documents/{world.pk('document')}/pdf/", key=key).status == 404
    for actor in ("other_school", "perpusnas"):
        assert ask(world, actor, f"{paper}pdf/", key=world.keys[actor]).status == 404


def test_the_right_ends_with_what_it_rests_on(world: World) -> None:
    agreement = Agreement.objects.filter(pk=world.pk("shared agreement"))
    for status in (AgreementStatus.DRAFT, AgreementStatus.CANCELLED):
        agreement.update(status=status)
        assert opened(world, "third", "document", "shared paper") == "404", status
    agreement.update(status=AgreementStatus.EXPIRED)
    assert opened(world, "third", "document", "shared paper") == "in"
    Party.objects.filter(agreement__in=agreement, role="focal").update(institution=world.things["other"])
    assert opened(world, "third", "document", "shared paper") == "404"
    assert opened(world, "other_school", "document", "shared paper") == "in"


def test_what_the_agreement_brought_is_open_to_all_its_parties(world: World, evaluated: Party) -> None:
    world.things["evaluation paper"] = world.things["evaluation"].document
    assert opened(world, "third", "document", "evaluation paper") == "404"
    evaluated.save(force_insert=True)
    assert opened(world, "third", "document", "evaluation paper") == "in"
    assert opened(world, "third", "document", "document") == "404", "a delivery to SDN 01 is no paper of it"
