"""Books of a coming delivery that a person decides on: this copy here, and no plan takes it away again (L2).

Only what is still planned can be changed: what is being packed is changed on the list of its delivery.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.catalogue.models import Copy, Title
from libraries.models import User
from loans.lifecycle import PERIOD
from loans.models import Period, PlannedBook
from loans.services.fitting import (
    first_fitting,
    require_copy_fits,
    require_not_packed,
    require_room,
    require_title_fits,
)
from loans.services.programmes import lock_period
from loans.services.promising import settle_wishes
from loans.services.stepping import roles_of, write_event


@transaction.atomic
def fix_book(
    *, period: Period, actor: User, barcode: str = "", copy: Copy | None = None, title: Title | None = None
) -> PlannedBook:
    """Put a copy into the plan of a delivery, fixed: by its ``barcode``, itself, or the first fitting one of ``title``.

    A book that a plan has put there already is only fixed. Raises NotPermitted, TransitionRefused, InvalidInput
    (``unknown_barcode``, ``choose_book``, ``wrong_level``), LimitReached (``plan_full``), Conflict (``being_packed``,
    ``title_had``, ``title_banned``, ``title_planned``, ``copy_promised``, ``copy_away``, … as in ``fitting``).
    """
    fresh = _open_period(period, actor)
    wanted = _wanted(fresh, barcode, copy, title)
    there = (
        PlannedBook.objects.filter(period=fresh, copy=wanted)
        if isinstance(wanted, Copy)
        else PlannedBook.objects.filter(period=fresh, title=wanted)
    ).first()
    if there is not None:
        return _lock(there, fresh, actor, locked=True)
    require_room(fresh)
    found = _fitting(fresh, wanted)
    book = PlannedBook.objects.create(period=fresh, title=found.title, copy=found, is_locked=True)
    _note(fresh, "fix_book", actor, found)
    _settle(fresh, actor)
    return _read(book)


@transaction.atomic
def replace_book(
    *, book: PlannedBook, actor: User, barcode: str = "", copy: Copy | None = None, title: Title | None = None
) -> PlannedBook:
    """Another copy, or another title, in the place of a planned book; it is fixed. Raises what ``fix_book`` raises."""
    period, row = _open_book(book, actor)
    wanted = _wanted(period, barcode, copy, title)
    if isinstance(wanted, Copy) and wanted.pk == row.copy_id:
        return _lock(row, period, actor, locked=True)
    found = _fitting(period, wanted, instead_of=row)
    was = row.title_id
    row.title, row.copy, row.source, row.plan, row.is_locked = found.title, found, None, None, True
    row.save(update_fields=["title", "copy", "source", "plan", "is_locked", "updated_at"])
    _note(period, "replace_book", actor, found)
    _settle(period, actor, was)
    return _read(row)


@transaction.atomic
def remove_book(*, book: PlannedBook, actor: User) -> None:
    """Take a book out of the plan of its delivery, fixed or not; its place is filled when the delivery is proposed."""
    period, row = _open_book(book, actor)
    _note(period, "drop_book", actor, row.copy)
    row.delete()
    _settle(period, actor, row.title_id)


@transaction.atomic
def lock_book(*, book: PlannedBook, actor: User) -> PlannedBook:
    """Fix a planned book: every later plan keeps it there."""
    period, row = _open_book(book, actor)
    return _lock(row, period, actor, locked=True)


@transaction.atomic
def unlock_book(*, book: PlannedBook, actor: User) -> PlannedBook:
    """Let the next plan decide about a book again; until then it stays planned."""
    period, row = _open_book(book, actor)
    return _lock(row, period, actor, locked=False)


def _open_period(period: Period, actor: User) -> Period:
    """The locked period with its programme, if its books may still be chosen by this actor."""
    fresh = lock_period(period)
    PERIOD.ask("propose", fresh.status, roles_of(actor, fresh))
    require_not_packed(fresh)
    return fresh


def _open_book(book: PlannedBook, actor: User) -> tuple[Period, PlannedBook]:
    period = _open_period(book.period, actor)
    row = (
        PlannedBook.objects.select_for_update(of=("self",), no_key=True)
        .select_related("title", "copy__title")
        .filter(pk=book.pk)
        .first()
    )
    if row is None:
        raise Conflict(
            "book_gone", _("This book is not in the plan any more. Look at the delivery again, then decide.")
        )
    return period, row


def _wanted(period: Period, barcode: str, copy: Copy | None, title: Title | None) -> Copy | Title:
    """The copy that was named, locked; or the title, of which any fitting copy will do."""
    asked: Any = {"pk": copy.pk} if copy else {"barcode": barcode.strip()} if barcode.strip() else None
    if asked is None:
        if title is None:
            raise InvalidInput(
                "choose_book", _("Scan the barcode of a copy, or choose a title."), field="barcode"
            )
        return title
    found = (
        Copy.objects.select_for_update(of=("self",), no_key=True)
        .select_related("title")
        .filter(owner=period.programme.lender_id, **asked)
        .first()
    )
    if found is None:
        raise InvalidInput(
            "unknown_barcode",
            _("No copy of this library has the barcode %(barcode)s.")
            % {"barcode": copy.barcode if copy else barcode.strip()},
            field="barcode",
        )
    return found


def _fitting(period: Period, wanted: Copy | Title, *, instead_of: PlannedBook | None = None) -> Copy:
    require_title_fits(period, wanted.title if isinstance(wanted, Copy) else wanted, instead_of=instead_of)
    if isinstance(wanted, Copy):
        require_copy_fits(period, wanted)
        return wanted
    return first_fitting(period, wanted)


def _lock(row: PlannedBook, period: Period, actor: User, *, locked: bool) -> PlannedBook:
    if row.is_locked != locked:
        row.is_locked = locked
        row.save(update_fields=["is_locked", "updated_at"])
        _note(period, "lock_book" if locked else "unlock_book", actor, row.copy)
    return _read(row)


def _settle(period: Period, actor: User, *dropped: UUID) -> None:
    """Wishes follow what a person puts in or takes out, as they follow a plan."""
    settle_wishes(
        period.programme.lender,
        periods={period.pk},
        dropped={(period.pk, title) for title in dropped},
        actor=actor,
    )


def _note(period: Period, action: str, actor: User, copy: Copy) -> None:
    write_event(period, action, actor=actor, note=f"{copy.title} ({copy.barcode})"[:500])


def _read(row: PlannedBook) -> PlannedBook:
    return PlannedBook.objects.for_list().get(pk=row.pk)
