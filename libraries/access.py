"""Who may see what, and who is who toward a thing. Pure but for one cached query per user.

Closed by default: no user, no membership, no access. An outsider is answered 404, an insider without the role 403;
both are decided from what stands here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from libraries.choices import OFFICE_ROLES


@dataclass(frozen=True, slots=True)
class Access:
    """The roles of one user at each institution. ``everything`` is the installation's superuser."""

    everything: bool = False
    roles: dict[UUID, frozenset[str]] = field(default_factory=dict)

    @property
    def institutions(self) -> list[UUID]:
        return list(self.roles)

    @property
    def offices(self) -> list[UUID]:
        """Institutions where the user works at a desk."""
        return [key for key, held in self.roles.items() if held & OFFICE_ROLES]

    @property
    def schools(self) -> list[UUID]:
        return [key for key, held in self.roles.items() if "school_contact" in held]

    @property
    def is_office(self) -> bool:
        return self.everything or bool(self.offices)

    def at(self, institution_id: UUID | None) -> frozenset[str]:
        """Roles at one institution. An administrator counts as every office role."""
        if self.everything:
            return frozenset(OFFICE_ROLES)
        held = self.roles.get(institution_id, frozenset()) if institution_id else frozenset()
        return held | OFFICE_ROLES if "administrator" in held else held

    def having(self, wanted: Iterable[str]) -> list[UUID]:
        """Institutions where the user has one of the ``wanted`` roles."""
        asked = frozenset(wanted)
        return [key for key in self.roles if self.at(key) & asked]


NOBODY = Access()


def access_of(user: Any) -> Access:
    """The access of a request's user, read once per user object."""
    if user is None or not user.is_authenticated or not user.is_active:
        return NOBODY
    cached: Access | None = getattr(user, "_access", None)
    return cached or grant(user, user.memberships.current().values_list("institution_id", "role"))


def grant(user: Any, held: Iterable[tuple[Any, str]]) -> Access:
    """Remember the roles that were read for a user: ``(institution, role)``, the institution as UUID or its text."""
    roles: dict[UUID, set[str]] = {}
    for institution, role in held:
        key = institution if isinstance(institution, UUID) else UUID(institution)
        roles.setdefault(key, set()).add(role)
    access = Access(user.is_superuser, {key: frozenset(names) for key, names in roles.items()})
    user._access = access
    return access


def roles_toward(user: Any, **parties: UUID | None) -> set[str]:
    """Roles of ``user`` toward a thing, as the lifecycle tables name them.

    ``roles_toward(user, lender=a, partner=b)`` gives for instance ``{"lender:circulation"}``.
    """
    access = access_of(user)
    return {f"{party}:{role}" for party, key in parties.items() for role in access.at(key)}
