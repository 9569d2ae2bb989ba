"""Where a matter of lending stands on each face, for the links in mails and notices (U11).

Paths, not names of routes: they stand in mails that people keep, so they stay as they are.
"""

from uuid import UUID


def home_for_partner() -> str:
    return "/portal/"


def holdings_for_partner() -> str:
    return "/portal/buku/"


def documents_for_partner() -> str:
    return "/portal/dokumen/"


def receipt_for_partner(consignment: UUID) -> str:
    return f"/portal/kiriman/{consignment}/terima/"


def case_for_partner(case: UUID) -> str:
    return f"/portal/kasus/{case}/"


def wishes_for_partner() -> str:
    return "/portal/keinginan/"


def programme_for_desk(programme: UUID) -> str:
    return f"/admin/kerja/program/{programme}/"


def swap_for_desk(programme: UUID) -> str:
    return f"/admin/kerja/program/{programme}/tukar/"


def consignment_for_desk(consignment: UUID) -> str:
    return f"/admin/kerja/kiriman/{consignment}/"


def strays_for_desk() -> str:
    return "/admin/kerja/buku-luar/"


def case_for_desk(case: UUID) -> str:
    return f"/admin/kerja/kasus/{case}/"
