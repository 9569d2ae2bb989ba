"""The one place that says what is permitted on a date, and under which agreement. Other apps ask; none decides."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.choices import AgreementStatus
from agreements.models import Agreement, LendingTerm
from kerjasama.domain.errors import InvalidInput, NotPermitted
from kerjasama.domain.wording import plain_date


@dataclass(frozen=True, slots=True)
class LendingPermit:
    """Lending is permitted under ``agreement`` within ``term``."""

    agreement: Agreement
    term: LendingTerm


def lending_permit(*, agreement: Agreement, on: date) -> LendingPermit:
    """Whether this agreement permits lending on a date.

    Raises InvalidInput (``no_lending_terms``) when it says nothing about lending, NotPermitted (``not_in_force``) when
    it does not hold on that date; both name the agreement.
    """
    term = LendingTerm.objects.filter(agreement=agreement).first()
    if term is None:
        raise InvalidInput(
            "no_lending_terms",
            _(
                "Agreement “%(agreement)s” has no lending terms: quantity, interval and first delivery are missing."
            )
            % {"agreement": agreement},
        )
    require_in_force(agreement, on)
    return LendingPermit(agreement, term)


def require_in_force(agreement: Agreement, on: date) -> None:
    """Refuse when ``agreement`` does not hold ``on`` that day, naming it and its term. No queries."""
    holds = (
        agreement.status == AgreementStatus.ACTIVE
        and agreement.starts_on is not None
        and agreement.ends_on is not None
        and agreement.starts_on <= on <= agreement.ends_on
    )
    if holds:
        return
    language = get_language() or "id"
    if agreement.starts_on and agreement.ends_on:
        sentence = _(
            "Agreement “%(agreement)s” (%(start)s to %(end)s, %(status)s) does not hold on %(day)s."
        ) % {
            "agreement": agreement,
            "start": plain_date(agreement.starts_on, language),
            "end": plain_date(agreement.ends_on, language),
            "status": agreement.get_status_display(),
            "day": plain_date(on, language),
        }
    else:
        sentence = _("Agreement “%(agreement)s” has no term yet.") % {"agreement": agreement}
    raise NotPermitted("not_in_force", sentence, facts={"state": agreement.status, "clause": str(agreement)})
