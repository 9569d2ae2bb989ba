"""What every change of the mobile library's own records asks first: who may, and whether somebody else was faster."""

from typing import Any

from django.utils.translation import gettext as _

from kerjasama.domain.errors import Conflict, NotPermitted
from libraries.access import roles_toward
from libraries.models import Institution, User
from mobile_service.lifecycle import DESK


def keeps_fleet(actor: Any, office_id: Any) -> bool:
    """Whether the actor works at the desk of the library that sends the van."""
    return bool(roles_toward(actor, office=office_id) & DESK)


def require_desk(office: Institution, actor: User) -> None:
    """Raise NotPermitted (``role_missing``) unless the actor is at the desk of ``office``. The crew only reads."""
    if not keeps_fleet(actor, office.pk):
        raise NotPermitted(
            "role_missing",
            _("Only the circulation desk or an officer of %(office)s keeps its mobile library.")
            % {"office": office},
        )


def require_fresh(row: Any, version: int | None) -> None:
    """Raise Conflict (``stale``) when ``version``, where it is given, is not the one that was read."""
    if version is not None and version != row.version:
        raise Conflict(
            "stale",
            _("Somebody else has changed this meanwhile. Read it again, then change it."),
            facts={"version": row.version},
        )


def one_line(name: str) -> str:
    """A name as it stands in lists, on papers and in calendars, whatever was pasted."""
    return " ".join(name.split())


def save_changes(row: Any, changes: dict[str, Any], *, anyway: bool = False) -> bool:
    """Check and write what differs, and count a version. ``anyway``: its parts changed. Says whether anything did."""
    changes = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    differing = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in differing:
        setattr(row, name, changes[name])
    if not differing and not anyway:
        return False
    row.full_clean()
    row.version += 1
    row.save(update_fields=[*differing, "version", "updated_at"])
    return True
