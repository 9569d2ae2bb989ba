"""How one paper names another: its name, number and day, and those who made it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain.wording import plain_date

NAMES: Mapping[str, Promise] = {
    "pks": gettext_lazy("Cooperation Agreement"),
    "mou": gettext_lazy("Memorandum of Understanding"),
    "work_plan": gettext_lazy("Work Plan"),
    "addendum": gettext_lazy("Addendum"),
}


@dataclass(frozen=True, kw_only=True)
class Above:
    """The paper that another stands under: ``kind`` as in AgreementKind; ``number`` and ``dated`` once it has them."""

    kind: str
    subject: str
    number: str = ""
    dated: date | None = None
    parties: Sequence[str] = ()

    def cited(self, language: str) -> str:
        """ "Nota Kesepahaman Nomor 12/MOU/2025 tanggal 6 Januari 2025"; by its subject while it has no number."""
        name = str(NAMES.get(self.kind, NAMES["pks"]))
        if not self.number:
            return _("%(name)s on %(subject)s") % {"name": name, "subject": self.subject}
        if self.dated is None:
            return _("%(name)s Number %(number)s") % {"name": name, "number": self.number}
        return _("%(name)s Number %(number)s dated %(date)s") % {
            "name": name,
            "number": self.number,
            "date": plain_date(self.dated, language),
        }

    def in_full(self, language: str) -> str:
        """As ``cited``, with those who made it."""
        if not self.parties:
            return self.cited(language)
        return _("%(paper)s between %(parties)s") % {
            "paper": self.cited(language),
            "parties": listed(self.parties),
        }


def listed(names: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s and %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}
