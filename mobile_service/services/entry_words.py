"""What became of an entry, in a sentence, made anew in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain.errors import Sentence
from loans.services.answers import ANSWERS, sentence_of
from mobile_service.choices import EntryOutcome
from mobile_service.models import Entry

# More exactly than their codes say (``facts["because"]``): what was counted says that the van was there; the delivery has gone.
COUNTED_HERE, AFTER_HANDOVER = "counted_here", "after_handover"
WORDS: Mapping[str, Sentence] = {
    "trip_unknown": gettext_lazy("This trip is not known here. Choose the visit that it belongs to."),
    "visit_unknown": gettext_lazy("This stop is not known here. Choose the visit that it belongs to."),
    "visit_moved": gettext_lazy(
        "The library has moved this visit to another day or another van. Say to which visit it belongs."
    ),
    "trip_cancelled": gettext_lazy(
        "The library has cancelled this trip. Say whether it took place after all."
    ),
    "visit_cancelled": gettext_lazy(
        "The library has cancelled this visit. Say whether it took place after all."
    ),
    "time_taken": gettext_lazy(
        "Its time belongs to %(stop)s at %(time)s by now. What was counted stands; move that visit, then try again."
    ),
    "bad_data": gettext_lazy("What the phone told cannot be understood."),
    "stop_without_partner": gettext_lazy(
        "No school belongs to this stop, so no delivery does. Count the books instead."
    ),
    "no_delivery_to_add": gettext_lazy(
        "No delivery for this school is being packed, so %(barcode)s is on none. Propose its next delivery, then try again: "
        "the book goes into its box."
    ),
    AFTER_HANDOVER: gettext_lazy(
        "Delivery %(code)s was handed over, and then %(barcode)s was given besides. If the book stayed there, lend it with that delivery."
    ),
    "lent_after": gettext_lazy("%(title)s is lent with delivery %(code)s; its record is %(number)s."),
    "still_at_school": gettext_lazy(
        "By the records %(title)s is still at this school, lent with delivery %(code)s. It stays on that loan, or is taken back first."
    ),
    "already_back": gettext_lazy("%(title)s was taken back before, by another phone or a second scan."),
    "came_back_worn": gettext_lazy(
        "%(title)s came back worn, as this phone tells. It was taken back in a better condition, and no scan can change that any more."
    ),
    "came_back_damaged": gettext_lazy(
        "%(title)s came back damaged, as this phone tells. It was taken back in a better condition, and no scan can change that any more."
    ),
    "already_handed_over": gettext_lazy("Handed over already, as told by another phone."),
    "handed_over_to_other": gettext_lazy(
        "Delivery %(code)s was handed over already, received by %(first)s. This phone says that %(second)s received it."
    ),
    "handed_over": gettext_lazy("Handed over; both records are made."),
    "signature_missing": gettext_lazy("Waits for the signatures, which are still on their way."),
    "signature_never_came": gettext_lazy(
        "The signatures have not arrived. Hand the books over at the desk and note it, or try again once they are here."
    ),
    "earlier_missing": gettext_lazy(
        "Something that the phone wrote before this has not arrived. Try again to do this without it, or note it."
    ),
    "nothing_to_undo": gettext_lazy(
        "This takes something back that has not arrived. Note it, or try again once that is here."
    ),
    "cannot_be_undone": gettext_lazy("This cannot be taken back any more: books have moved on since."),
    COUNTED_HERE: gettext_lazy(
        "What was counted at this stop, or scanned there, stands, and says that the van was there. Take that back first."
    ),
    "decided_already": gettext_lazy("The library has decided about this already."),
    "odometer_backwards": gettext_lazy(
        "The odometer shows %(end)s at the end and %(start)s at the start. Correct one."
    ),
    "unreadable": gettext_lazy("This entry cannot be read. Tell the library what it was."),
    "not_out": gettext_lazy(
        "By the records %(title)s was not lent to this school. It was in the crew's hands: look where it is now."
    ),
}
FACTS = (
    "title", "barcode", "start", "end", "code", "partner", "stop", "time", "number", "first", "second",
)  # fmt: skip


def sentence_for(entry: Entry) -> str:
    """ "" where nothing needs to be said."""
    # One code for programs; a person is told what it rests on.
    code = entry.facts.get("because", entry.code) if entry.outcome == EntryOutcome.REVIEW else entry.code
    if code in WORDS:
        known = {name: entry.facts.get(name) or "–" for name in FACTS}
        return str(WORDS[code]) % known
    if entry.code in ANSWERS:
        return sentence_of(entry.code, entry.facts)
    if said := entry.facts.get("said"):
        return str(said)
    if entry.outcome == EntryOutcome.WAITING:
        return _("Waits for an earlier entry of the same phone, which is still on its way.")
    return ""
