"""What there is to say about a spreadsheet or one of its rows. Reports keep the code and its facts, so that the sentence
is said in the language of whoever reads it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kerjasama.domain.errors import Sentence
from libraries.choices import PersonFunction
from libraries.identifiers import ISIL_WRONG, NPP_WRONG, NPSN_WRONG

# [code, facts], as it is kept with a row.
Finding = tuple[str, dict[str, Any]]

# --- why a whole file is refused or stops ---------------------------------------------------------------------------
STOPS: dict[str, Sentence] = {
    "not_a_sheet": _("This is neither an Excel workbook (.xlsx) nor a CSV file. Save it as one of these."),
    "old_excel": _("This is a workbook of an old Excel (.xls). Open it and save it as .xlsx."),
    "locked": _("The workbook is protected by a password. Save it without one."),
    "unreadable": _("The workbook is damaged and cannot be read. Open it in Excel or LibreOffice and save it anew."),
    "bomb": _("Unpacked, the workbook would be far larger than any list of schools (%(size)d MB); it was not opened."),
    "entities": _("The workbook holds instructions that no list of schools needs; it was not opened."),
    "no_heads": _("No row with the heads of columns was found in the first rows. At least a column with the name is needed."),
    "no_rows": _("Below the heads there is no row."),
    "too_many_rows": _("The list has more than %(limit)d rows. Split it into parts."),
    "file_missing": _("The uploaded file is no longer there. Upload it again."),
    "unexpected": _("Something unforeseen happened; it was written to the log. What was adopted until then is kept."),
}  # fmt: skip

# --- why a row cannot be used ---------------------------------------------------------------------------------------
REFUSALS: dict[str, Sentence] = {
    "name_missing": _("The name is missing."),
    "formula": _("Column %(column)s holds a formula instead of a value. Copy the column and paste it as values."),
    "npsn_wrong": NPSN_WRONG,
    "npp_wrong": NPP_WRONG,
    "isil_wrong": ISIL_WRONG,
    "npsn_twice": _("Row %(row)d already has the NPSN %(number)s."),
    "name_twice": _("Row %(row)d already has this name in the same district."),
    "number_taken": _("%(number)s already belongs to %(name)s."),
    "ambiguous": _("Several institutions have this name there. Add the NPSN, so that the right one is meant."),
    "too_long": _("“%(label)s” is longer than %(limit)d characters."),
    "place_wrong": _("“%(text)s” is no place on the map: a latitude is between -90 and 90, a longitude between -180 and 180."),
    "place_half": _("A place on the map needs both latitude and longitude."),
    "refused": _("The directory refused it: %(detail)s"),
}  # fmt: skip

# --- what is worth a look in a row that is used ----------------------------------------------------------------------
REMARKS: dict[str, Sentence] = {
    "email_left_out": _("“%(text)s” is no e-mail address and was left out."),
    "website_left_out": _("“%(text)s” is no web address and was left out."),
    "kind_unknown": _("“%(text)s” is no kind that is known here; it was taken as chosen for the whole list."),
    "region_unknown": _("The region “%(text)s” was not found and was left empty."),
    "place_turned": _("Latitude and longitude stood in each other's column; they were exchanged."),
    "contact_differs": _("As %(function)s this list names somebody else than the directory; the contact was left as it is."),
    "office_kept": _("This is an office of this system; its own people keep its entry."),
}  # fmt: skip

SENTENCES: dict[str, Sentence] = {**STOPS, **REFUSALS, **REMARKS}


def sentence(code: str, facts: Mapping[str, Any]) -> str:
    """The sentence for a kept code; one of a later version that is unknown here shows as itself."""
    words = SENTENCES.get(code)
    if words is None:
        return code
    if "function" in facts:
        facts = {**facts, "function": PersonFunction(facts["function"]).label}
    return str(words) % facts if facts else str(words)


class SheetRefused(Exception):
    """The file as a whole cannot be used; ``code`` is one of STOPS."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    @property
    def text(self) -> str:
        return sentence(self.code, self.facts)
