"""Where an agreement, or a request to cooperate, stands on each face, for the links in mails and notices (U11)."""

from uuid import UUID


def agreement_for_partner(agreement: UUID) -> str:
    return f"/portal/perjanjian/{agreement}/"


def agreement_for_desk(agreement: UUID) -> str:
    return f"/admin/kerja/perjanjian/{agreement}/"


def activity_for_guest(activity: UUID, *, is_office: bool = False) -> str:
    """A guest that works with this system reads it at its desk, any other in the portal."""
    return activity_for_desk(activity) if is_office else f"/portal/kegiatan/{activity}/"


def activity_for_desk(activity: UUID) -> str:
    return f"/admin/kerja/kegiatan/{activity}/"


def booking_for_borrower(booking: UUID, *, is_office: bool = False) -> str:
    return booking_for_desk(booking) if is_office else f"/portal/peralatan/pemesanan/{booking}/"


def booking_for_desk(booking: UUID) -> str:
    return f"/admin/kerja/peralatan/pemesanan/{booking}/"


def request_for_partner(request: UUID) -> str:
    return f"/portal/permintaan/{request}/"


def request_for_desk(request: UUID) -> str:
    return f"/admin/kerja/permintaan/{request}/"


# ``%s`` is the secret of the link; it is put in when a mail is written, and stands in no table.
REQUEST_BY_LINK = "/kerja-sama/ikuti/%s/"


def evaluation_for_party(evaluation: UUID, *, is_office: bool = False) -> str:
    """A partner that works with this system reads it at its desk, any other in the portal."""
    return f"/admin/kerja/evaluasi/{evaluation}/" if is_office else f"/portal/evaluasi/{evaluation}/"


def indicators_for_desk(agreement: UUID) -> str:
    return f"/admin/kerja/perjanjian/{agreement}/indikator/"
