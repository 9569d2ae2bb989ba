"""What a page shows of a request: what was said by whom, in the order of time, with the steps between. Pure reading."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from agreements.lifecycle import REQUEST
from agreements.models import CooperationRequest

ALSO = {
    "ask": gettext_lazy("Asked"),
    "invite": gettext_lazy("Invited"),
    "erase_contact": gettext_lazy("Contact removed"),
    # How a step is told when it is over; the table's words are those of the button.
    "confirm": gettext_lazy("Confirmed from the mailbox"),
    "discuss": gettext_lazy("Taken up"),
    "show_interest": gettext_lazy("Interest shown"),
    "meet": gettext_lazy("Meeting set"),
    "link": gettext_lazy("Institution known"),
    "accept": gettext_lazy("Accepted, draft opened"),
    "decline": gettext_lazy("Declined"),
    "withdraw": pgettext_lazy("request", "Withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One message: ``mine`` is on the reader's own side."""

    who: str
    mine: bool
    at: datetime
    text: str
    attachment: Any


@dataclass(frozen=True, slots=True)
class Step:
    """One step, as a line of a timeline."""

    what: Any
    at: datetime
    actor: str
    note: str
    tone: str = ""


def messages_of(request: CooperationRequest, side: str) -> list[Said]:
    """The thread as ``side`` reads it: people of the own side by name, the other side by institution. One query."""
    rows = request.messages.select_related("author", "attachment")
    names = {"office": str(request.office), "partner": request.asker_name}
    return [
        Said(
            who=str(row.author) if row.side == side and row.author_id else names[row.side],
            mine=row.side == side,
            at=row.at,
            text=row.text,
            attachment=row.attachment,
        )
        for row in rows
    ]


def steps_of(request: CooperationRequest, *, names: bool) -> list[Step]:
    """What happened, newest first. ``names``: the office's own page says which colleague; others read the institution's."""
    labels = {step.action: step.label for step in REQUEST.steps} | ALSO
    told = []
    for event in request.events.select_related("actor"):
        who = _("by the link in the mail") if event.by_link else str(event.actor or "") if names else ""
        note = event.note if names or event.action not in ("link", "accept") else ""
        told.append(Step(labels.get(event.action, event.action), event.at, who, note))
    return sorted(told, key=lambda step: step.at)[::-1]
