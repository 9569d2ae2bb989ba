"""The agreements around one: above it, under it, before and after it; and what can be made of it."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.choices import ENDED, AgreementKind, AgreementStatus
from agreements.models import Agreement
from agreements.services.continuing import HAS_HELD

LIVING = frozenset(set(AgreementStatus.values) - {str(state) for state in ENDED})
MOST = 50


class Relatives:
    """Two queries: those it names, and those that name it. What the reader may not see has no link."""

    def __init__(self, agreement: Agreement, user: Any, may_keep: bool) -> None:
        self.agreement, self.user, self.may_keep = agreement, user, may_keep

    @cached_property
    def named_by(self) -> list[Agreement]:
        seen = Agreement.objects.visible_to(self.user)
        rows = seen.filter(parent=self.agreement) | seen.filter(predecessor=self.agreement)
        return list(rows.select_related("partner").order_by("starts_on", "pk")[:MOST])

    @cached_property
    def open_to_reader(self) -> set[UUID]:
        named = [key for key in (self.agreement.parent_id, self.agreement.predecessor_id) if key]
        if not named:
            return set()
        return set(Agreement.objects.visible_to(self.user).filter(pk__in=named).values_list("pk", flat=True))

    def above(self) -> list[dict[str, Any]]:
        """(label, row, whether the reader may open it) of what it stands under and what it continues."""
        found = []
        for label, row in ((_("Under"), self.agreement.parent), (_("Continues"), self.agreement.predecessor)):
            if row is not None:
                found.append({"label": label, "row": row, "open": row.pk in self.open_to_reader})
        return found

    def children(self) -> list[dict[str, Any]]:
        return [
            {"row": row, "outlives": self.outlives(row)}
            for row in self.named_by
            if row.parent_id == self.agreement.pk
        ]

    def successors(self) -> list[Agreement]:
        return [row for row in self.named_by if row.predecessor_id == self.agreement.pk]

    def outlives(self, child: Agreement) -> bool:
        return bool(
            child.status in LIVING
            and child.ends_on
            and self.agreement.ends_on
            and child.ends_on > self.agreement.ends_on
        )

    def warnings(self) -> list[str]:
        """What is wrong between an agreement and the one it stands under: nothing outlives its parent silently (A4)."""
        agreement, parent = self.agreement, self.agreement.parent
        if parent is None or agreement.status not in LIVING:
            return []
        if parent.status in ENDED:
            return [
                _(
                    "“%(parent)s”, under which it stands, has ended: %(status)s. Talk to the partner and find a new basis."
                )
                % {"parent": parent, "status": parent.get_status_display()}
            ]
        if agreement.ends_on and parent.ends_on and agreement.ends_on > parent.ends_on:
            return [
                _("It runs longer than “%(parent)s”, under which it stands. Renew that one in time.")
                % {"parent": parent}
            ]
        return []

    def makings(self) -> list[dict[str, Any]]:
        """What the office can begin from here, as links to pages that ask for the little that is needed."""
        if not self.may_keep:
            return []
        agreement = self.agreement
        status, kind = agreement.status, agreement.kind
        follows = any(row.status != AgreementStatus.CANCELLED for row in self.successors())
        in_force = status == AgreementStatus.ACTIVE
        found = []
        if status in HAS_HELD and kind != AgreementKind.ADDENDUM and not follows:
            found.append((_("Renew this agreement"), "agreement_renew", "swap"))
        if in_force and kind == AgreementKind.IMPLICIT and not follows:
            found.append((_("Put in writing"), "agreement_write_down", "edit"))
        if in_force and kind not in (AgreementKind.IMPLICIT, AgreementKind.ADDENDUM):
            found.append((_("Write an addendum"), "agreement_amend", "plus"))
        if in_force and kind in (AgreementKind.MOU, AgreementKind.PKS):
            found.append((_("Write a work plan under it"), "agreement_derive", "document"))
        found.append((_("Copy this agreement"), "agreement_copy", "document"))
        found.append((_("Make a template of it"), "agreement_template", "list"))
        return [
            {"label": label, "url": reverse(f"work:{name}", args=[agreement.pk]), "icon": icon}
            for label, name, icon in found
        ]
