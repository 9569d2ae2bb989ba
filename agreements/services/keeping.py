"""What the clock does with agreements: into force on the first day, out of force after the last."""

from collections.abc import Callable
from functools import partial

from django.db.models import Exists, OuterRef

from agreements.choices import AgreementKind, AgreementStatus
from agreements.models import Agreement, Party
from agreements.services.ending import expire_agreement
from agreements.services.signing import activate_agreement
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError


def keep_terms(batch: int = 200) -> int:
    """Expire what is over and activate what is signed and has begun; each in its own transaction.

    Returns how many changed. A row that was changed by somebody meanwhile is refused by its table and skipped.
    """
    changed = 0
    # The westernmost and easternmost zones differ by two hours; the service asks again in the office's own zone.
    today = clock.today("Asia/Jayapura")
    for agreement in Agreement.objects.to_expire(today).order_by("pk")[:batch]:
        changed += _done(partial(expire_agreement, agreement=agreement))
    unsigned = Party.objects.filter(agreement=OuterRef("pk"), signed_on__isnull=True)
    ready = Agreement.objects.filter(
        ~Exists(unsigned),
        status=AgreementStatus.SIGNING,
        starts_on__lte=today,
        ends_on__gte=today,
    ).exclude(kind=AgreementKind.IMPLICIT)
    for agreement in ready.order_by("pk")[:batch]:
        changed += _done(partial(activate_agreement, agreement=agreement, actor=None))
    return changed


def _done(verb: Callable[[], Agreement]) -> bool:
    try:
        verb()
    except DomainError:
        return False
    return True
