"""Programmes and their periods over the API (L1)."""

from typing import Any

from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import NoteInput
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from loans.api.answers import ReplanShape
from loans.api.inputs import MoveInput, ProgrammeInput
from loans.api.rows import CONSEQUENCES, ConsignmentDetail, PeriodRow, ProgrammeRow
from loans.filters import PeriodFilter, ProgrammeFilter
from loans.lifecycle import PERIOD, PROGRAMME
from loans.models import Consignment, Period, Programme
from loans.services import programmes
from loans.services.proposing import propose_consignment

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"


class ProgrammeViewSet(EventsMixin, CreateMixin, ReadViewSet):
    """The rotation that one agreement demands: so many books, swapped every so many months."""

    scope_noun = "programmes"
    queryset = Programme.objects.for_list()
    serializer_class = ProgrammeRow
    filterset_class = ProgrammeFilter
    create_input = ProgrammeInput
    create_example = {"agreement": SOME_ID, "reading_levels": ["early", "middle"]}
    lives = (PROGRAMME,)
    subject = "programme"
    acts = {
        "pause": Act(
            programmes.pause_programme,
            NoteInput,
            says="No deliveries for a while.",
            example={"note": "Gedung sekolah diperbaiki."},
        ),
        "resume": Act(programmes.resume_programme, says="Deliveries go on."),
        "end": Act(
            programmes.end_programme,
            NoteInput,
            says="No further deliveries; planned periods are cancelled. Books that are out still come back.",
            example={"note": "Sekolah ditutup."},
        ),
        "replan": Act(
            programmes.replan_periods,
            says="After closed days changed: planned swaps that now fall on one are moved off it.",
            answers=ReplanShape,
            run=lambda view, row, data: {"moved": programmes.replan_periods(programme=row, actor=view.actor)},
        ),
    }

    def do_create(self, data: dict[str, Any]) -> Programme:
        return programmes.open_programme(actor=self.actor, **data)


def proposed(view: Any, row: Period, data: dict[str, Any]) -> Any:
    return with_counts(propose_consignment(period=row, actor=view.actor))


def with_counts(row: Consignment) -> Consignment:
    """The delivery as its detail says it."""
    found: Consignment = Consignment.objects.for_list().with_counts().get(pk=row.pk)
    return found


class PeriodViewSet(EventsMixin, ReadViewSet):
    """One stay of books at a partner: from the swap that brings them to the swap that takes them."""

    scope_noun = "periods"
    queryset = Period.objects.select_related(
        "programme__lender", "programme__partner", "programme__agreement"
    )
    serializer_class = PeriodRow
    filterset_class = PeriodFilter
    lives = (PERIOD,)
    consequences = CONSEQUENCES[PERIOD.name]
    subject = "period"
    acts = {
        "propose": Act(
            propose_consignment,
            says="Choose the books of its delivery, or top the delivery up while it is being picked.",
            answers=ConsignmentDetail,
            run=proposed,
        ),
        "move": Act(
            programmes.move_period,
            MoveInput,
            says="Move a planned swap to another day.",
            example={"starts_on": "2026-12-07"},
        ),
        "cancel": Act(
            programmes.cancel_period,
            NoteInput,
            says="This delivery does not take place.",
            example={"note": "Ujian akhir semester."},
        ),
    }
