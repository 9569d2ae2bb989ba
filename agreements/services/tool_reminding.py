"""Reminding whoever has a tool that it goes back: the day before, and when it is late (F14).

As with all reminders, what is due is the latest rung reached and not yet recorded (``reminding.Rule``).
"""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Case, DateField, QuerySet, When
from django.db.models.functions import TruncDate

from agreements import addresses
from agreements.choices import BookingStatus
from agreements.models import Booking
from agreements.services.bookings import OWNER_ROLES, facts_of
from agreements.services.reminding import Rule, go_through
from kerjasama.domain import clock
from kerjasama.domain.rungs import Ladder
from libraries.choices import Zone
from libraries.services.ladders import phase_of, tone_of
from libraries.services.notices import Announcement, announce_all
from libraries.services.sweeps import BATCH, Swept, sweep

# Days relative to the day on which the tool goes back.
BACK = Ladder(-1, 1, 3, 7, 14, 21, 28)


def remind_of_tools(*, batch: int = BATCH) -> Swept:
    """Tell borrowers that a tool goes back tomorrow, or should be back; and the owner which one is late."""
    return sweep("agreements.remind_of_tools", lambda: go_through((BACK_RULE,), batch))


def tools_out() -> QuerySet[Booking]:
    """Tools that somebody has, with the day on which they go back, in their owner's zone, as ``back_on``."""
    back_on = Case(
        *(
            When(equipment__owner__zone=zone, then=TruncDate("ends_at", tzinfo=ZoneInfo(zone)))
            for zone in Zone.values
        ),
        output_field=DateField(),
    )
    out = Booking.objects.filter(status=BookingStatus.CONFIRMED, begins_at__lte=clock.now())
    return out.annotate(back_on=back_on)


@transaction.atomic
def remind_of_tool(key: UUID) -> bool:
    """Tell the borrower about one tool; once it is late, its owner too."""
    row = (
        tools_out()
        .select_for_update(of=("self",), no_key=True)
        .select_related("equipment__owner", "institution")
        .filter(pk=key)
        .first()
    )
    if row is None:
        return False
    owner, back_on = row.equipment.owner, row.back_on  # type: ignore[attr-defined]
    assert isinstance(back_on, date)
    today = clock.today(owner.zone)
    rung = BACK.reached(back_on, today)
    if rung is None:
        return False
    recipients = [row.institution]
    if today > back_on and owner.pk != row.institution_id:
        recipients.append(owner)
    context = {**facts_of(row), **phase_of(back_on, today), "back_on": back_on}
    told = announce_all(
        Announcement(
            recipient=to,
            sender=owner,
            rule=BACK_RULE.name,
            rung=rung,
            subject_kind="booking",
            subject_id=row.pk,
            due_on=back_on,
            tone=tone_of(back_on, today),
            context={
                **context,
                "until": f"{row.ends_at.astimezone(ZoneInfo(owner.zone)):%H.%M}",
                "side": "borrower" if to.pk == row.institution_id else "owner",
            },
            path=addresses.booking_for_desk(row.pk)
            if to.is_office
            else addresses.booking_for_borrower(row.pk),
            roles=OWNER_ROLES if to.is_office else (),
        )
        for to in recipients
    )
    return told > 0


BACK_RULE = Rule("booking_back", BACK, "back_on", "equipment__owner", tools_out, remind_of_tool)
