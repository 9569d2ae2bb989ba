"""The papers of lending: frozen facts and the sentences made of them (L3, L4, L6, L8). No model, no query.

Each class names the template it is rendered with: ``render_pdf("handover", HandoverPaper(...))``.
"""

from loans.papers.handover import HandoverPaper, ReturnPaper
from loans.papers.items import Basis, Item
from loans.papers.losses import ClaimedItem, ReplacementLetterPaper, SettlementPaper
from loans.papers.packing import BoxLabelPaper, PickLine, PickListPaper
from loans.papers.planning import PlannedDelivery, PlannedSchool, RotationPlanPaper

__all__ = [
    "Basis",
    "BoxLabelPaper",
    "ClaimedItem",
    "HandoverPaper",
    "Item",
    "PickLine",
    "PickListPaper",
    "PlannedDelivery",
    "PlannedSchool",
    "ReplacementLetterPaper",
    "ReturnPaper",
    "RotationPlanPaper",
    "SettlementPaper",
]
