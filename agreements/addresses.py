"""Where an agreement stands on each face, for the links in mails and notices (U11)."""

from uuid import UUID


def agreement_for_partner(agreement: UUID) -> str:
    return f"/portal/perjanjian/{agreement}/"


def agreement_for_desk(agreement: UUID) -> str:
    return f"/admin/kerja/perjanjian/{agreement}/"
