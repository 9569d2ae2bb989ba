"""The crew's phones: invited with a code that is shown once, signed in by it, taken out of use at once (M5).

A phone holds a key of its own, in a cookie; here lie only digests, so that a stolen database signs in nobody.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from kerjasama.domain.links import digest_of
from libraries.access import roles_toward
from libraries.models import User
from mobile_service.lifecycle import DESK
from mobile_service.models import CrewMember, Device

GOOD_FOR = timedelta(hours=1)
# Seen is written at most so often: a phone asks every few seconds.
SEEN_EVERY = timedelta(minutes=1)


@transaction.atomic
def invite_device(*, member: CrewMember, name: str, actor: User) -> tuple[Device, str]:
    """A new phone of ``member``, and the code that signs it in: it is told once and good for an hour.

    Raises NotPermitted, InvalidInput (``name``), Conflict (``not_on_duty``).
    """
    _require_desk(member.office_id, actor)
    if not name.strip():
        raise InvalidInput("name", _("Say which phone it is, such as “Tini's phone”."), field="name")
    _require_active(member)
    code = new_code()
    device = Device.objects.create(
        office_id=member.office_id,
        member=member,
        name=name.strip()[:80],
        invited_by=actor,
        invitation=digest_of(code),
        invitation_ends_at=clock.now() + GOOD_FOR,
    )
    return device, code


@transaction.atomic
def invite_again(*, device: Device, actor: User) -> tuple[Device, str]:
    """Another code for a phone that has not signed in yet; the earlier one is void. Raises Conflict."""
    _require_desk(device.office_id, actor)
    fresh = _locked(device)
    if fresh.enrolled_at is not None or fresh.revoked_at is not None:
        raise Conflict(
            "invitation_used", _("This phone is signed in already, or was taken out of use. Add a new one.")
        )
    _require_active(fresh.member)
    code = new_code()
    fresh.invitation, fresh.invitation_ends_at = digest_of(code), clock.now() + GOOD_FOR
    fresh.save(update_fields=["invitation", "invitation_ends_at", "updated_at"])
    return fresh, code


def device_invited_by(code: str) -> Device | None:
    """The phone that waits to be signed in with ``code``; None when the code is wrong, used or too old."""
    rows = Device.objects.filter(
        invitation=digest_of(code),
        invitation_ends_at__gt=clock.now(),
        enrolled_at__isnull=True,
        revoked_at__isnull=True,
        member__is_active=True,
    )
    return rows.select_related("office", "member").first()


@transaction.atomic
def enrol_device(*, code: str) -> tuple[Device, str]:
    """Sign a phone in: the code is used up, and the key is told to the phone alone. Raises Conflict (``code_void``)."""
    found = device_invited_by(code)
    fresh = _locked(found) if found else None
    # Two phones that read the code at once: the lock lets one in.
    if fresh is None or fresh.enrolled_at is not None or fresh.revoked_at is not None:
        raise Conflict(
            "code_void",
            _("This code was used already or is older than an hour. Ask the library for a new one."),
        )
    key = secrets.token_urlsafe(32)
    fresh.key, fresh.invitation, fresh.invitation_ends_at = digest_of(key), None, None
    fresh.enrolled_at = fresh.seen_at = clock.now()
    fresh.save(
        update_fields=["key", "invitation", "invitation_ends_at", "enrolled_at", "seen_at", "updated_at"]
    )
    return fresh, key


@transaction.atomic
def revoke_device(*, device: Device, actor: User) -> Device:
    """Take a phone out of use: its next call is answered so, and it wipes itself. Raises NotPermitted, Conflict."""
    _require_desk(device.office_id, actor)
    fresh = _locked(device)
    if fresh.revoked_at is not None:
        raise Conflict("revoked_already", _("This phone was taken out of use already."))
    fresh.revoked_at, fresh.invitation = clock.now(), None
    fresh.save(update_fields=["revoked_at", "invitation", "updated_at"])
    return fresh


def revoke_devices_of(member: CrewMember) -> int:
    """Take out of use what a locked ``member`` who leaves the crew was given; how many phones that were."""
    now = clock.now()
    return member.devices.filter(revoked_at__isnull=True).update(
        revoked_at=now, invitation=None, updated_at=now
    )


def is_revoked(device: Device) -> bool:
    """Taken out of use, or of somebody who has left the crew."""
    return device.revoked_at is not None or not device.member.is_active


def device_of(key: str) -> Device | None:
    """The phone that holds ``key``, one that was revoked among them: it must learn of it."""
    if not key:
        return None
    return (
        Device.objects.select_related("office", "member__user", "invited_by")
        .filter(key=digest_of(key))
        .first()
    )


def note_seen(device: Device, now: datetime | None = None) -> None:
    now = now or clock.now()
    if device.seen_at is None or now - device.seen_at > SEEN_EVERY:
        Device.objects.filter(pk=device.pk).update(seen_at=now)


def new_code() -> str:
    """192 bits in 32 symbols: it stands in an address, for an hour."""
    return secrets.token_urlsafe(24)


def _require_active(member: CrewMember) -> None:
    if not member.is_active:
        raise Conflict("not_on_duty", _("This person is not on duty any more. Choose somebody who is."))


def _locked(device: Device) -> Device:
    return (
        Device.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office", "member")
        .get(pk=device.pk)
    )


def _require_desk(office_id: object, actor: User) -> None:
    if not roles_toward(actor, office=office_id) & DESK:  # type: ignore[arg-type]
        raise NotPermitted(
            "role_missing", _("Only the circulation desk or an officer gives out the crew's phones.")
        )
