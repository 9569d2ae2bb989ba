"""Rules by which visits repeat: RRULE text in, days and words out. Pure, but for the translations (M2).

Of RFC 5545 3.3.10 there is what a library needs: every so many weeks on weekdays; every so many months on "the second and
fourth Tuesday", on days of the month, or on the last one. Everything else is refused in a sentence. First and last day and the
time are fields of the series, so a rule has neither DTSTART nor UNTIL or COUNT.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice

from dateutil import rrule
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kerjasama.domain.errors import InvalidInput
from mobile_service.choices import Weekday

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ORDINALS = (1, 2, 3, 4, 5, -1)
MOST_INTERVAL = 52
# A day that no year of eight has is no day (29 February is none of ours).
LONGEST_SEARCH = timedelta(days=366 * 9)

_DAY = re.compile(r"^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$")


@dataclass(frozen=True, slots=True)
class Rule:
    """``weekdays`` of weeks (monthly False); else either ``ordinals``: (which, weekday), or ``monthdays`` (-1 is the last)."""

    monthly: bool = False
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    ordinals: tuple[tuple[int, int], ...] = ()
    monthdays: tuple[int, ...] = ()

    def __str__(self) -> str:
        """The rule as RRULE, always written the same way."""
        parts = ["FREQ=MONTHLY" if self.monthly else "FREQ=WEEKLY"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(CODES[day] for day in self.weekdays))
        if self.ordinals:
            parts.append("BYDAY=" + ",".join(f"{which}{CODES[day]}" for which, day in self.ordinals))
        if self.monthdays:
            parts.append("BYMONTHDAY=" + ",".join(str(day) for day in self.monthdays))
        return ";".join(parts)


def weekly(weekdays: Iterable[int], interval: int = 1) -> Rule:
    return _sane(Rule(False, interval, weekdays=tuple(sorted(set(weekdays)))))


def monthly_on(ordinals: Iterable[tuple[int, int]], interval: int = 1) -> Rule:
    order = {which: place for place, which in enumerate(ORDINALS)}
    return _sane(
        Rule(
            True, interval, ordinals=tuple(sorted(set(ordinals), key=lambda it: (order.get(it[0], 9), it[1])))
        )
    )


def monthly_by_date(monthdays: Iterable[int], interval: int = 1) -> Rule:
    return _sane(Rule(True, interval, monthdays=tuple(sorted(set(monthdays), key=lambda it: it % 40))))


def parse(text: str, starts_on: date | None = None) -> Rule:
    """The rule that ``text`` says. A weekday or day of the month that it leaves open is that of ``starts_on``.

    Raises InvalidInput (``rule_unreadable``, ``rule_unsupported``) with what to write instead.
    """
    parts = _parts(text)
    _refuse_foreign(parts)
    frequency = parts.get("FREQ", "")
    interval = _number(parts.get("INTERVAL", "1"))
    days = [_day_of(given) for given in parts["BYDAY"].split(",")] if "BYDAY" in parts else []
    if frequency == "WEEKLY":
        return _weekly_of(parts, days, interval, starts_on)
    if frequency == "MONTHLY":
        return _monthly_of(parts, days, interval, starts_on)
    if frequency == "DAILY" and interval == 1 and not {"BYMONTHDAY", "BYSETPOS"} & set(parts):
        return weekly([day for _which, day in days] or range(7))
    raise unsupported(_("Write FREQ=WEEKLY or FREQ=MONTHLY; days, years and hours do not repeat here."))


def _weekly_of(
    parts: dict[str, str], days: list[tuple[int, int]], interval: int, starts_on: date | None
) -> Rule:
    if {"BYMONTHDAY", "BYSETPOS"} & set(parts):
        raise unsupported(_("A rule by weeks names weekdays only, such as BYDAY=MO,TH."))
    if any(which for which, _weekday in days):
        raise unsupported(_("“Second Tuesday” belongs to months: write FREQ=MONTHLY;BYDAY=2TU."))
    if days:
        return weekly([day for _which, day in days], interval)
    if starts_on is None:
        raise unsupported(_("Say on which weekday, such as BYDAY=SU."))
    return weekly([starts_on.weekday()], interval)


def _monthly_of(
    parts: dict[str, str], days: list[tuple[int, int]], interval: int, starts_on: date | None
) -> Rule:
    if "BYMONTHDAY" in parts:
        if days or "BYSETPOS" in parts:
            raise unsupported(_("Name either weekdays or days of the month, not both."))
        return monthly_by_date([_number(given) for given in parts["BYMONTHDAY"].split(",")], interval)
    if not days:
        if starts_on is None:
            raise unsupported(_("Say on which day of the month, such as BYDAY=2TU or BYMONTHDAY=-1."))
        return monthly_by_date([starts_on.day], interval)
    if "BYSETPOS" in parts:
        if len(days) != 1 or days[0][0]:
            raise unsupported(_("Write each weekday with its number, such as BYDAY=2TU,4TU."))
        return monthly_on([(_number(it), days[0][1]) for it in parts["BYSETPOS"].split(",")], interval)
    if not any(which for which, _weekday in days) and interval == 1:
        return weekly([day for _which, day in days])
    if not all(which for which, _weekday in days):
        raise unsupported(_("Write each weekday with its number, such as BYDAY=2TU,4TU."))
    return monthly_on(days, interval)


def _parts(text: str) -> dict[str, str]:
    given = text.strip().upper().removeprefix("RRULE:").strip().rstrip(";")
    found: dict[str, str] = {}
    for piece in given.split(";"):
        name, is_there, value = (bit.strip() for bit in piece.partition("="))
        if not is_there or not value or name in found:
            raise InvalidInput(
                "rule_unreadable",
                _("“%(text)s” is no rule. Write it as in FREQ=WEEKLY;INTERVAL=2;BYDAY=SU.")
                % {"text": text[:100]},
                field="rule",
            )
        found[name] = value
    return found


def _refuse_foreign(parts: dict[str, str]) -> None:
    if {"UNTIL", "COUNT"} & set(parts):
        raise unsupported(_("Leave out UNTIL and COUNT, and give the last day of the series instead."))
    if parts.get("WKST", "MO") != "MO":
        raise unsupported(_("Weeks begin on Monday here: leave out WKST."))
    foreign = set(parts) - {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYSETPOS", "WKST"}
    if foreign:
        raise unsupported(
            _("%(names)s is not supported. A rule has FREQ, INTERVAL, BYDAY and BYMONTHDAY.")
            % {"names": ", ".join(sorted(foreign))}
        )


def unsupported(sentence: str) -> InvalidInput:
    return InvalidInput("rule_unsupported", sentence, field="rule")


def _number(given: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,3}", given.strip()):
        raise InvalidInput(
            "rule_unreadable", _("“%(text)s” should be a number.") % {"text": given[:20]}, field="rule"
        )
    return int(given)


def _day_of(given: str) -> tuple[int, int]:
    found = _DAY.match(given.strip())
    if found is None:
        raise InvalidInput(
            "rule_unreadable",
            _("“%(text)s” is no weekday: MO, TU, WE, TH, FR, SA, SU.") % {"text": given[:20]},
            field="rule",
        )
    return int(found[1] or 0), CODES.index(found[2])


def _sane(rule: Rule) -> Rule:
    if not 1 <= rule.interval <= MOST_INTERVAL:
        raise unsupported(_("A visit repeats every 1 to %(most)d weeks or months.") % {"most": MOST_INTERVAL})
    if not (rule.weekdays or rule.ordinals or rule.monthdays):
        raise unsupported(_("Choose at least one day."))
    if any(which not in ORDINALS for which, _weekday in rule.ordinals):
        raise unsupported(_("A weekday of a month is its first to fifth, or its last (-1)."))
    if any(not (1 <= day <= 31 or day == -1) for day in rule.monthdays):
        raise unsupported(_("A day of a month is 1 to 31, or the last one (-1)."))
    return rule


def weekdays_of(rule: Rule) -> set[int]:
    """The weekdays on which it can fall."""
    if rule.monthdays:
        return set(range(7))
    return {*rule.weekdays, *(day for _which, day in rule.ordinals)}


def by_weekday(rule: Rule) -> list[tuple[int | None, Rule]]:
    """The rule of each of its weekdays alone; a rule of days of the month is one, on no weekday."""
    if rule.monthdays:
        return [(None, rule)]
    return [
        (
            day,
            replace(
                rule,
                weekdays=tuple(it for it in rule.weekdays if it == day),
                ordinals=tuple(it for it in rule.ordinals if it[1] == day),
            ),
        )
        for day in sorted(weekdays_of(rule))
    ]


def days_of(rule: Rule, starts_on: date, first: date, last: date) -> list[date]:
    """The days of the rule from ``first`` to ``last``, both included, counted from ``starts_on``."""
    if last < max(first, starts_on):
        return []
    begin, end = (datetime.combine(day, time()) for day in (max(first, starts_on), last))
    return [moment.date() for moment in _dates(rule, starts_on).between(begin, end, inc=True)]


def first_day(rule: Rule, on_or_after: date) -> date | None:
    """The first day of the rule, if there is one in the next years. A series that begins on it counts its weeks as before."""
    for moment in islice(_dates(rule, on_or_after, on_or_after + LONGEST_SEARCH), 1):
        return moment.date()
    return None


def _dates(rule: Rule, starts_on: date, until: date | None = None) -> rrule.rrule:
    days: list[rrule.weekday] | None = None
    if rule.weekdays:
        days = [rrule.weekday(day) for day in rule.weekdays]
    elif rule.ordinals:
        days = [rrule.weekday(day, which) for which, day in rule.ordinals]
    return rrule.rrule(
        rrule.MONTHLY if rule.monthly else rrule.WEEKLY,
        dtstart=datetime.combine(starts_on, time()),
        until=datetime.combine(until, time()) if until else None,
        interval=rule.interval,
        byweekday=days,
        bymonthday=list(rule.monthdays) or None,
        wkst=rrule.MO,
    )


def in_words(rule: Rule) -> str:
    """The rule in the language of the page: "every Sunday", "the second and fourth Tuesday of the month"."""
    if not rule.monthly:
        return _weeks_in_words(rule)
    what = _ordinals_in_words(rule.ordinals) if rule.ordinals else _monthdays_in_words(rule.monthdays)
    if rule.interval == 1:
        return _("on %(days)s of every month") % {"days": what}
    return _("every %(count)d months on %(days)s") % {"count": rule.interval, "days": what}


def words_of(text: str) -> str:
    """``in_words`` of a rule as it stands in the database."""
    return in_words(parse(text))


def _weeks_in_words(rule: Rule) -> str:
    if rule.weekdays == tuple(range(7)):
        if rule.interval == 1:
            return _("every day")
        return _("every %(count)d weeks on all days") % {"count": rule.interval}
    if rule.weekdays == tuple(range(5)) and rule.interval == 1:
        return _("every Monday to Friday")
    days = listed([str(Weekday(day).label) for day in rule.weekdays])
    if rule.interval == 1:
        return _("every %(days)s") % {"days": days}
    return ngettext(
        "every %(count)d week on %(days)s", "every %(count)d weeks on %(days)s", rule.interval
    ) % {
        "count": rule.interval,
        "days": days,
    }


def _ordinals_in_words(ordinals: Sequence[tuple[int, int]]) -> str:
    by_place: dict[int, list[int]] = {}
    for which, weekday in ordinals:
        by_place.setdefault(weekday, []).append(which)
    return listed(
        [
            _("the %(which)s %(day)s")
            % {"which": listed([ordinal(which) for which in places]), "day": Weekday(weekday).label}
            for weekday, places in sorted(by_place.items())
        ]
    )


def _monthdays_in_words(monthdays: Sequence[int]) -> str:
    numbers = [str(day) for day in monthdays if day > 0]
    said = [_("day %(days)s") % {"days": listed(numbers)}] if numbers else []
    if -1 in monthdays:
        said.append(_("the last day"))
    return listed(said)


def ordinal(which: int) -> str:
    return {
        1: pgettext("weekday of a month", "first"),
        2: pgettext("weekday of a month", "second"),
        3: pgettext("weekday of a month", "third"),
        4: pgettext("weekday of a month", "fourth"),
        5: pgettext("weekday of a month", "fifth"),
        -1: pgettext("weekday of a month", "last"),
    }[which]


def listed(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(most)s and %(last)s") % {"most": ", ".join(words[:-1]), "last": words[-1]}
