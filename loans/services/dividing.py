"""Several programmes of one agreement: their names, how many books each brings, and what all of them say together (L1)."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.models import LendingTerm
from kerjasama.domain.clock import add_months
from kerjasama.domain.errors import NotPermitted
from libraries.models import User
from loans.choices import ProgrammeStatus
from loans.duedates import never_open
from loans.lifecycle import DESK
from loans.models import Programme
from loans.services.following import plan_to_come
from loans.services.programmes import (
    agreed_of,
    lock_programme,
    require_label,
    require_within_agreed,
    taken_of,
)
from loans.services.stepping import roles_of, write_event


@transaction.atomic
def set_terms(
    *, programme: Programme, actor: User, label: str, quantity: int, interval_months: int
) -> Programme:
    """Another name, number of books or interval, within what the agreement allows; deliveries still to come follow.

    Where number and interval are those of the agreement, an addendum changes them; otherwise they are the programme's own.
    Raises InvalidInput (``quantity_above_agreed``), Conflict (``programme_exists``, ``label_used``).
    """
    fresh = lock_programme(programme)
    if not roles_of(actor, fresh) & DESK:
        raise NotPermitted(
            "role_missing", _("Only the circulation desk or an officer changes a lending programme.")
        )
    label = label.strip()
    require_label(fresh.agreement, label, but=fresh)
    require_within_agreed(fresh.agreement, quantity, but=fresh)
    asked = (label, quantity, interval_months)
    if asked == (fresh.label, fresh.quantity, fresh.interval_months):
        return fresh
    before = fresh.interval_months
    term = LendingTerm.objects.filter(agreement=fresh.agreement_id).first()
    agreed = (term.quantity, term.interval_months) if term else None
    fresh.label, fresh.quantity, fresh.interval_months = asked
    fresh.own_terms = (quantity, interval_months) != agreed
    fresh.full_clean(exclude=["agreement", "lender", "partner", "profile"])
    fresh.save(update_fields=["label", "quantity", "interval_months", "own_terms", "updated_at"])
    if before != interval_months:
        plan_to_come(fresh, actor)
    note = _("%(books)s books every %(months)s months") % {"books": quantity, "months": interval_months}
    write_event(fresh, "terms", actor=actor, note=f"{label}: {note}" if label else note)
    return fresh


def remarks_of(programme: Programme) -> Sequence[str]:
    """What should be known of a programme and is no mistake of a single date: sentences, none where all is in order."""
    said = []
    if never_open([programme.lender.closed_weekdays, programme.partner.closed_weekdays]):
        said.append(
            _(
                "%(lender)s and %(partner)s are never open on the same day of the week. Their closed weekdays are passed "
                "over until one of them is corrected."
            )
            % {"lender": programme.lender, "partner": programme.partner}
        )
    if add_months(programme.starts_on, programme.interval_months) >= programme.ends_on:
        said.append(
            ngettext(
                "The interval of %(months)d month is longer than the programme: there is one delivery and no swap.",
                "The interval of %(months)d months is longer than the programme: there is one delivery and no swap.",
                programme.interval_months,
            )
            % {"months": programme.interval_months}
        )
    if programme.status in (ProgrammeStatus.RUNNING, ProgrammeStatus.PAUSED):
        said += _sum_words(programme)
    return said


def _sum_words(programme: Programme) -> list[str]:
    agreed, others = agreed_of(programme.agreement), taken_of(programme.agreement, but=programme)
    together = programme.quantity + others
    if agreed is None or (not others and together == agreed):
        return []
    told = {"books": programme.quantity, "others": others, "agreed": agreed, "together": together}
    if together > agreed:
        return [
            _(
                "The programmes of this agreement bring %(together)s books at a time; it allows %(agreed)s. Lower one of "
                "them."
            )
            % told
        ]
    if others:
        return [
            _(
                "%(books)s books here and %(others)s in its other programmes: %(together)s of the %(agreed)s agreed."
            )
            % told
        ]
    return [_("%(books)s of the %(agreed)s books that were agreed.") % told]
