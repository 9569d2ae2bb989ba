"""Who tells of a trip, and in whose name it is then done.

A phone was given out by the desk for exactly this: on a trip its holder does what the circulation desk does at home. What
it tells is done in the name of the crew member's account. Where the member has none (or it is closed), it is done in the
name of whoever gave out the phone, who has answered for it; the phone itself always stands with the entry.
"""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from kerjasama.domain.errors import NotPermitted
from libraries.access import access_of, grant
from libraries.choices import Role
from libraries.models import Institution, User
from mobile_service.models import Device

ON_A_TRIP = frozenset({Role.CREW, Role.CIRCULATION, Role.OFFICER})


@dataclass(frozen=True, slots=True)
class Teller:
    """``actor`` already carries the rights that it has on a trip of ``office``. ``device`` None: from a desk or a program."""

    office: Institution
    actor: User
    device: Device | None = None


def phone_as_teller(device: Device) -> Teller:
    """A phone that is in use."""
    holder = device.member.user
    if holder is None or not holder.is_active:
        holder = device.invited_by
    assert holder is not None
    return Teller(device.office, on_trip(holder, device.office_id), device)


def person_as_teller(user: User, office: Institution) -> Teller:
    """Somebody of the crew or the desk. Raises NotPermitted (``role_missing``)."""
    if not access_of(user).at(office.pk) & ON_A_TRIP:
        raise NotPermitted(
            "role_missing", _("Only the crew and the circulation desk tell what happened on a trip.")
        )
    return Teller(office, on_trip(user, office.pk))


def on_trip(user: User, office_id: UUID) -> User:
    """``user`` with the rights of a trip, in an object of its own: nobody else's rights grow by it."""
    own = User(**{field.attname: getattr(user, field.attname) for field in User._meta.concrete_fields})
    own._state.adding, own._state.db = False, user._state.db
    grant(own, [(office_id, Role.CREW), (office_id, Role.CIRCULATION)])
    return own
