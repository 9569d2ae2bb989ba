"""On what an activity may stand: which agreements an office can name, and why it is refused (A4, A12)."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.choices import ENDED, ActivityKind, AgreementStatus, Ground
from agreements.grounds import EVENTS, FORMS, ground_of
from agreements.models import Agreement, Party
from agreements.services.permits import require_in_force
from kerjasama.domain.errors import InvalidInput, NotPermitted
from kerjasama.domain.wording import plain_date
from libraries.models import Institution

# An institution stands under no more bodies than this; a circle of parents ends here too.
DEPTH = 8


def bodies_above(keys: Iterable[UUID]) -> set[UUID]:
    """The institutions that ``keys`` are units of, at any height; not ``keys`` themselves."""
    known = set(keys)
    own, level = set(known), set(known)
    for _height in range(DEPTH):
        level = set(
            Institution.objects.filter(units__in=level).exclude(pk__in=known).values_list("pk", flat=True)
        )
        if not level:
            break
        known |= level
    return known - own


def usable_agreements(offices: Collection[UUID]) -> QuerySet[Agreement]:
    """Agreements that activities of ``offices`` may stand on: their own, and those of the bodies above them."""
    institutions = {*offices, *bodies_above(offices)}
    parties = Party.objects.filter(institution__in=institutions).values("agreement")
    return Agreement.objects.filter(
        Q(office__in=offices) | Q(pk__in=parties),
        status__in=[AgreementStatus.ACTIVE, *ENDED - {AgreementStatus.CANCELLED}],
    )


def _held(agreement: Agreement, on: date) -> bool:
    """Whether an agreement that ran out by itself held on a day of its term: what is past can still be recorded."""
    over = agreement.status in (AgreementStatus.EXPIRED, AgreementStatus.RENEWED)
    return bool(
        over and agreement.starts_on and agreement.ends_on and agreement.starts_on <= on <= agreement.ends_on
    )


def find_ground(*, office: Institution, kind: str, agreement: Agreement | None, on: date) -> Ground:
    """On what an activity of this kind stands on its first day.

    Raises NotPermitted: ``agreement_needed`` when the kind needs an agreement and none is named, ``not_ours`` when the
    one that is named binds neither the office nor a body above it, ``not_in_force`` when it does not hold on that day.
    """
    own = above = False
    if agreement is not None:
        parties = set(Party.objects.filter(agreement=agreement).values_list("institution_id", flat=True))
        own = agreement.office_id == office.pk or office.pk in parties
        above = not own and bool(parties & bodies_above([office.pk]))
        if not own and not above:
            raise NotPermitted(
                "not_ours",
                _(
                    "Neither %(office)s nor a body that it belongs to is a party of this agreement. Choose another one."
                )
                % {"office": office},
            )
        if not _held(agreement, on):
            require_in_force(agreement, on, FORMS.get(kind, EVENTS))
    if kind not in ActivityKind.values:
        raise InvalidInput("kind_unknown", _("Choose what kind of activity it is."), field="kind")
    ground = ground_of(kind, own=own, above=above)
    if ground is None:
        raise NotPermitted("agreement_needed", _needed(office, kind, on), facts={"kind": kind})
    return ground


def _needed(office: Institution, kind: str, on: date) -> str:
    day = plain_date(on, get_language() or "id")
    parents = Institution.objects.filter(pk__in=bodies_above([office.pk])).order_by("name")
    names = ", ".join(str(parent) for parent in parents)
    said = {"kind": ActivityKind(kind).label, "day": day, "parents": names}
    if names:
        return (
            _(
                "“%(kind)s” needs an agreement that holds on %(day)s. Choose one of ours, or one of %(parents)s: then it "
                "is a derived activity (turunan)."
            )
            % said
        )
    return _("“%(kind)s” needs an agreement that holds on %(day)s. Choose it, or make one first.") % said
