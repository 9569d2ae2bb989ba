"""The paper of the catalogue: a reading list for the wall of a class (F15). See ``kerjasama.documents.paper``."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kerjasama.documents.paper import Words


@dataclass(frozen=True, kw_only=True)
class ListedBook:
    title: str
    author: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ReadingListPaper:
    """Render with ``reading_list``. Read from two metres away; it names books and no child."""

    school: str
    class_name: str
    school_year: str
    name: str
    books: Sequence[ListedBook]
    note: str = ""

    def words(self, language: str) -> Words:
        return {
            "title": _("%(name)s, %(class)s") % {"name": self.name, "class": self.class_name},
            "footer": _("%(school)s, school year %(year)s")
            % {"school": self.school, "year": self.school_year},
            "above": self.school,
            "class": self.class_name,
            "year": _("School year %(year)s") % {"year": self.school_year},
            "name": self.name,
            "note": self.note,
            "empty": _("No books yet."),
        }
