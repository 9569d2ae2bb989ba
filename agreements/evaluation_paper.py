"""The evaluation of a cooperation on one page: what was before, what is now, what stands in the way, what follows (A11).

Facts in, sentences and bars out; typeset by ``templates/documents/evaluation.typ``. Knows no rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.choices import ObstacleKind, Recommendation
from agreements.judging import FigureLine, ObstacleLine
from kerjasama.documents.paper import (
    BLANK,
    Letterhead,
    Signatory,
    Text,
    Verification,
    Words,
    place_and_date,
    signature,
    verification_words,
)
from kerjasama.domain.wording import grouped, plain_date

# Obstacles beyond these are counted, not listed: the paper is one page.
LISTED = 4


@dataclass(frozen=True, kw_only=True)
class EvaluationPaper:
    """Render with ``evaluation``. ``figures`` in the order of the aims; ``agreement`` is its number or title."""

    number: str
    on: date | None
    letterhead: Letterhead
    signatory: Signatory
    agreement: str
    subject: str
    partner: str
    starts_on: date
    ends_on: date
    figures: Sequence[FigureLine]
    obstacles: Sequence[ObstacleLine] = ()
    conclusion: str = ""
    recommendation: str = ""
    place: str = ""
    verification: Verification | None = None

    def words(self, language: str) -> Words:
        said = _RECOMMENDED.get(self.recommendation)
        name = _("Evaluation of the cooperation")
        return {
            "title": f"{name} {self.number}".strip(),
            "name": name,
            "number": _("Number: %(number)s") % {"number": self.number} if self.number else "",
            "footer": " · ".join(part for part in (self.agreement, self.partner, self.number) if part),
            "facts": [
                (
                    _("Agreement"),
                    f"{self.agreement}: {self.subject}" if self.agreement != self.subject else self.subject,
                ),
                (_("Partner"), self.partner),
                (
                    _("Time judged"),
                    _("%(start)s to %(end)s")
                    % {
                        "start": plain_date(self.starts_on, language),
                        "end": plain_date(self.ends_on, language),
                    },
                ),
            ],
            "figures_title": _("Aims and what came of them"),
            "columns": {
                "aim": _("Aim"),
                "before": _("Before"),
                "now": _("Now"),
                "target": _("Target"),
                "verdict": _("Verdict"),
            },
            "lines": [figure_words(line, language) for line in self.figures],
            "legend": {"before": _("before"), "now": _("now"), "target": _("target")},
            "converted": _("* converted to the length of the time before, so that both can be compared.")
            if any(line.is_converted for line in self.figures)
            else "",
            "obstacles_title": _("Obstacles and remedies"),
            "obstacles": [obstacle_words(line, language) for line in self.obstacles[:LISTED]],
            "more_obstacles": _("and %(count)d more") % {"count": len(self.obstacles) - LISTED}
            if len(self.obstacles) > LISTED
            else "",
            "no_obstacles": _("No obstacles were noted."),
            "conclusion_title": _("Conclusion"),
            "conclusion": self.conclusion or BLANK,
            "recommendation_title": _("Recommendation"),
            "recommendation": said or BLANK,
            "signatures": [
                signature("", self.signatory, above=place_and_date(self.place, self.on, language))
            ],
            "verify": verification_words(),
        }


def figure_words(line: FigureLine, language: str) -> Words:
    """A line as the paper says it, and its bars in thousandths of the longest (None where there is none)."""
    shares = bars(line)
    note = _("from %(value)s in %(days)d days") % {
        "value": number(line.measured, language),
        "days": line.days,
    }
    return {
        "aim": line.name,
        "unit": line.unit,
        "before": number(line.baseline, language),
        "now": number(line.now, language) + ("*" if line.is_converted else ""),
        "note": note if line.is_converted else "",
        "target": number(line.target, language),
        "verdict": line.label,
        "state": line.verdict,
        "source": _SOURCES.get(line.source, ""),
        "before_from": _before(line, language),
        "bars": {name: None if share is None else int(10 * share) for name, share in shares.items()},
    }


def _before(line: FigureLine, language: str) -> str:
    """Since when the value before is known, and from where: "1 January 2020 to 31 December 2020, guest book"."""
    time = (
        _("%(start)s to %(end)s")
        % {
            "start": plain_date(line.baseline_from, language),
            "end": plain_date(line.baseline_until, language),
        }
        if line.baseline_from and line.baseline_until
        else ""
    )
    return (
        ", ".join(part for part in (time, line.baseline_source) if part) if line.baseline is not None else ""
    )


def bars(line: FigureLine) -> dict[str, Decimal | None]:
    """Lengths of the three bars in per cent of the longest."""
    values = {"before": line.baseline, "now": line.now, "target": line.target}
    longest = max((value for value in values.values() if value is not None), default=Decimal(0))
    return {
        name: None
        if value is None
        else Decimal(0)
        if not longest
        else (100 * value / longest).quantize(Decimal("0.1"))
        for name, value in values.items()
    }


def number(value: Decimal | None, language: str) -> str:
    """ "1.250" or "87,5": whole numbers grouped, others with at most two decimals; "–" for nothing."""
    if value is None:
        return "–"
    whole = int(value)
    text = grouped(whole, language)
    rest = abs(value - whole).quantize(Decimal("0.01"))
    if rest:
        text += ("," if language.startswith("id") else ".") + f"{rest:f}"[2:].rstrip("0")
    return text


def obstacle_words(line: ObstacleLine, language: str) -> Words:
    if line.resolved_on:
        state = _("resolved on %(day)s") % {"day": plain_date(line.resolved_on, language)}
    elif line.due_on:
        state = _("open, to be done by %(day)s") % {"day": plain_date(line.due_on, language)}
    else:
        state = _("open")
    return {
        "kind": str(ObstacleKind(line.kind).label),
        "description": line.description,
        "remedy": line.resolution or line.remedy,
        "state": state + (f" ({line.owner})" if line.owner and not line.resolved_on else ""),
    }


_SOURCES: Mapping[str, Text] = {
    "counted": gettext_lazy("counted by the system"),
    "entered": gettext_lazy("entered"),
    "both": gettext_lazy("counted and entered"),
}

_RECOMMENDED: Mapping[str, Text] = {
    Recommendation.RENEW: gettext_lazy("The cooperation should be renewed."),
    Recommendation.CHANGE: gettext_lazy("The cooperation should be renewed with changes."),
    Recommendation.END: gettext_lazy("The cooperation should be left to end."),
}
