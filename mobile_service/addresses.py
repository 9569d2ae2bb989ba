"""Where a matter of the mobile library stands on each face, for the links in mails and notices (U11)."""

from uuid import UUID


def request_for_partner(request: UUID) -> str:
    return f"/portal/pusling/minta/{request}/"


def request_for_desk(request: UUID) -> str:
    return f"/admin/kerja/pusling/permintaan/{request}/"


# ``%s`` is the secret of the link; it is put in when a mail is written, and stands in no table.
REQUEST_BY_LINK = "/jadwal/minta/ikuti/%s/"


def visits_for_partner() -> str:
    return "/portal/pusling/"


def stops_for_partner() -> str:
    return "/portal/pusling/titik/"


def stop_for_desk(stop: UUID) -> str:
    return f"/admin/kerja/pusling/titik/{stop}/"


def trip_for_desk(trip: UUID) -> str:
    return f"/admin/kerja/pusling/perjalanan/{trip}/"


def series_for_desk(series: UUID) -> str:
    return f"/admin/kerja/pusling/seri/{series}/"
