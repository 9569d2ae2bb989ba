"""Obstacles: noted, given to somebody, resolved, and every refusal (A11)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from agreements.choices import AgreementStatus, ObstacleKind
from agreements.models import Agreement, Obstacle
from agreements.services.obstacles import note_obstacle, resolve_obstacle, revise_obstacle
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from tests.factories import ObstacleFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refusal(act: Any, **arguments: Any) -> DomainError:
    with pytest.raises(DomainError) as refused:
        act(**arguments)
    assert str(refused.value.message)
    return refused.value


def test_the_eight_kinds_of_the_field() -> None:
    assert len(ObstacleKind.values) == 8


def test_noted_followed_up_and_resolved(agreement: Agreement, officer: Any, circulation: Any) -> None:
    today = clock.today()
    row = note_obstacle(
        agreement=agreement,
        actor=officer,
        kind="facilities",
        description="Sekolah tidak punya rak.",
        owner=circulation,
        due_on=today,
    )
    assert list(Obstacle.objects.due(today)) == [row]
    assert list(Obstacle.objects.due(today - DAY)) == []
    row = revise_obstacle(obstacle=row, actor=officer, version=1, remedy="Rak dipinjamkan.")
    row = resolve_obstacle(obstacle=row, actor=officer, resolution="Rak sudah dipasang.")
    assert (row.resolved_on, row.version) == (today, 3)
    assert not Obstacle.objects.due(today).exists()


def test_only_the_keeping_office(agreement: Agreement, circulation: Any, school: Any) -> None:
    row = ObstacleFactory(agreement=agreement)
    for stranger in (circulation, school):
        call = {"obstacle": row, "actor": stranger}
        assert (
            refusal(note_obstacle, agreement=agreement, actor=stranger, kind="staff", description="x").code
            == refusal(revise_obstacle, **call, remedy="x").code
            == refusal(resolve_obstacle, **call, resolution="x").code
            == "role_missing"
        )


def test_noting_refuses(agreement: Agreement, officer: Any, school: Any) -> None:
    call = {"agreement": agreement, "actor": officer, "kind": "staff", "description": "x"}
    refused = refusal(note_obstacle, **call, owner=school)
    assert (refused.code, refused.field) == ("owner_elsewhere", "owner")
    assert refusal(note_obstacle, **call, noted_on=clock.today() + DAY).code == "date_to_come"
    assert refusal(note_obstacle, **call, resolved_on=clock.today()).code == "unknown_field"
    with pytest.raises(ValidationError):
        note_obstacle(**call | {"kind": "weather"})
    Agreement.objects.filter(pk=agreement.pk).update(status=AgreementStatus.CANCELLED)
    assert refusal(note_obstacle, **call).code == "agreement_cancelled"


def test_resolving_refuses(agreement: Agreement, officer: Any) -> None:
    today = clock.today()
    row = ObstacleFactory(agreement=agreement, noted_on=today - DAY)
    call = {"obstacle": row, "actor": officer}
    assert refusal(resolve_obstacle, **call, resolution=" ").code == "resolution_missing"
    assert refusal(resolve_obstacle, **call, resolution="x", resolved_on=today + DAY).code == "date_to_come"
    early = refusal(resolve_obstacle, **call, resolution="x", resolved_on=today - 2 * DAY)
    assert early.code == "before_noted"
    assert refusal(revise_obstacle, **call, version=9, remedy="x").code == "stale"
    assert refusal(revise_obstacle, **call, noted_on=today).code == "unknown_field"
    resolve_obstacle(**call, resolution="selesai")
    assert (
        refusal(resolve_obstacle, **call, resolution="x").code
        == refusal(revise_obstacle, **call, remedy="x").code
        == "already_resolved"
    )
