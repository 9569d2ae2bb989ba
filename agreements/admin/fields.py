"""Fields that several forms of the agreement pages share."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agreements.choices import AgreementKind, AgreementStatus
from agreements.models import Agreement, Party
from agreements.services.authority import agreements_to_derive_from
from kerjasama.domain import clock
from kerjasama.domain.errors import Sentence
from libraries.choices import Role
from libraries.models import Institution

KEEPERS = {Role.OFFICER, Role.HEAD, Role.ADMINISTRATOR}

# What each kind can stand under. A PKS may follow a MoU that is still waiting for its last signature.
ABOVE = {
    AgreementKind.PKS: {AgreementKind.MOU},
    AgreementKind.WORK_PLAN: {AgreementKind.MOU, AgreementKind.PKS},
    AgreementKind.ADDENDUM: {AgreementKind.MOU, AgreementKind.PKS, AgreementKind.WORK_PLAN},
}


class LongText(forms.CharField):
    def __init__(self, label: Sentence, help_text: Sentence, rows: int = 4) -> None:
        super().__init__(
            label=label, help_text=help_text, required=False, widget=forms.Textarea(attrs={"rows": rows})
        )


class AgreementField(forms.ModelChoiceField):
    """An agreement to choose, by its number and what it is about."""

    def label_from_instance(self, obj: Agreement) -> str:
        return " – ".join(filter(None, (obj.number, obj.title, str(obj.partner))))


def parents_of(
    user: Any,
    kind: str,
    *,
    office: Institution | None = None,
    partner: Institution | None = None,
    chosen: UUID | None = None,
) -> "QuerySet[Agreement]":
    """Agreements that one of this kind can stand under: living ones the reader sees, and for a work plan also those
    that somebody above the office has signed (A4). ``chosen`` stays whatever has become of it."""
    kinds = ABOVE.get(AgreementKind(kind), set())
    wanted = Q(pk__in=Agreement.objects.visible_to(user).values("pk"))
    if kind == AgreementKind.WORK_PLAN and office is not None:
        wanted |= Q(pk__in=[row.pk for row in agreements_to_derive_from(office, clock.today(office.zone))])
    fits = wanted & Q(kind__in=kinds) & ~Q(status=AgreementStatus.CANCELLED)
    if kind != AgreementKind.PKS:
        fits &= Q(status=AgreementStatus.ACTIVE)
    if kind != AgreementKind.WORK_PLAN and partner is not None:
        fits &= Q(pk__in=Party.objects.filter(institution=partner).values("agreement"))
    if chosen is not None:
        fits |= Q(pk=chosen)
    return Agreement.objects.filter(fits).select_related("partner").order_by("partner__name", "-starts_on")


def refuse_turned_round(form: forms.Form, cleaned: dict[str, Any]) -> None:
    starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
    if starts and ends and ends <= starts:
        form.add_error("ends_on", _("The agreement must end after it starts."))
