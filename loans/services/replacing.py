"""The copy that takes the place of a lost or damaged one is registered as the lender's own (L8)."""

from datetime import date

from django.utils.translation import gettext as _

from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.catalogue.matching import match_key
from libraries.catalogue.models import Copy, Title
from loans.models import Case


def register_replacement(case: Case, *, barcode: str, title: str, on: date) -> Copy:
    """A new copy on the lender's shelf: of the same title, or of ``title`` when another, equal one was brought.

    Raises InvalidInput (``replacement_barcode``, ``replacement_title``), Conflict (``barcode_used``).
    """
    barcode = barcode.strip()
    if not barcode:
        raise InvalidInput(
            "replacement_barcode",
            _("Give the new book a barcode and enter it here."),
            field="replacement_barcode",
        )
    if Copy.objects.filter(owner=case.lender, barcode=barcode).exists():
        raise Conflict(
            "barcode_used",
            _("The barcode %(barcode)s already belongs to another book. Give the new one its own.")
            % {"barcode": barcode},
            facts={"barcode": barcode},
        )
    lost = case.copy
    work = lost.title
    if title.strip():
        work = _title_called(title.strip(), lost.title)
    return Copy.objects.create(
        title=work,
        owner=case.lender,
        holder=case.lender,
        barcode=barcode[:40],
        call_number=lost.call_number,
        location=lost.location,
        price=lost.price,
        acquired_on=on,
    )


def _title_called(name: str, model: Title) -> Title:
    """The title of that name, or a new entry classed like the one it replaces; the cataloguer completes it later."""
    known = Title.objects.filter(title__iexact=name).order_by("pk").first()
    if known is not None:
        return known
    return Title.objects.create(
        title=name,
        ddc=model.ddc,
        language=model.language,
        reading_level=model.reading_level,
        material=model.material,
        subjects=model.subjects,
        match_key=match_key(title=name),
    )
