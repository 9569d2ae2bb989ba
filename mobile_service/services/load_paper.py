"""The load list of a trip as PDF."""

from datetime import datetime

from django.utils import translation

from kerjasama.documents.rendering import render_pdf
from mobile_service.load_paper import LoadLine, LoadListPaper
from mobile_service.models import Trip, Visit
from mobile_service.services.loading import load_list


def load_list_pdf(trip: Trip, *, language: str = "id") -> bytes:
    with translation.override(language):
        listed = load_list(trip)
        fetch = {visit.pk: books for visit, books in listed.fetch}
        lines = []
        for visit in sorted(
            {row.visit for row in listed.bring} | {visit for visit, _n in listed.fetch}, key=_when
        ):
            rows = [row for row in listed.bring if row.visit == visit]
            for index, row in enumerate(rows or [None]):
                lines.append(
                    LoadLine(
                        stop=visit.stop.name,
                        delivery=row.consignment.code if row else "",
                        boxes=row.boxes if row else 0,
                        books=row.books if row else 0,
                        fetch=0 if index else fetch.get(visit.pk, 0),
                    )
                )
        paper = LoadListPaper(
            institution=trip.office.name,
            vehicle=trip.vehicle.name,
            on=trip.on,
            crew=[duty.member.name for duty in trip.duties.all()],
            lines=lines,
            room=listed.sentence,
            own_books=trip.vehicle.own_books,
        )
        return render_pdf("load_list", paper, language=language)


def _when(visit: Visit) -> datetime:
    return visit.begins_at
