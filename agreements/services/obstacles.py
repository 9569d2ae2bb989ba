"""What stands in the way of a cooperation: noted, given to somebody with a day, resolved (A11)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.choices import AgreementStatus
from agreements.models import Agreement, Obstacle
from agreements.services.measuring import require_keeper
from agreements.services.stepping import lock_agreement
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, refuse_unknown
from libraries.access import access_of
from libraries.models import User

EDITABLE = frozenset({"kind", "description", "remedy", "owner", "due_on"})


@transaction.atomic
def note_obstacle(
    *,
    agreement: Agreement,
    actor: User,
    kind: str,
    description: str,
    noted_on: date | None = None,
    **fields: Any,
) -> Obstacle:
    """One obstacle more. Raises InvalidInput (``agreement_cancelled``, ``date_to_come``, ``owner_elsewhere``)."""
    fresh = lock_agreement(agreement)
    require_keeper(fresh, actor)
    if fresh.status == AgreementStatus.CANCELLED:
        raise InvalidInput("agreement_cancelled", _("This agreement was given up; note nothing under it."))
    refuse_unknown(fields, EDITABLE)
    today = clock.today(fresh.office.zone)
    if noted_on is not None and noted_on > today:
        raise InvalidInput("date_to_come", _("Choose today or an earlier day."), field="noted_on")
    row = Obstacle(
        agreement=fresh, kind=kind, description=description.strip(), noted_on=noted_on or today, **fields
    )
    _require_owner(fresh, row)
    row.full_clean(exclude=["agreement"])
    row.save(force_insert=True)
    return row


@transaction.atomic
def revise_obstacle(
    *, obstacle: Obstacle, actor: User, version: int | None = None, **changes: Any
) -> Obstacle:
    """Change its words, its owner or its day. Raises Conflict (``stale``, ``already_resolved``)."""
    agreement, fresh = _locked(obstacle, actor)
    if version is not None and version != fresh.version:
        raise Conflict(
            "stale",
            _("Somebody else has changed this obstacle meanwhile. Look at it again, then save."),
            facts={"version": fresh.version},
        )
    _refuse_resolved(fresh)
    refuse_unknown(changes, EDITABLE)
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.version += 1
    _require_owner(agreement, fresh)
    fresh.full_clean(exclude=["agreement"])
    fresh.save(update_fields=[*changes, "version", "updated_at"])
    return fresh


@transaction.atomic
def resolve_obstacle(
    *, obstacle: Obstacle, actor: User, resolution: str, resolved_on: date | None = None
) -> Obstacle:
    """It stands in the way no longer. Raises Conflict (``already_resolved``), InvalidInput (``resolution_missing``,
    ``date_to_come``, ``before_noted``)."""
    agreement, fresh = _locked(obstacle, actor)
    _refuse_resolved(fresh)
    if not resolution.strip():
        raise InvalidInput(
            "resolution_missing", _("Say in a sentence how it was resolved."), field="resolution"
        )
    today = clock.today(agreement.office.zone)
    day = resolved_on or today
    if day > today:
        raise InvalidInput("date_to_come", _("Choose today or an earlier day."), field="resolved_on")
    if day < fresh.noted_on:
        raise InvalidInput(
            "before_noted", _("It cannot be resolved before it was noted."), field="resolved_on"
        )
    fresh.resolved_on, fresh.resolution = day, resolution.strip()
    fresh.version += 1
    fresh.save(update_fields=["resolved_on", "resolution", "version", "updated_at"])
    return fresh


def _locked(obstacle: Obstacle, actor: User) -> tuple[Agreement, Obstacle]:
    agreement = lock_agreement(obstacle.agreement)
    require_keeper(agreement, actor)
    return agreement, Obstacle.objects.select_for_update(no_key=True).get(pk=obstacle.pk)


def _refuse_resolved(obstacle: Obstacle) -> None:
    if obstacle.resolved_on is not None:
        raise Conflict(
            "already_resolved",
            _("This obstacle is resolved already. If it is back, note it anew."),
        )


def _require_owner(agreement: Agreement, obstacle: Obstacle) -> None:
    """Who sees to it must work at the office, or the follow-up would appear on nobody's page."""
    owner = obstacle.owner
    if owner is None:
        return
    access = access_of(owner)
    if not (access.everything or agreement.office_id in access.offices):
        raise InvalidInput(
            "owner_elsewhere",
            _("%(person)s does not work at %(office)s. Choose somebody of the office.")
            % {"person": owner, "office": agreement.office},
            field="owner",
        )
