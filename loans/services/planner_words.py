"""What the rotation planner refuses and why it gave no plan, in words. The planner itself knows codes and numbers only."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from libraries.catalogue.choices import Material, ReadingLevel
from loans.choices import Subject
from loans.planning.faults import Fault, NotPlanned

LEVELS, SUBJECTS = dict(ReadingLevel.choices), dict(Subject.choices)
MATERIALS = dict(Material.choices)

_FAULTS = {
    "not_json": gettext_lazy("The file is not JSON: %(detail)s. Correct it."),
    "unknown_field": gettext_lazy("The planner does not know the field %(field)s. Check its spelling."),
    "field_twice": gettext_lazy("The field %(field)s is written twice in one row. Take one out."),
    "missing_field": gettext_lazy("The field %(field)s is missing. Add it."),
    "wrong_value": gettext_lazy("The field %(field)s holds a wrong kind of value. Correct it."),
    "nothing_to_plan": gettext_lazy("No running programme has a planned delivery left that nobody packs."),
    "no_schools": gettext_lazy("There is no school to plan for. Add one."),
    "empty_pool": gettext_lazy("There is no book that may travel. Release copies for rotation first."),
    "periods_out_of_range": gettext_lazy("%(periods)s periods cannot be planned. Choose 1 to %(most)s."),
    "unknown_mode": gettext_lazy(
        "There is no way of planning called %(mode)s. Choose personal, kits or mixed."
    ),
    "school_twice": gettext_lazy("The school %(key)s is listed twice. Take one out."),
    "title_twice": gettext_lazy("The title %(key)s is listed twice. Take one out."),
    "copy_twice": gettext_lazy("The copy %(key)s is listed twice. Take one out."),
    "key_empty": gettext_lazy("A school, a title or a copy has an empty key. Give each a key of its own."),
    "wish_twice": gettext_lazy(
        "The school %(school)s wishes for the title %(title)s twice. Take one wish out."
    ),
    "title_without_copy": gettext_lazy("The title %(title)s has no copy. Leave it out, or add a copy."),
    "copy_of_unknown_title": gettext_lazy(
        "A copy belongs to the title %(title)s, which is not listed. Add the title."
    ),
    "unknown_school": gettext_lazy(
        "The school %(school)s is not listed, but wishes, history, bans or the earlier plan name it. Add it."
    ),
    "copy_at_unknown_school": gettext_lazy(
        "A copy is said to be at the school %(school)s, which is not listed. Add it, or say that the library has it."
    ),
    "copy_out_of_range": gettext_lazy(
        "The wear or the periods of the copy %(copy)s are below 0. Correct them: wear is 0 to 3, periods count from 1."
    ),
    "memory_negative": gettext_lazy(
        "The periods in which no title comes again are below 0. Give 0 or more, or leave them out: then none ever does."
    ),
    "days_with_boxes": gettext_lazy(
        "Fixed boxes go round in step: there the schools have no days of their own. Leave the days out, or choose that each school chooses."
    ),
    "days_out_of_order": gettext_lazy(
        "The days of %(school)s are not in order: each delivery comes on or after the day the last one goes back. Correct them."
    ),
    "days_incomplete": gettext_lazy(
        "%(school)s needs the days of all %(periods)s periods, or no school has days. Complete them."
    ),
    "kit_gap_too_small": gettext_lazy(
        "Boxes with the same title must be at least one period apart. Give a gap of 1 or more."
    ),
    "points_too_large": gettext_lazy(
        "The title %(title)s has too many points. At most %(most)s are allowed."
    ),
    "priority_out_of_range": gettext_lazy(
        "The wish of %(school)s for %(title)s has a wrong priority. Choose 1 to 9."
    ),
    "history_in_the_future": gettext_lazy("The history of %(school)s lies in the future. Count back from 1."),
    "weight_out_of_range": gettext_lazy("The weight %(weight)s is out of range. Choose 0 or more."),
    "agreement_backwards": gettext_lazy("The agreement ends before it begins. Correct its dates."),
    "interval_too_short": gettext_lazy("The interval is shorter than a month. Choose one month or more."),
    "interval_too_long": gettext_lazy(
        "The interval of %(months)s months is longer than the agreement. Shorten it, or extend the agreement."
    ),
    "always_closed": gettext_lazy(
        "Every day of the agreement is closed. Open at least one day for deliveries."
    ),
    "too_many_periods": gettext_lazy(
        "The agreement has room for %(fitting)s periods, not for %(periods)s. Plan fewer, or extend it."
    ),
    "school_without_level": gettext_lazy(
        "The school %(school)s has no reading level. Say which classes it has."
    ),
    "negative_number": gettext_lazy("The school %(school)s asks for less than no book. Correct its numbers."),
    "too_many_books": gettext_lazy(
        "The school %(school)s asks for more than %(most)s books. Correct its numbers."
    ),
    "place_out_of_range": gettext_lazy(
        "The coordinates of %(school)s lie on no globe. Correct them, or leave them out."
    ),
    "absent_twice": gettext_lazy("The school %(school)s is absent twice in one period. Take one out."),
    "crossing_backwards": gettext_lazy(
        "A crossing quota of %(school)s asks for more books than it allows. Correct its numbers."
    ),
    "absent_out_of_range": gettext_lazy(
        "The school %(school)s is absent in a period that is not planned. Correct its periods."
    ),
    "fixed_above_size": gettext_lazy(
        "Fixed boxes of %(fixed)s books are larger than the %(size)s that %(school)s gets. Make them smaller."
    ),
    "quota_of_other_level": gettext_lazy(
        "The school %(school)s has a quota for level %(level)s but no such class. Take the quota out."
    ),
    "quota_twice": gettext_lazy(
        "The school %(school)s has two quotas for %(level)s %(subject)s. Make them one."
    ),
    "quota_without_title": gettext_lazy(
        "No title fits the quota of %(school)s for %(level)s %(subject)s. Acquire titles, or take the quota out."
    ),
    "quotas_above_size": gettext_lazy(
        "The quotas of %(school)s add up to %(asked)s books, but it gets %(size)s. Lower them."
    ),
    "quotas_above_quota": gettext_lazy(
        "The quotas of %(school)s within %(level)s %(subject)s add up to %(asked)s books, more than its %(size)s. Lower them."
    ),
    "lock_unknown_school": gettext_lazy(
        "A fixed row names the school %(school)s, which is not planned for. Release the row."
    ),
    "lock_unknown_title": gettext_lazy(
        "A fixed row names the title %(title)s, which is not in the pool. Release the row."
    ),
    "lock_without_delivery": gettext_lazy(
        "%(school)s gets no delivery in period %(period)s, but %(title)s is fixed for it. Release the row."
    ),
    "lock_other_level": gettext_lazy(
        "%(title)s is fixed for %(school)s, which has no class of its level. Release the row."
    ),
    "lock_banned": gettext_lazy(
        "%(title)s is fixed for %(school)s, to which it is never to go. Release the row, or lift the ban."
    ),
    "lock_had": gettext_lazy("%(title)s is fixed for %(school)s, which had it before. Release the row."),
    "lock_wrong_copy": gettext_lazy(
        "The copy %(copy)s cannot be at %(school)s in period %(period)s as %(title)s. Fix another copy."
    ),
    "lock_twice": gettext_lazy("%(title)s is fixed twice for %(school)s. Release one of the rows."),
    "lock_copy_twice": gettext_lazy(
        "The copy %(copy)s is fixed for two schools in period %(period)s. Release one of the rows."
    ),
    "lock_above_copies": gettext_lazy(
        "%(title)s is fixed %(locked)s times in period %(period)s, but has %(copies)s copies. Release rows."
    ),
    "locks_above_quota": gettext_lazy(
        "The %(locked)s rows fixed for %(school)s in period %(period)s do not fit its quotas. Release some."
    ),
    "locks_with_boxes": gettext_lazy(
        "%(locked)s rows are fixed by hand, but fixed boxes travel whole. Release the rows, or plan personally."
    ),
    "rings_differ": gettext_lazy(
        "The schools of the ring of %(school)s differ in size or levels, so that no box suits them all. Part the ring."
    ),
}

_NOT_PLANNED: dict[str, Callable[[], str]] = {
    "cancelled": lambda: _("Planning was stopped. Nothing was changed."),
    "time_limit": lambda: _("Planning took too long and was stopped. Nothing was changed. Allow more time."),
    "memory": lambda: _("The machine has too little memory for this plan. Nothing was changed."),
    "crashed": lambda: _(
        "Planning failed. Nothing was changed. Try again; if it fails again, tell the operator."
    ),
}


def sentence(fault: Fault) -> str:
    """What is wrong, and what to do."""
    words = _FAULTS.get(fault.code)
    if words is None:
        return _("The problem cannot be planned (%(code)s).") % {"code": fault.code}
    return str(words) % fault.facts


def sentences(faults: tuple[Fault, ...], *, most: int = 10) -> list[str]:
    """The first of them, and how many there are beside these."""
    said = [sentence(fault) for fault in faults[:most]]
    rest = len(faults) - len(said)
    if rest:
        said.append(ngettext("And %(count)s more.", "And %(count)s more.", rest) % {"count": rest})
    return said


def why_not(failure: NotPlanned) -> str:
    """Why there is no plan."""
    return _NOT_PLANNED.get(failure.code, _NOT_PLANNED["crashed"])()


def kept_sentences(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The faults that a plan has kept (``code``, ``facts``), of the problem or of the planner's process, in words."""
    faults = [Fault(row["code"], row["facts"]) for row in rows]
    ended = [why_not(NotPlanned(fault.code)) for fault in faults if fault.code in _NOT_PLANNED]
    return ended + sentences(tuple(fault for fault in faults if fault.code not in _NOT_PLANNED))


def remark(row: Mapping[str, Any]) -> str:
    """What a plan remarks about a school (``planning_report``), and what to do about it."""
    if row["code"] == "one_delivery":
        words = ngettext(
            "The interval of %(months)s month is longer than the programme: there is one delivery and no swap. Shorten it, or extend the agreement.",
            "The interval of %(months)s months is longer than the programme: there is one delivery and no swap. Shorten it, or extend the agreement.",
            row["months"],
        )
        return words % {"months": row["months"]}
    return {
        "without_level": _(
            "No classes are noted, so books of all reading levels are chosen. Note its classes in the programme."
        ),
        "never_open": _(
            "The library and the school are never open on the same day of the week. Correct the closed days of one of them."
        ),
    }[row["code"]]


_UNSERVED = {
    "no_copy": gettext_lazy("no copy is free for it"),
    "had": gettext_lazy("the school has had it"),
    "level": gettext_lazy("it is of another reading level"),
    "unknown": gettext_lazy("the title is not known"),
    "outbid": gettext_lazy("its copies go to schools that need them more"),
}


def unserved_words(reason: str) -> str:
    """Why a plan does not bring what a school wishes for."""
    return str(_UNSERVED.get(reason, reason))


def kind_words(level: str, subject: str, language: str = "", material: str = "") -> str:
    """ "Early readers, Literature": a sort of books, "" being any."""
    parts = [
        str(LEVELS.get(level, level)) if level else "",
        str(SUBJECTS.get(subject, subject)) if subject else "",
        language,
        str(MATERIALS.get(material, material)) if material else "",
    ]
    return ", ".join(filter(None, parts)) or _("books of any kind")


def remedy_words(row: Mapping[str, Any]) -> list[str]:
    """What closes a gap most cheaply, in the order in which it costs: what is in the house, what others have, what to buy."""
    said = []
    if row.get("here"):
        said.append(
            ngettext(
                "Release %(n)s copy of the house that may not travel yet.",
                "Release copies of the house that may not travel yet: there are %(n)s.",
                row["here"],
            )
            % {"n": row["here"]}
        )
    for other in row.get("elsewhere", ()):
        said.append(
            ngettext(
                "Ask %(library)s: it has %(n)s title of this kind on its shelf that is not in the house.",
                "Ask %(library)s: it has %(n)s titles of this kind on its shelf that are not in the house.",
                other["titles"],
            )
            % {"library": other["library"], "n": other["titles"]}
        )
    bought = (
        ngettext("Or buy %(n)s book", "Or buy %(n)s books", row["copies"])
        if said
        else ngettext("Buy %(n)s book", "Buy %(n)s books", row["copies"])
    )
    words = bought % {"n": row["copies"]}
    if row["new_titles"]:
        words += ngettext(
            ", at least %(n)s of a new title",
            ", at least %(n)s of them different new titles",
            row["new_titles"],
        ) % {"n": row["new_titles"]}
    if row.get("more_of"):
        words += _("; one more copy helps most of: %(titles)s") % {"titles": "; ".join(row["more_of"])}
    said.append(words + ".")
    return said


def straight_words(figures: Mapping[str, Any], meetings: int | None) -> str:
    """Why few books go straight, where few do and the plan knows; "" otherwise."""
    if meetings is None or not figures.get("swapped") or figures["direct"] * 5 >= figures["swapped"]:
        return ""
    return ngettext(
        "Few books go straight: only %(count)s time does a school give its books back on the day on which a near one is "
        "visited. Move swaps of near schools to the same day, and more books go straight.",
        "Few books go straight: only %(count)s times does a school give its books back on the day on which a near one is "
        "visited. Move swaps of near schools to the same day, and more books go straight.",
        meetings,
    ) % {"count": meetings}
