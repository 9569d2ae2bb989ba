"""How the desk's pages speak: of each step in a life, of what falls short, of the subjects, of each outcome."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from libraries.desk import StepWords

PROGRAMME_STEPS: dict[str, StepWords] = {
    "pause": StepWords(
        title=_("Pause the programme?"),
        text=_(
            "Nothing is delivered meanwhile. Books that are out come back on their day, unless you call them home. The school "
            "is told."
        ),
        done=_("The programme is paused."),
        icon="clock",
    ),
    "resume": StepWords(
        title=_("Resume the programme?"),
        text=_(
            "Deliveries go on. What fell into the pause is left out; the rest is planned by the interval again."
        ),
        done=_("The programme is running again."),
        kind="primary",
        icon="right",
    ),
    "extend": StepWords(
        title=_("Until when does the programme run?"),
        text=_(
            "Further deliveries are planned up to the new day, or those after it are given up. The agreement sets the limit; "
            "when it is amended, the programme follows; a renewal opens a new one."
        ),
        done=_("The programme has another last day; its deliveries are planned up to it."),
        icon="calendar",
    ),
    "bring_home": StepWords(
        title=_("Bring everything home and end the programme?"),
        text=_(
            "Planned deliveries are cancelled, those being packed are put back on the shelf, and the books at the school are "
            "due on a new day. The programme ends by itself when the last one is back or settled. This cannot be undone."
        ),
        done=_("The books are called home. The programme ends when the last one is back."),
        kind="danger",
        icon="home",
    ),
    "end": StepWords(
        title=_("End the programme?"),
        text=_(
            "All planned deliveries are cancelled. Books that are out still have to come back. This cannot be undone."
        ),
        done=_("The programme has ended."),
        kind="danger",
        icon="stop",
    ),
}
PROGRAMME_ALSO = {
    "open": _("Programme opened"),
    "follow": _("Changed with its agreement"),
    "weekdays": _("Preferred weekdays"),
    "terms": _("Name, number of books and interval"),
    "profile": _("Quota profile"),
}

CONSIGNMENT_ALSO = {
    "propose": _("Books proposed"),
    "take_back": _("Books taken back"),
    "resolve": _("Difference resolved"),
    "not_on_shelf": _("Not on its shelf"),
    "substitute": _("Goes in its place"),
    "came_with_other": _("Another school brought books back"),
}

CASE_ALSO = {"report": _("Reported")}
CASE_STEPS: dict[str, StepWords] = {
    "offer": StepWords(
        title=_("The school offers a book in its place"),
        text=_("Note what it offers, by telephone or at the desk. Nothing is due until you have answered."),
        done=_("Noted. Now accept the offer or refuse it."),
        icon="book",
    ),
    "accept": StepWords(
        title=_("Accept the offer?"),
        text=_("The school is asked to bring this book. The letter of acceptance is made, with its number."),
        done=_("Accepted. The school has the letter."),
        kind="primary",
        icon="check",
    ),
    "refuse": StepWords(
        title=_("Refuse the offer?"),
        text=_("The demand stands. The school reads why, and may offer another book."),
        done=_("Refused. The school has the letter."),
        icon="cross",
    ),
    "appeal": StepWords(
        title=_("The school objects to the demand"),
        text=_("Note what it says. Nothing is due, and no reminder goes out, until you have decided."),
        done=_("Noted. Now decide about the objection."),
        icon="edit",
    ),
    "uphold": StepWords(
        title=_("Uphold the demand?"),
        text=_("What was asked stands. The school reads why."),
        done=_("Decided. The school has the letter."),
        kind="primary",
        icon="check",
    ),
    "reduce": StepWords(
        title=_("Change the demand"),
        text=_("Ask for another way, a smaller amount, or give more time. The school reads why."),
        done=_("Changed. The school has the letter."),
        icon="edit",
    ),
    "withdraw": StepWords(
        title=_("Withdraw the demand?"),
        text=_("Nothing is asked of the school any more; the case closes with its record."),
        done=_("Withdrawn. The case is closed."),
        icon="cross",
    ),
    "extend": StepWords(
        title=_("Give more time"), text=_("The school is told the new day."), done=_("Moved."), icon="clock"
    ),
    "warn": StepWords(
        title=_("Write to the head?"),
        text=_(
            "The last reminder: a numbered letter to the head of the school with the clause of the agreement. "
            "Possible once the day has passed."
        ),
        done=_("The letter is made, and the school is told."),
        icon="mail",
    ),
    "write_off": StepWords(
        title=_("Write the book off?"),
        text=_("Only when nothing can be had any more. The copy leaves the stock, and the record is made."),
        done=_("Written off. The case is closed."),
        kind="danger",
        icon="stop",
    ),
    "note_write_off": StepWords(
        title=_("Note the write-off decision"),
        text=_("The number of the list by which the copy left the inventory stands on its page for ever."),
        done=_("Noted."),
        icon="document",
    ),
    "retract": StepWords(
        title=_("Take the report back?"),
        text=_("The report was a mistake and the book is at the school: it stands on its list again."),
        done=_("The report is taken back."),
        icon="left",
    ),
}

WISH_ALSO = {"make": _("Wished")}
# The answers that are given most, each with one press; the school reads them as they stand here.
WISH_REASONS = (
    _("We have no copy of it yet; it is noted for the next purchase."),
    _("All copies are promised to other schools this year."),
    _("It is for reading in the library only."),
    _("It does not suit the age of your pupils."),
)

SUBJECTS = {
    "0": _("General works"),
    "1": _("Philosophy and psychology"),
    "2": _("Religion"),
    "3": _("Social sciences"),
    "4": _("Language"),
    "5": _("Science"),
    "6": _("Technology"),
    "7": _("Arts and sports"),
    "8": _("Literature"),
    "9": _("History and geography"),
    "": _("Without a number"),
}

RESOLUTIONS = {
    "missing": (
        ("was_in_box", _("It was in the box after all")),
        ("stayed_here", _("It never left our library")),
        ("open_case", _("It is lost: open a case")),
    ),
    "damaged": (
        ("noted", _("Noted, nothing further")),
        ("open_case", _("Open a damage case")),
    ),
    "extra": (("noted", _("Noted, nothing further")),),
}
RESOLVED = {code: words for rows in RESOLUTIONS.values() for code, words in rows}


def shortfall_sentences(rows: Iterable[dict[str, Any]]) -> list[str]:
    """What a proposal could not fill, in sentences: never silently less (L2)."""
    said = []
    for row in rows:
        missing = int(row.get("missing", 0))
        reason = row.get("reason", "")
        if reason == "shelf_empty":
            said.append(
                ngettext(
                    "%(count)d book is missing: nothing rests on the shelf that may be lent now.",
                    "%(count)d books are missing: nothing rests on the shelf that may be lent now.",
                    missing,
                )
                % {"count": missing}
            )
        elif reason == "no_new_titles":
            said.append(
                ngettext(
                    "%(count)d book is missing: everything else on the shelf has been at this school before.",
                    "%(count)d books are missing: everything else on the shelf has been at this school before.",
                    missing,
                )
                % {"count": missing}
            )
        elif reason == "planned_not_back":
            said.append(
                ngettext(
                    "%(count)d planned book is still with another school; propose again when it is back.",
                    "%(count)d planned books are still with other schools; propose again when they are back.",
                    missing,
                )
                % {"count": missing}
            )
        elif reason == "not_on_shelf":
            said.append(
                ngettext(
                    "%(count)d book was not on its shelf, and none goes in its place yet.",
                    "%(count)d books were not on their shelf, and none goes in their place yet.",
                    missing,
                )
                % {"count": missing}
            )
        else:
            said.append(
                ngettext("%(count)d book is missing.", "%(count)d books are missing.", missing)
                % {"count": missing}
            )
    return said


def reasons_short(rows: Sequence[dict[str, Any]], missing: int) -> list[str]:
    """Why so many books are missing now. What was added or taken off since the proposal has no reason on record."""
    known = sum(int(row.get("missing", 0)) for row in rows)
    if known > missing:
        rows = [{"missing": missing}]
    elif known < missing:
        rows = [*rows, {"missing": missing - known}]
    return shortfall_sentences(rows)


def resolution_words(stored: str) -> str:
    """A stored resolution, “outcome: remark”, as a sentence."""
    code, _colon, remark = stored.partition(": ")
    words = str(RESOLVED.get(code, code))
    return f"{words}. {remark}" if remark else words
