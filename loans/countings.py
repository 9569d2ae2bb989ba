"""What a stocktake has found, for the pages of both sides: what is missing, what stands there besides."""

from typing import Any

from django.db.models import QuerySet

from loans.models import LoanLine, Scan, Stocktake, StocktakeLine
from loans.panels import panel_of_row
from loans.services.judging import EXTRA
from loans.services.places import with_seen


def not_seen_yet(stocktake: Stocktake) -> "QuerySet[LoanLine]":
    """Of an open stocktake: what should be there and has not been scanned, by title."""
    rows = with_seen(stocktake).filter(is_seen=False).select_related("copy__title")
    return rows.order_by("copy__title__title", "copy__barcode")


def not_seen(stocktake: Stocktake) -> "QuerySet[StocktakeLine]":
    """Of a finished one: what was not seen, with its loan as it is now."""
    rows = stocktake.lines.filter(seen_at__isnull=True).select_related(
        "line__copy__title", "line__consignment"
    )
    return rows.order_by("line__copy__title__title", "line__copy__barcode")


def besides(stocktake: Stocktake) -> list[Any]:
    """What stood there and was not expected, each code once, with what was answered."""
    found: dict[str, Scan] = {}
    for row in stocktake.scans.filter(reason__in=EXTRA, undone_at__isnull=True).order_by("at", "id"):
        found.setdefault(row.barcode, row)
    return [panel_of_row(row, "") for row in found.values()]
