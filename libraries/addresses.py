"""Where things of this floor stand on each face, for the links in mails and notices (U11)."""

from uuid import UUID


def assessment_for_partner(assessment: UUID) -> str:
    return f"/portal/kesiapan/{assessment}/"


def assessment_for_desk(assessment: UUID) -> str:
    return f"/admin/kerja/kesiapan/{assessment}/"


def answering_for_desk(assessment: UUID) -> str:
    return f"/admin/kerja/kesiapan/{assessment}/jawab/"
