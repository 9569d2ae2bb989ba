"""Booking a tool: asked for, given or refused, brought back; never given to two at the same time (F14)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements import addresses
from agreements.choices import BookingStatus
from agreements.grounds import Span, nearest_free, overlapping
from agreements.lifecycle import BOOKING, BORROWER, OWNER
from agreements.models import Booking, Equipment
from agreements.services.together import (
    require_order,
    require_reason,
    roles_of,
    take_step,
    write_event,
)
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from kerjasama.domain.wording import plain_date
from libraries.access import roles_toward
from libraries.choices import Role, Tone
from libraries.models import Institution, User
from libraries.services.notices import announce, settle

OWNER_ROLES = (Role.OFFICER, Role.CIRCULATION)


@transaction.atomic
def request_booking(
    *,
    equipment: Equipment,
    institution: Institution,
    actor: User,
    begins_at: datetime,
    ends_at: datetime,
    purpose: str,
) -> Booking:
    """Ask for a tool. The owner's office may note a request that came by telephone.

    Raises NotPermitted (``role_missing``, ``not_open_to_you``), InvalidInput (``in_the_past``, ``purpose_missing``,
    ``turned_round``), Conflict (``taken``, ``out_of_use``).
    """
    tool = _lock_tool(equipment)
    own = roles_toward(actor, owner=tool.owner_id) & OWNER
    if not own and not roles_toward(actor, borrower=institution.pk) & BORROWER:
        raise NotPermitted("role_missing", _("You can only book for an institution that you work at."))
    require_order(begins_at, ends_at)
    if ends_at <= clock.now():
        raise InvalidInput("in_the_past", _("This time has passed. Choose another one."), field="begins_at")
    if not purpose.strip():
        raise InvalidInput("purpose_missing", _("Say what you need it for."), field="purpose")
    if not tool.is_active:
        raise Conflict("out_of_use", _("This tool cannot be booked at present. Ask its owner."))
    may = Equipment.objects.filter(
        Equipment.objects.bookable_by([institution.pk], clock.today(tool.owner.zone)), pk=tool.pk
    )
    if institution.pk != tool.owner_id and not may.exists():
        raise NotPermitted(
            "not_open_to_you",
            _(
                "%(owner)s gives this tool to: %(who)s. %(institution)s is none of them; ask the library for an agreement."
            )
            % {"owner": tool.owner, "who": tool.get_open_to_display(), "institution": institution},
        )
    require_free(tool, begins_at, ends_at)
    booking = Booking(
        equipment=tool,
        institution=institution,
        begins_at=begins_at,
        ends_at=ends_at,
        purpose=purpose.strip(),
    )
    booking.save(force_insert=True)
    write_event(booking, "request", actor=actor, before="")
    if not own:
        _tell_owner(booking, "booking_requested", tone=Tone.DUE)
    return booking


@transaction.atomic
def confirm_booking(*, booking: Booking, actor: User) -> Booking:
    """Give the tool. Raises Conflict (``taken``) with who has it until when, and from when on it is free."""
    fresh = _lock(booking)
    BOOKING.ask("confirm", fresh.status, roles_of(actor, fresh))
    require_free(fresh.equipment, fresh.begins_at, fresh.ends_at)
    try:
        with transaction.atomic():
            take_step(BOOKING, "confirm", fresh, actor=actor)
    except IntegrityError as error:
        # The lock on the tool lets nobody get this far twice; the database holds it all the same.
        if "booking_not_twice" not in str(error):
            raise
        fresh.status = BookingStatus.REQUESTED
        require_free(fresh.equipment, fresh.begins_at, fresh.ends_at)
        raise
    settle(fresh.pk)
    _tell_borrower(fresh, "confirmed")
    return fresh


@transaction.atomic
def decline_booking(*, booking: Booking, actor: User, note: str) -> Booking:
    """Do not give the tool, with a reason that the other side reads."""
    fresh = _lock(booking)
    BOOKING.ask("decline", fresh.status, roles_of(actor, fresh))
    require_reason(note)
    take_step(BOOKING, "decline", fresh, actor=actor, note=note.strip())
    settle(fresh.pk)
    _tell_borrower(fresh, "declined", note.strip())
    return fresh


@transaction.atomic
def cancel_booking(*, booking: Booking, actor: User, note: str) -> Booking:
    """Either side gives the booking up; the other is told why."""
    fresh = _lock(booking)
    roles = roles_of(actor, fresh)
    BOOKING.ask("cancel", fresh.status, roles)
    require_reason(note)
    take_step(BOOKING, "cancel", fresh, actor=actor, note=note.strip())
    settle(fresh.pk)
    if roles & BORROWER:
        _tell_owner(fresh, "booking_cancelled", reason=note.strip())
    else:
        _tell_borrower(fresh, "cancelled", note.strip())
    return fresh


@transaction.atomic
def take_back_equipment(*, booking: Booking, actor: User, condition: str) -> Booking:
    """The tool is back; in what condition is noted. From now on it is free for others."""
    fresh = _lock(booking)
    BOOKING.ask("take_back", fresh.status, roles_of(actor, fresh))
    if not condition.strip():
        raise InvalidInput("condition_missing", _("Say in what condition it came back."), field="condition")
    take_step(
        BOOKING,
        "take_back",
        fresh,
        actor=actor,
        note=condition.strip(),
        condition=condition.strip(),
        returned_at=clock.now(),
    )
    settle(fresh.pk)
    return fresh


def require_free(tool: Equipment, begins_at: datetime, ends_at: datetime) -> None:
    """Refuse (``taken``) when somebody has the tool then: who, until when, and when it is free. One query."""
    given = list(
        Booking.objects.filter(equipment=tool, status=BookingStatus.CONFIRMED, ends_at__gt=begins_at)
        .select_related("institution")
        .order_by("begins_at")
    )
    wanted = Span(begins_at, ends_at)
    spans = [Span(row.begins_at, row.ends_at) for row in given]
    clash = overlapping(wanted, spans)
    if not clash:
        return
    holder = next(row for row in given if (row.begins_at, row.ends_at) == clash[0])
    free = nearest_free(wanted, spans)
    raise Conflict(
        "taken",
        _(
            "%(holder)s has “%(tool)s” from %(start)s until %(end)s. For as long as you want it, it is free from "
            "%(free)s on."
        )
        % {
            "holder": holder.institution,
            "tool": tool,
            "start": said(holder.begins_at, tool.owner.zone),
            "end": said(holder.ends_at, tool.owner.zone),
            "free": said(free, tool.owner.zone),
        },
        facts={"holder": str(holder.institution), "until": holder.ends_at, "free_from": free},
        field="begins_at",
    )


def said(moment: datetime, zone: str) -> str:
    """ "23 November 2026, 08.00" on the clock of ``zone``."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{plain_date(local.date(), get_language() or 'id')}, {local:%H.%M}"


def _lock_tool(equipment: Equipment) -> Equipment:
    return (
        Equipment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("owner")
        .get(pk=equipment.pk)
    )


def _lock(booking: Booking) -> Booking:
    """The tool first, then the booking: whoever gives the same tool waits."""
    _lock_tool(booking.equipment)
    return (
        Booking.objects.select_for_update(of=("self",), no_key=True)
        .select_related("equipment__owner", "institution")
        .get(pk=booking.pk)
    )


def facts_of(booking: Booking) -> dict[str, object]:
    """What every notice about a booking says."""
    owner = booking.equipment.owner
    begins = booking.begins_at.astimezone(ZoneInfo(owner.zone))
    return {
        "tool": booking.equipment.name,
        "partner": str(booking.institution),
        "office": str(owner),
        "begins_on": begins.date(),
        "time": f"{begins:%H.%M}",
    }


def _tell_owner(booking: Booking, rule: str, *, tone: str = Tone.CALM, reason: str = "") -> None:
    owner = booking.equipment.owner
    announce(
        recipient=owner,
        sender=owner,
        rule=rule,
        subject_kind="booking",
        subject_id=booking.pk,
        due_on=booking.begins_at.astimezone(ZoneInfo(owner.zone)).date(),
        tone=tone,
        context={**facts_of(booking), "reason": reason},
        path=addresses.booking_for_desk(booking.pk),
        roles=OWNER_ROLES,
    )


def _tell_borrower(booking: Booking, outcome: str, reason: str = "") -> None:
    owner, borrower = booking.equipment.owner, booking.institution
    if owner.pk == borrower.pk:
        return
    announce(
        recipient=borrower,
        sender=owner,
        rule="booking_answered",
        # A booking that was given and is then withdrawn is told twice.
        rung=int(outcome == "cancelled"),
        subject_kind="booking",
        subject_id=booking.pk,
        due_on=booking.begins_at.astimezone(ZoneInfo(owner.zone)).date(),
        context={**facts_of(booking), "outcome": outcome, "reason": reason},
        path=addresses.booking_for_borrower(booking.pk, is_office=borrower.is_office),
        roles=OWNER_ROLES if borrower.is_office else (),
    )
