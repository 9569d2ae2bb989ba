"""Closed vocabularies of the catalogue."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReadingLevel(TextChoices):
    PICTURE = "picture", _("Picture books (pre-school)")
    EARLY = "early", _("Early readers (grades 1–2)")
    MIDDLE = "middle", _("Grades 3–4")
    UPPER = "upper", _("Grades 5–6")
    TEEN = "teen", _("Secondary school")
    GENERAL = "general", _("General")


class Material(TextChoices):
    """What sort of thing a title is, in the hand of its reader."""

    BOOK = "book", _("Book")
    COMIC = "comic", _("Comic")
    MAGAZINE = "magazine", _("Magazine")
    LARGE = "large", _("Large print")
    BRAILLE = "braille", _("Braille")
    AUDIO = "audio", _("Audiobook")
    FILM = "film", _("Film")
    KIT = "kit", _("Game or kit")


class CopyPlace(TextChoices):
    """Where a copy is now. A copy is in exactly one place."""

    SHELF = "shelf", _("On the shelf")
    PACKED = "packed", _("Packed for delivery")
    AWAY = "away", _("With a partner")
    LOST = "lost", _("Lost")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Condition(TextChoices):
    GOOD = "good", _("Good")
    WORN = "worn", _("Worn")
    DAMAGED = "damaged", _("Damaged")


class ImportStatus(TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Finished")
    FAILED = "failed", _("Stopped")


class ImportFormat(TextChoices):
    MARC = "marc", _("MARC 21 / INDOMARC (ISO 2709)")
    MARCXML = "marcxml", _("MARCXML")


class ImportOutcome(TextChoices):
    CREATED = "created", _("New title")
    MATCHED = "matched", _("Title already known")
    REJECTED = "rejected", _("Not readable")
    COPY_EXISTS = "copy_exists", _("Copy already known")
