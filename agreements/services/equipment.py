"""Tools that a library lets others use (F14)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.choices import EquipmentOpenTo
from agreements.models import Equipment
from agreements.services.together import require_runs
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.models import Institution, StoredFile, User


@transaction.atomic
def register_equipment(
    *,
    actor: User,
    owner: Institution,
    name: str,
    place: str,
    description: str = "",
    open_to: str = EquipmentOpenTo.PARTNERS,
) -> Equipment:
    """Offer a tool. Raises NotPermitted (``role_missing``), InvalidInput (``name_missing``, ``place_missing``)."""
    require_runs(actor, owner)
    row = Equipment(
        owner=owner, name=name.strip(), place=place.strip(), description=description.strip(), open_to=open_to
    )
    _require_words(row)
    row.save(force_insert=True)
    return row


@transaction.atomic
def revise_equipment(
    *, equipment: Equipment, actor: User, version: int | None = None, **changes: Any
) -> Equipment:
    """Change what is said about a tool, or take it out of use (``is_active=False``): bookings that stand stay.

    ``changes``: name, place, description, open_to, is_active. Raises Conflict (``stale``).
    """
    fresh = _lock(equipment)
    require_runs(actor, fresh.owner)
    if version is not None and version != fresh.version:
        raise Conflict(
            "stale",
            _("Somebody else has changed this meanwhile. Read it again, then change it."),
            facts={"version": fresh.version},
        )
    for name, value in changes.items():
        setattr(fresh, name, value.strip() if isinstance(value, str) else value)
    _require_words(fresh)
    fresh.version += 1
    fresh.save(update_fields=[*changes, "version", "updated_at"])
    return fresh


@transaction.atomic
def picture_equipment(*, equipment: Equipment, actor: User, photograph: StoredFile) -> Equipment:
    """Keep a photograph of the tool. The file is kept by ``files.keep_upload``."""
    fresh = _lock(equipment)
    require_runs(actor, fresh.owner)
    fresh.photograph = photograph
    fresh.version += 1
    fresh.save(update_fields=["photograph", "version", "updated_at"])
    return fresh


def _lock(equipment: Equipment) -> Equipment:
    return (
        Equipment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("owner")
        .get(pk=equipment.pk)
    )


def _require_words(row: Equipment) -> None:
    if not row.name:
        raise InvalidInput("name_missing", _("Say what tool it is."), field="name")
    if not row.place:
        raise InvalidInput("place_missing", _("Say where it is fetched."), field="place")
    if row.open_to not in EquipmentOpenTo.values:
        raise InvalidInput("open_to_unknown", _("Choose who may book it."), field="open_to")
