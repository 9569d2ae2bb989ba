"""The life of an agreement (A3), as two tables: one for written kinds, one for implicit ones.

``office:`` is the institution that keeps the agreement in this system; ``clock`` is the timetable.
"""

from django.utils.translation import gettext_lazy as _

from agreements.choices import WRITTEN_KINDS
from agreements.choices import AgreementStatus as S
from kerjasama.domain.lifecycle import CLOCK, Life, step

KEEPS = {"office:officer", "office:head"}
STATES = dict(S.choices)

WRITTEN = Life(
    name="written agreement",
    start=S.DRAFT,
    states=STATES,
    steps=(
        step("submit", S.DRAFT, S.SIGNING, KEEPS, _("Send for signature")),
        step("reopen", S.SIGNING, S.DRAFT, KEEPS, _("Back to draft"), needs=("note",)),
        step("sign", S.SIGNING, None, KEEPS, _("Record a signature"), needs=("party", "signed_on")),
        step("activate", S.SIGNING, S.ACTIVE, {*KEEPS, CLOCK}, _("Bring into force")),
        step("expire", S.ACTIVE, S.EXPIRED, {CLOCK}, _("Expire")),
        step("terminate", S.ACTIVE, S.TERMINATED, KEEPS, _("Terminate"), needs=("note",)),
        step("cancel", {S.DRAFT, S.SIGNING}, S.CANCELLED, KEEPS, _("Cancel"), needs=("note",)),
    ),
)

IMPLICIT = Life(
    name="implicit agreement",
    start=S.DRAFT,
    states={key: label for key, label in STATES.items() if key != S.SIGNING},
    steps=(
        step("activate", S.DRAFT, S.ACTIVE, KEEPS, _("Bring into force")),
        step("expire", S.ACTIVE, S.EXPIRED, {CLOCK}, _("Expire")),
        step("terminate", S.ACTIVE, S.TERMINATED, KEEPS, _("Terminate"), needs=("note",)),
        step("cancel", S.DRAFT, S.CANCELLED, KEEPS, _("Cancel"), needs=("note",)),
    ),
)


def life_of(kind: str) -> Life:
    """The table that an agreement of this kind lives by."""
    return WRITTEN if kind in WRITTEN_KINDS else IMPLICIT
