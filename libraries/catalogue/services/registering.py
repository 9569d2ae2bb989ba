"""Titles and copies by hand: one at a time, as the import writes them by the thousand (D3).

Where a copy *is* does not belong here: only lending and returning move it.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.access import access_of
from libraries.catalogue.choices import CopyPlace
from libraries.catalogue.matching import match_key, valid_isbn13, volume_sign
from libraries.catalogue.models import Copy, Title
from libraries.choices import Role
from libraries.models import User

MAY_CATALOGUE = frozenset({Role.CIRCULATION, Role.ADMINISTRATOR})
TITLE_FIELDS = (
    "title",
    "subtitle",
    "part",
    "responsibility",
    "authors",
    "publisher",
    "place",
    "year",
    "edition",
    "series",
    "extent",
    "language",
    "isbn",
    "ddc",
    "subjects",
    "reading_level",
    "material",
    "control_number",
)
COPY_FIELDS = (
    "barcode",
    "accession_number",
    "call_number",
    "location",
    "price",
    "condition",
    "may_travel",
    "acquired_on",
)


def prepare_title(*, title: Title) -> Title:
    """Put an unsaved description in order: one blank between words, ISBN as 13 digits, the key by which imports know it.

    Raises ``InvalidInput`` (field ``isbn`` or ``title``), and ``Conflict`` when the catalogue already has this very title.
    """
    title.title = " ".join(title.title.split())
    title.authors = _tidy(title.authors)
    title.subjects = _tidy(title.subjects)
    if not title.title:
        raise InvalidInput("title_missing", _("A title needs its name."), field="title")
    title.isbn = checked_isbn(title.isbn)
    title.match_key = match_key(
        title=title.title,
        subtitle=title.subtitle,
        part=title.part,
        volume=volume_sign(title.title, title.subtitle, title.part),
        authors=title.authors,
        publisher=title.publisher,
        year=title.year,
        edition=title.edition,
    )
    if title._state.adding:
        _refuse_twin(title)
    return title


def checked_isbn(text: str) -> str:
    """An ISBN as people write it, as 13 digits; "" for none. Raises ``InvalidInput`` (field ``isbn``)."""
    number = valid_isbn13(text)
    if text and not number:
        raise InvalidInput(
            "isbn_invalid",
            _("“%(isbn)s” is not a valid ISBN. Check the digits, or leave the field empty.") % {"isbn": text},
            field="isbn",
        )
    return number


@transaction.atomic
def keep_title(*, title: Title, actor: User) -> Title:
    """Save a new or corrected description. The union catalogue is common: every office's cataloguers may.

    Raises ``NotPermitted`` and what :func:`prepare_title` raises.
    """
    access = access_of(actor)
    if not access.everything and not access.having(MAY_CATALOGUE):
        raise NotPermitted("role_missing", _("Only circulation librarians keep the catalogue."))
    prepare_title(title=title)
    title.save()
    return title


def prepare_copy(*, copy: Copy) -> Copy:
    """Put an unsaved copy in order; a new one is at home. Raises ``InvalidInput`` and ``Conflict`` about its barcode."""
    copy.barcode = "".join(copy.barcode.split())
    if not copy.barcode:
        raise InvalidInput("barcode_missing", _("A copy needs a barcode."), field="barcode")
    twins = Copy.objects.filter(owner_id=copy.owner_id, barcode=copy.barcode).exclude(pk=copy.pk)
    if twin := twins.select_related("title").first():
        raise Conflict(
            "barcode_taken",
            _("Barcode %(barcode)s is already on a copy of “%(title)s”.")
            % {"barcode": copy.barcode, "title": twin.title},
            facts={"copy": str(twin.pk)},
            field="barcode",
        )
    if copy._state.adding:
        copy.holder_id = copy.owner_id
        copy.place = CopyPlace.SHELF
        copy.rests_since = clock.today(copy.owner.zone)
    return copy


@transaction.atomic
def keep_copy(*, copy: Copy, actor: User) -> Copy:
    """Save a new copy, at home on its owner's shelf, or a corrected one; where that is stays as it was.

    Raises ``NotPermitted`` and what :func:`prepare_copy` raises.
    """
    if not access_of(actor).at(copy.owner_id) & MAY_CATALOGUE:
        raise NotPermitted(
            "role_missing",
            _("Only circulation librarians of %(owner)s catalogue its copies.") % {"owner": copy.owner},
        )
    adding = copy._state.adding
    prepare_copy(copy=copy)
    if adding:
        copy.save(force_insert=True)
    else:
        copy.save(update_fields=["title", *COPY_FIELDS, "updated_at"])
    return copy


def _refuse_twin(title: Title) -> None:
    for twin in Title.objects.filter(match_key=title.match_key):
        if not twin.isbn or not title.isbn or twin.isbn == title.isbn:
            raise Conflict(
                "title_exists",
                _("The catalogue already has “%(title)s”. Add your copies to that title.")
                % {"title": twin.title},
                facts={"title": str(twin.pk)},
                field="title",
            )


def _tidy(words: list[str]) -> list[str]:
    return [word for word in (" ".join(each.split()) for each in words or []) if word]
