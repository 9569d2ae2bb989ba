"""What the tests of lending share: refusals by code, and a look at the whole state to prove that nothing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from kerjasama.domain.errors import DomainError
from libraries.catalogue.models import Copy
from libraries.models import Document, Notice, NumberCounter
from loans.models import (
    Box,
    Case,
    Consignment,
    CustodyMove,
    LoanLine,
    Period,
    Programme,
    ReturnVisit,
    Scan,
    Stocktake,
    Wish,
)


@pytest.fixture
def refusal() -> Callable[..., DomainError]:
    """``refusal(verb, **arguments)``: the error it raises, after proving that it changed nothing."""

    def refused(act: Callable[..., object], **arguments: Any) -> DomainError:
        before = everything()
        with pytest.raises(DomainError) as caught:
            act(**arguments)
        assert everything() == before, "a refusal changed something"
        return caught.value

    return refused


def everything() -> dict[str, Any]:
    """The state of lending as plain values."""
    return {
        "copies": sorted(Copy.objects.values_list("pk", "place", "holder_id", "condition", "rests_since")),
        "lines": sorted(LoanLine.objects.values_list("pk", "status", "receipt", "returned_to")),
        "boxes": list(LoanLine.objects.order_by("pk").values_list("pk", "box__number")),
        "counted": list(Box.objects.order_by("pk").values_list("pk", "counted", "closed_by")),
        "moves": CustodyMove.objects.count(),
        "scans": sorted(Scan.objects.values_list("pk", "review")),
        "papers": Document.objects.count(),
        "notices": Notice.objects.count(),
        "numbers": sorted(NumberCounter.objects.values_list("institution", "kind", "year", "last")),
        **{
            model.__name__: sorted(model.objects.values_list("pk", "status"))
            for model in (Programme, Period, Consignment, Case, ReturnVisit, Stocktake, Wish)
        },
        "events": [
            model.events.rel.related_model.objects.count()
            for model in (Programme, Period, Consignment, Case, ReturnVisit, Stocktake, Wish)
        ],
    }
