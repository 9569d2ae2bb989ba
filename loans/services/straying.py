"""Books of other libraries that come back with ours: recognised, noted, and sent home (L6)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.access import roles_toward
from libraries.catalogue.models import Copy
from libraries.choices import Role, Tone
from libraries.models import Institution, User
from libraries.services.notices import announce, settle
from loans import addresses
from loans.lifecycle import DESK
from loans.models import ReturnVisit, StrayBook


def foreign_copies(office_id: UUID, barcodes: Iterable[str]) -> dict[str, Copy]:
    """Copies of other libraries by barcode, where just one library has it. One statement, none for no barcode."""
    wanted = [code for code in barcodes if code]
    found: dict[str, list[Copy]] = {}
    for copy in _with_barcode(office_id, wanted) if wanted else ():
        found.setdefault(copy.barcode, []).append(copy)
    return {code: copies[0] for code, copies in found.items() if len(copies) == 1}


def note_strays(visit: ReturnVisit, copies: Iterable[Copy], *, actor: User) -> None:
    """Scans have recognised books of other libraries; called under the lock of their visit. Once is enough."""
    found = {copy.barcode: copy for copy in copies}
    if not found:
        return
    known = StrayBook.objects.open().filter(office=visit.lender_id, barcode__in=found)
    for barcode in known.values_list("barcode", flat=True):
        found.pop(barcode)
    for barcode, copy in found.items():
        _note(
            visit.lender,
            actor,
            barcode=barcode,
            copy=copy,
            title=copy.title.title[:300],
            owner=copy.owner,
            brought_by=visit.partner,
            return_visit=visit,
        )


@transaction.atomic
def keep_stray(
    *,
    office: Institution,
    actor: User,
    barcode: str = "",
    title: str = "",
    owner: Institution | None = None,
    owner_name: str = "",
    brought_by: Institution | None = None,
) -> StrayBook:
    """Note a book by hand that no catalogue here knows, or whose owner had to be looked for in the book.

    Raises NotPermitted, InvalidInput (``nothing_said``, ``own_book``), Conflict (``noted_already``).
    """
    _require_desk(office.pk, actor)
    barcode, title, owner_name = barcode.strip(), title.strip(), owner_name.strip()
    if not barcode and not title:
        raise InvalidInput("nothing_said", _("Give the barcode or the title of the book."), field="barcode")
    if owner is not None and owner.pk == office.pk:
        raise InvalidInput("own_book", _("This is your own library. Choose whose book it is."), field="owner")
    if barcode and Copy.objects.filter(owner=office, barcode=barcode).exists():
        raise InvalidInput(
            "own_book",
            _("%(barcode)s is a copy of your own library.") % {"barcode": barcode},
            field="barcode",
        )
    Institution.objects.select_for_update(no_key=True).get(pk=office.pk)
    if barcode and StrayBook.objects.open().filter(office=office, barcode=barcode).exists():
        raise Conflict("noted_already", _("%(barcode)s is noted already.") % {"barcode": barcode})
    copies = list(_with_barcode(office.pk, [barcode]).filter(**({"owner": owner} if owner else {}))[:2])
    copy = copies[0] if barcode and len(copies) == 1 else None
    return _note(
        office,
        actor,
        # Without a label there is nothing to tell two books apart by; each is noted by itself.
        barcode=barcode or f"– {clock.now():%d%m%H%M%S%f}",
        copy=copy,
        title=(title or (copy.title.title if copy else ""))[:300],
        owner=owner or (copy.owner if copy else None),
        owner_name=owner_name[:200],
        brought_by=brought_by,
    )


@transaction.atomic
def send_home(*, stray: StrayBook, actor: User, on: date | None = None, how: str = "") -> StrayBook:
    """It is on its way to its owner. Raises NotPermitted, InvalidInput (``date_to_come``), Conflict (``sent_already``)."""
    row = _hold(stray, actor)
    today = clock.today(row.office.zone)
    if on is not None and on > today:
        raise InvalidInput("date_to_come", _("It cannot have been sent in the future."), field="on")
    row.sent_on, row.sent_by, row.sent_how = on or today, actor, how.strip()[:200]
    row.save(update_fields=["sent_on", "sent_by", "sent_how", "updated_at"])
    settle(row.pk)
    return row


@transaction.atomic
def forget_stray(*, stray: StrayBook, actor: User) -> None:
    """It was noted by mistake. Raises NotPermitted, Conflict (``sent_already``)."""
    row = _hold(stray, actor)
    settle(row.pk)
    row.delete()


def _hold(stray: StrayBook, actor: User) -> StrayBook:
    row = (
        StrayBook.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office", "owner")
        .get(pk=stray.pk)
    )
    _require_desk(row.office_id, actor)
    if row.sent_on is not None:
        raise Conflict("sent_already", _("“%(title)s” was sent home already.") % {"title": row})
    return row


def _require_desk(office_id: UUID, actor: User) -> None:
    if not roles_toward(actor, lender=office_id) & DESK:
        raise NotPermitted(
            "role_missing",
            _("Only the circulation desk or an officer notes and sends books of other libraries."),
        )


def _note(office: Institution, actor: User, **fields: Any) -> StrayBook:
    row = StrayBook.objects.create(office=office, noted_on=clock.today(office.zone), noted_by=actor, **fields)
    if row.owner is not None:
        announce(
            recipient=row.owner,
            sender=office,
            rule="stray_found",
            subject_kind="stray_book",
            subject_id=row.pk,
            due_on=row.noted_on,
            tone=Tone.CALM,
            context={
                "office": office.name,
                "owner": row.owner.name,
                "title": str(row),
                "barcode": row.barcode,
            },
            path=f"{addresses.strays_for_desk()}?bagian=milik-kita",
            roles=[Role.CIRCULATION, Role.OFFICER],
        )
    return row


def _with_barcode(office_id: UUID, barcodes: Sequence[str]) -> "QuerySet[Copy]":
    """Copies of other libraries with these barcodes, in the union catalogue."""
    rows = Copy.objects.exclude(owner=office_id).filter(barcode__in=barcodes)
    return rows.select_related("title", "owner").order_by("barcode", "pk")
