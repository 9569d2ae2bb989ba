"""Programmes and their periods over the API (L1)."""

from typing import Any

from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import NoteInput
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from loans.api.answers import MoveLookShape, ReplanShape, SwapShape
from loans.api.inputs import (
    HomeInput,
    LastDayInput,
    LookInput,
    MoveInput,
    PauseInput,
    ProgrammeInput,
    SwapInput,
    TermsInput,
    WeekdaysInput,
)
from loans.api.rows import CONSEQUENCES, ConsignmentDetail, PeriodRow, ProgrammeRow
from loans.filters import PeriodFilter, ProgrammeFilter
from loans.lifecycle import PERIOD, PROGRAMME
from loans.models import Consignment, Period, Programme
from loans.services import dividing, moving, pausing, programmes
from loans.services.proposing import propose_consignment
from loans.services.swapping import swap

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"


def swapped(view: Any, row: Programme, data: dict[str, Any]) -> dict[str, Any]:
    done = swap(programme=row, actor=view.actor, **data)
    came = done.visit.document if done.visit else None
    went = done.consignment.handover_document if done.consignment else None
    return {
        "return_visit": done.visit.pk if done.visit else None,
        "return_record": came.number if came else "",
        "consignment": done.consignment.pk if done.consignment else None,
        "handover_record": went.number if went else "",
    }


class ProgrammeViewSet(EventsMixin, CreateMixin, ReadViewSet):
    """A rotation under an agreement: so many books, swapped every so many months. An agreement may carry several."""

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
            pausing.pause_programme,
            PauseInput,
            says="No deliveries for a while; with `until` it goes on by itself. The school is told, with the reason.",
            example={"note": "Gedung sekolah diperbaiki.", "until": "2027-01-11"},
        ),
        "resume": Act(
            pausing.resume_programme,
            says="Deliveries go on; what fell into the pause is left out, the rest is planned by the interval again.",
        ),
        "extend": Act(
            pausing.set_end,
            LastDayInput,
            says="Another last day within the agreement: deliveries up to it are planned, those after it given up.",
            example={"ends_on": "2027-06-30"},
        ),
        "bring_home": Act(
            pausing.bring_home,
            HomeInput,
            says="End early: planned deliveries are cancelled, books that are out are due on a new day, and the programme "
            "ends by itself when the last one is back or settled. The school is told, with the reason.",
            example={"note": "Sekolah digabung.", "home_on": "2026-12-07"},
        ),
        "end": Act(
            pausing.end_programme,
            NoteInput,
            says="No further deliveries; planned periods are cancelled. Books that are out still come back.",
            example={"note": "Sekolah ditutup."},
        ),
        "set_weekdays": Act(
            moving.set_weekdays,
            WeekdaysInput,
            says="The weekdays that the school prefers; planned swaps go there, those moved by hand stay.",
            example={"weekdays": [0, 3]},
            answers=ReplanShape,
            run=lambda view, row, data: {
                "moved": moving.set_weekdays(programme=row, actor=view.actor, **data)
            },
        ),
        "set_terms": Act(
            dividing.set_terms,
            TermsInput,
            says="Name, number of books and interval of one of several programmes of an agreement.",
            example={"label": "Kelas 1–3", "quantity": 60, "interval_months": 3},
        ),
        "replan": Act(
            moving.replan_periods,
            says="After closed days changed: planned swaps that now fall on one are moved off it.",
            answers=ReplanShape,
            run=lambda view, row, data: {"moved": moving.replan_periods(programme=row, actor=view.actor)},
        ),
        "swap": Act(
            swap,
            SwapInput,
            says="At the door: finish the return and hand over what is in the box, in one act. Both records, or neither.",
            example={"leave_out_missing": True},
            answers=SwapShape,
            run=swapped,
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
            moving.move_period,
            MoveInput,
            says="Move a planned swap to another day.",
            example={"starts_on": "2026-12-07"},
        ),
        "look_at_move": Act(
            moving.look_at_move,
            LookInput,
            says="What moving it to a day would meet. Changes nothing.",
            example={"starts_on": "2026-12-07"},
            answers=MoveLookShape,
            run=lambda view, row, data: moving.look_at_move(period=row, actor=view.actor, **data),
        ),
        "cancel": Act(
            moving.cancel_period,
            NoteInput,
            says="This delivery does not take place.",
            example={"note": "Ujian akhir semester."},
        ),
    }
