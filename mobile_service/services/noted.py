"""What the crew wrote down and photographed on a trip, for whoever must know of it at the desk (M5)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mobile_service.choices import EntryKind, EntryOutcome
from mobile_service.models import Entry, Trip, TripFile, Visit


@dataclass(frozen=True, slots=True)
class Noted:
    """Words, or the photograph (a StoredFile's id)."""

    at: datetime
    stop: str
    who: str
    words: str = ""
    photograph: UUID | None = None


def noted_on(trip: Trip, visit: Visit | None = None) -> list[Noted]:
    """Of the whole trip, or of one stop; in the order of the day. What was taken back is not among it. Two queries at most."""
    rows = Entry.objects.filter(
        trip=trip, kind__in=[EntryKind.NOTE, EntryKind.PHOTOGRAPH], outcome=EntryOutcome.APPLIED
    ).select_related("visit__stop", "device__member", "actor")
    if visit is not None:
        rows = rows.filter(visit=visit)
    told = list(rows.order_by("at", "counter", "pk"))
    pictures = {row.data["file"] for row in told if row.kind == EntryKind.PHOTOGRAPH}
    # Of this library alone; one whose picture is still on its way is shown when it is here.
    files = (
        {
            str(file.client_id): file.file_id
            for file in TripFile.objects.filter(
                trip__office=trip.office_id, purpose="photograph", client_id__in=pictures
            )
        }
        if pictures
        else {}
    )
    return [
        Noted(
            row.at,
            row.visit.stop.name if row.visit is not None else "",
            row.device.member.name if row.device is not None else str(row.actor or ""),
            row.data.get("text", ""),
            files.get(row.data.get("file", "")),
        )
        for row in told
        if row.kind == EntryKind.NOTE or row.data["file"] in files
    ]
