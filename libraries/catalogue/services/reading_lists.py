"""Reading lists of classes: begun, filled, put in order, printed (F15). The school keeps them; nobody else writes."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from kerjasama.documents.rendering import render_pdf
from kerjasama.domain.errors import Conflict, InvalidInput, LimitReached, NotPermitted, refuse_unknown
from libraries.access import access_of
from libraries.catalogue.models import ReadingList, ReadingListItem, Title
from libraries.catalogue.papers import ListedBook, ReadingListPaper
from libraries.choices import Role
from libraries.models import Institution, User

FIELDS = frozenset({"class_name", "school_year", "title", "note", "is_public"})
LONGEST = 200


@transaction.atomic
def begin_reading_list(*, actor: User, institution: Institution, **fields: Any) -> ReadingList:
    """An empty list of a class. Raises NotPermitted, InvalidInput (``unknown_field``), ValidationError."""
    require_keeper(institution, actor)
    refuse_unknown(fields, FIELDS)
    row = ReadingList(institution=institution, **fields)
    row.full_clean(exclude=["institution"])
    row.save(force_insert=True)
    return row


@transaction.atomic
def revise_reading_list(
    *, reading_list: ReadingList, actor: User, version: int | None = None, **changes: Any
) -> ReadingList:
    """Change what stands above the books. Raises Conflict (``stale``)."""
    fresh = lock_reading_list(reading_list)
    require_keeper(fresh.institution, actor)
    if version is not None and version != fresh.version:
        raise Conflict(
            "stale",
            _("Somebody else has changed this list meanwhile. Look at it again, then change it."),
            facts={"version": fresh.version},
        )
    refuse_unknown(changes, FIELDS)
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.version += 1
    fresh.full_clean(exclude=["institution"])
    fresh.save(update_fields=[*changes, "version", "updated_at"])
    return fresh


@transaction.atomic
def remove_reading_list(*, reading_list: ReadingList, actor: User) -> None:
    """Throw the list away, with its books; the audit remembers both."""
    fresh = lock_reading_list(reading_list)
    require_keeper(fresh.institution, actor)
    fresh.delete()


@transaction.atomic
def add_to_reading_list(
    *,
    reading_list: ReadingList,
    actor: User,
    title: Title | None = None,
    typed_title: str = "",
    author: str = "",
    note: str = "",
) -> ReadingListItem:
    """Put a book at the end: a title of the catalogue, or a typed one with its author.

    Raises InvalidInput (``title_missing``), Conflict (``already_listed``), LimitReached (``list_full``).
    """
    fresh = lock_reading_list(reading_list)
    require_keeper(fresh.institution, actor)
    typed = " ".join(typed_title.split())
    if title is None and not typed:
        raise InvalidInput(
            "title_missing", _("Choose a title of the catalogue, or type one."), field="typed_title"
        )
    if fresh.items.count() >= LONGEST:
        raise LimitReached(
            "list_full", _("A list holds at most %(n)s books. Begin a second list.") % {"n": LONGEST}
        )
    twins = fresh.items.filter(title=title) if title else fresh.items.filter(typed_title__iexact=typed)
    if twins.exists():
        raise Conflict(
            "already_listed",
            _("“%(title)s” is on the list already.") % {"title": title.title if title else typed},
            field="typed_title",
        )
    last = fresh.items.aggregate(last=Max("position"))["last"] or 0
    item = ReadingListItem(
        reading_list=fresh,
        position=last + 1,
        title=title,
        typed_title="" if title else typed,
        author="" if title else " ".join(author.split()),
        note=note.strip(),
    )
    item.full_clean(exclude=["reading_list", "title"])
    item.save(force_insert=True)
    fresh.touch()
    return item


@transaction.atomic
def take_from_reading_list(*, reading_list: ReadingList, actor: User, item: ReadingListItem) -> None:
    """Take a book off; those behind it move up."""
    fresh = lock_reading_list(reading_list)
    require_keeper(fresh.institution, actor)
    rows = [row for row in fresh.items.order_by("position") if row.pk != item.pk]
    fresh.items.filter(pk=item.pk).delete()
    _number(rows)
    fresh.touch()


@transaction.atomic
def move_in_reading_list(*, reading_list: ReadingList, actor: User, item: ReadingListItem, by: int) -> None:
    """Move a book up (``by`` negative) or down; at the ends it stays."""
    fresh = lock_reading_list(reading_list)
    require_keeper(fresh.institution, actor)
    rows = list(fresh.items.order_by("position"))
    at = next((n for n, row in enumerate(rows) if row.pk == item.pk), None)
    if at is None:
        raise Conflict("not_listed", _("This book is no longer on the list."))
    rows.insert(max(0, min(len(rows) - 1, at + by)), rows.pop(at))
    _number(rows)
    fresh.touch()


def reading_list_pdf(reading_list: ReadingList, *, language: str = "id") -> bytes:
    """The list for the wall of the class."""
    with translation.override(language):
        paper = ReadingListPaper(
            school=reading_list.institution.name,
            class_name=reading_list.class_name,
            school_year=reading_list.school_year,
            name=reading_list.title,
            note=reading_list.note,
            books=[
                ListedBook(title=row.name, author=row.author_line, note=row.note)
                for row in reading_list.items.select_related("title").order_by("position")
            ],
        )
    return render_pdf("reading_list", paper, language=language)


def lock_reading_list(reading_list: ReadingList) -> ReadingList:
    return (
        ReadingList.objects.select_for_update(of=("self",), no_key=True)
        .select_related("institution")
        .get(pk=reading_list.pk)
    )


def may_keep(user: Any, institution_id: Any) -> bool:
    access = access_of(user)
    return Role.SCHOOL_CONTACT in access.roles.get(institution_id, frozenset())


def require_keeper(institution: Institution, actor: User) -> None:
    if not may_keep(actor, institution.pk):
        raise NotPermitted(
            "role_missing",
            _("The reading lists of %(school)s are kept by the school itself.") % {"school": institution},
        )


def _number(rows: list[ReadingListItem]) -> None:
    moved = []
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            row.position = position
            moved.append(row)
    ReadingListItem.objects.bulk_update(moved, ["position"])
