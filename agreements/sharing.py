"""The papers of an agreement are open to all its parties, not to the office and the main partner only (A5, A8)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, QuerySet

from agreements.choices import AgreementStatus, EvaluationStatus
from agreements.models import Evaluation, PaperVersion, Party, SignedScan


def shared_documents(institutions: Sequence[Any]) -> Iterable[QuerySet[Any]]:
    """Every version of the paper that was issued, and what the agreement brought once that is finished."""
    agreements = _as_further_party(institutions)
    yield PaperVersion.objects.filter(agreement__in=agreements).values("document")
    yield Evaluation.objects.filter(
        agreement__in=agreements, status=EvaluationStatus.FINISHED, document__isnull=False
    ).values("document")


def shared_files(institutions: Sequence[Any]) -> Iterable[QuerySet[Any]]:
    """The scans of the signed paper. Each party's own signature page stays between it and the office."""
    yield SignedScan.objects.filter(agreement__in=_as_further_party(institutions)).values("file")


def _as_further_party(institutions: Sequence[Any]) -> QuerySet[Any]:
    """Agreements that these are parties of besides the two main ones, as soon as parties may read them at all."""
    return (
        Party.objects.filter(institution__in=institutions)
        .exclude(agreement__status__in=[AgreementStatus.DRAFT, AgreementStatus.CANCELLED])
        .exclude(institution=F("agreement__office"))
        .exclude(institution=F("agreement__partner"))
        .values("agreement")
    )
