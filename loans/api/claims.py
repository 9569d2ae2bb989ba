"""Loss and damage over the API (L8)."""

from typing import Any

from kerjasama.api.events import EventsMixin
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from loans.api.claim_rows import CaseRow
from loans.api.deliveries import CASE_JOINS, SOME_ID
from loans.api.inputs import AssessInput, CaseInput, FindInput, SettleInput
from loans.filters import CaseFilter
from loans.lifecycle import CASE
from loans.models import Case
from loans.services import claiming


class CaseViewSet(EventsMixin, CreateMixin, ReadViewSet):
    """The loss or damage of one copy, from the report to its settlement. Open cases outlive their agreement."""

    scope_noun = "cases"
    queryset = Case.objects.select_related(*CASE_JOINS)
    serializer_class = CaseRow
    filterset_class = CaseFilter
    create_input = CaseInput
    create_example = {
        "consignment": SOME_ID,
        "barcode": "BH-000123",
        "kind": "lost",
        "account": "Hilang saat kunjungan kelas.",
    }
    lives = (CASE,)
    subject = "case"
    acts = {
        "assess": Act(
            claiming.assess_case,
            AssessInput,
            says="What the partner is asked for and by when; the letter is issued.",
            example={"demand": "price", "amount": "45000.00", "due_on": "2026-12-22"},
        ),
        "settle": Act(
            claiming.settle_case,
            SettleInput,
            says="How it ended: replaced, paid, or waived with its reason; the record is issued.",
            example={"settlement": "same_title", "replacement_barcode": "BH-009001"},
        ),
        "find": Act(
            claiming.find_case,
            FindInput,
            says="The book has turned up again.",
            example={"condition": "worn"},
        ),
    }

    def do_create(self, data: dict[str, Any]) -> Case:
        return claiming.report_loss(actor=self.actor, **data)
