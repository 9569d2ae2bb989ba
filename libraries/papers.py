"""The papers of this floor: how ready a partner or a network is, on one page (D6); the directory in print (D1). See ``kerjasama.documents.paper``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kerjasama.documents.paper import Letterhead, Text, Words
from kerjasama.domain.wording import plain_date


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One question with its answer now and, where there is one, the time before: "yes", "partly", "no" or ""."""

    label: Text
    wording: Text
    value: str
    before: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A follow-up as it is printed. ``state``: its label."""

    what: str
    who: str
    due_on: date
    state: Text


@dataclass(frozen=True, kw_only=True)
class ReadinessPaper:
    """Render with ``readiness``. ``share`` and ``share_before`` are 0–100; None where nothing was answered before."""

    letterhead: Letterhead
    about: str
    title: Text
    answered_on: date
    share: int
    conditions: Sequence[Condition]
    measures: Sequence[Measure] = ()
    share_before: int | None = None
    before_on: date | None = None
    review_note: str = ""

    def words(self, language: str) -> Words:
        answers = {"yes": _("Yes"), "partly": _("Partly"), "no": _("No"), "": "–"}
        now = plain_date(self.answered_on, language)
        before = plain_date(self.before_on, language) if self.before_on else ""
        return {
            "title": _("%(title)s: %(about)s") % {"title": self.title, "about": self.about},
            "footer": _("%(about)s, answered on %(day)s") % {"about": self.about, "day": now},
            "name": str(self.title),
            "about": self.about,
            "answered": _("Answered by themselves on %(day)s.") % {"day": now},
            "share": _("%(n)s of 100") % {"n": self.share},
            "share_label": _("Readiness"),
            "before": _("before, on %(day)s: %(n)s of 100") % {"day": before, "n": self.share_before}
            if before
            else "",
            "legend_now": _("now"),
            "legend_before": _("the time before"),
            "condition": _("Condition"),
            "answer": _("Answer"),
            "note": _("Note"),
            "rows": [
                {
                    "label": str(row.label),
                    "wording": str(row.wording),
                    "answer": answers[row.value],
                    "before": answers[row.before] if row.before else "",
                    "note": row.note,
                    "value": row.value,
                    "value_before": row.before,
                }
                for row in self.conditions
            ],
            "measures_title": _("What follows"),
            "what": _("What"),
            "who": _("Who"),
            "until": _("Until"),
            "state": _("Status"),
            "measures": [
                {"what": m.what, "who": m.who, "until": plain_date(m.due_on, language), "state": str(m.state)}
                for m in self.measures
            ],
            "review_title": _("What came of it"),
            "review": self.review_note,
        }


@dataclass(frozen=True, kw_only=True)
class DirectoryEntry:
    """One institution; every line is ready to be printed, empty ones are left out."""

    name: str
    numbers: str = ""
    address: str = ""
    reach: str = ""
    hours: str = ""
    people: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class DirectoryGroup:
    """The entries of one kind in one city or regency."""

    region: str
    kind: str
    entries: Sequence[DirectoryEntry]


@dataclass(frozen=True, kw_only=True)
class DirectoryPaper:
    """templates/documents/directory.typ; groups come sorted."""

    name: str
    site: str
    on: date
    groups: Sequence[DirectoryGroup]

    def words(self, language: str) -> Words:
        count = sum(len(group.entries) for group in self.groups)
        entries = ngettext("%(count)d institution", "%(count)d institutions", count) % {"count": count}
        return {
            "title": self.name,
            "under": f"{entries} · {plain_date(self.on, language)}",
            "index": _("Index of names"),
            "hours": _("Hours"),
            "contacts": _("Contacts"),
            "nothing": _("There is no institution in this directory yet."),
            "footer": f"{self.site} · {self.name}",
        }
