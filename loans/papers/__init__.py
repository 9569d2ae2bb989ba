"""The papers of lending: frozen facts and the sentences made of them (L3, L4, L6, L8). No model, no query.

Each class names the template it is rendered with: ``render_pdf("handover", HandoverPaper(...))``.
"""

from loans.papers.case_letter import CaseLetterPaper
from loans.papers.handover import HandoverPaper, ReturnPaper
from loans.papers.items import Basis, Drawn, Item, PackedBox
from loans.papers.losses import ClaimedItem, ReplacementLetterPaper
from loans.papers.packing import BoxLabelPaper, PickLine, PickListPaper
from loans.papers.planning import PlannedDelivery, PlannedSchool, RotationPlanPaper
from loans.papers.settlement import SettlementPaper

__all__ = [
    "Basis",
    "BoxLabelPaper",
    "CaseLetterPaper",
    "ClaimedItem",
    "Drawn",
    "HandoverPaper",
    "Item",
    "PackedBox",
    "PickLine",
    "PickListPaper",
    "PlannedDelivery",
    "PlannedSchool",
    "ReplacementLetterPaper",
    "ReturnPaper",
    "RotationPlanPaper",
    "SettlementPaper",
]
