"""What the mobile library can say in figures about an office and a partner over some time: its part of ``indicators`` (A11, B1)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Count, DecimalField, ExpressionWrapper, F, OuterRef, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from kerjasama.house import Counted
from libraries.models import Institution
from mobile_service.choices import VisitStatus
from mobile_service.models import Trip, Visit
from mobile_service.services.statistics import DRIVEN, visit_figures, visits_in
from mobile_service.spans import Span


def indicators(office: Institution, partner: Institution, start: date, end: date) -> Iterable[Counted]:
    """The van's visits to the partner's stops, whom and what they served, and their share of the way. Two queries.

    A trip's kilometres are shared evenly among the visits that it made.
    """
    visits = visits_in(office, Span(start, end)).filter(stop__partner=partner)
    found = visit_figures(visits)
    counted = (
        ("visits", _("Visits of the mobile library"), found.done, _("visits")),
        ("visitors", _("Visitors of the mobile library"), found.visitors, _("visitors")),
        ("loans", _("Books lent from the van"), found.lent, _("books")),
    )
    for order, (key, label, value, unit) in enumerate(counted):
        yield Counted(f"mobile.{key}", label, Decimal(value), unit, order=50 + order)
    yield Counted(
        "mobile.kilometres",
        _("Kilometres driven for the partner"),
        _share_of_way(visits) if found.done else None,
        "km",
        order=53,
    )


def _share_of_way(visits: object) -> Decimal | None:
    done = Visit.objects.filter(trip=OuterRef("trip"), status=VisitStatus.DONE).order_by()
    made = done.values("trip").annotate(made=Count("pk")).values("made")
    way = Trip.objects.filter(pk=OuterRef("trip")).values(driven=DRIVEN)
    share = ExpressionWrapper(F("way") / F("made"), output_field=DecimalField(max_digits=9, decimal_places=1))
    rows = visits.filter(status=VisitStatus.DONE).annotate(way=Subquery(way), made=Subquery(made))  # type: ignore[attr-defined]
    total = rows.aggregate(total=Sum(share))["total"]
    return None if total is None else Decimal(total).quantize(Decimal("0.1"))
