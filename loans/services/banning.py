"""A title that never goes to a school, because a person has said so and why (L2)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.access import roles_toward
from libraries.catalogue.models import Title
from libraries.models import Institution, User
from loans.choices import LineStatus, PeriodStatus
from loans.lifecycle import DESK
from loans.models import LoanLine, Period, PlannedBook, Programme, TitleBan
from loans.services.planned import said_day
from loans.services.promising import settle_wishes

REASON = 200


@dataclass(frozen=True, slots=True)
class Banned:
    """The ban, how many planned books it took out, and the delivery being packed that has the title on its list."""

    ban: TitleBan
    removed: int
    packed: str


@transaction.atomic
def ban_title(*, lender: Institution, partner: Institution, title: Title, reason: str, actor: User) -> Banned:
    """From now on no plan and no proposal brings ``title`` to ``partner``; what was planned of it is taken out.

    Raises NotPermitted (``role_missing``), InvalidInput (``reason_missing``, ``reason_long``, ``no_programme``), Conflict
    (``banned_already``, ``fixed_by_hand``).
    """
    _require_desk(lender, actor)
    said = " ".join(reason.split())
    if not said:
        raise InvalidInput("reason_missing", _("Say why; whoever plans next year reads it."), field="reason")
    if len(said) > REASON:
        raise InvalidInput(
            "reason_long", _("Say it in at most %(n)s letters.") % {"n": REASON}, field="reason"
        )
    programmes = Programme.objects.filter(lender=lender, partner=partner)
    # Locked in their order, as an adoption does: what it promises at this moment is seen below, or it sees the ban.
    if not list(programmes.select_for_update(of=("self",), no_key=True).order_by("pk")):
        raise InvalidInput(
            "no_programme",
            _("%(library)s lends nothing to %(school)s.") % {"library": lender, "school": partner},
            field="partner",
        )
    periods = Period.objects.filter(programme__in=programmes, status=PeriodStatus.PLANNED)
    list(periods.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if TitleBan.objects.filter(lender=lender, partner=partner, title=title).exists():
        raise Conflict(
            "banned_already",
            _("“%(title)s” is kept from %(school)s already.") % {"title": title, "school": partner},
            field="title",
        )
    planned = PlannedBook.objects.filter(period__in=periods, title=title)
    fixed = planned.filter(is_locked=True).select_related("period").first()
    if fixed is not None:
        raise Conflict(
            "fixed_by_hand",
            _(
                "“%(title)s” is fixed by hand for the delivery of %(day)s. Release it there first, then ban it."
            )
            % {"title": title, "day": said_day(fixed.period.starts_on)},
            facts={"planned_book": str(fixed.pk)},
            field="title",
        )
    dropped = set(planned.values_list("period_id", "title_id"))
    removed, _by_model = planned.delete()
    settle_wishes(lender, periods=(), dropped=dropped, actor=actor)
    ban = TitleBan(lender=lender, partner=partner, title=title, reason=said)
    ban.full_clean()
    ban.save(force_insert=True)
    packed = (
        LoanLine.objects.filter(
            consignment__partner=partner,
            consignment__lender=lender,
            copy__title=title,
            status__in=(LineStatus.PROPOSED, LineStatus.PICKED),
        )
        .values_list("consignment__code", flat=True)
        .first()
    )
    return Banned(ban, removed, packed or "")


@transaction.atomic
def lift_ban(*, ban: TitleBan, actor: User) -> None:
    """The title may go to that school again, from the next plan on. Raises NotPermitted (``role_missing``)."""
    _require_desk(ban.lender, actor)
    ban.delete()


def said_of(answer: Banned) -> str:
    """What the ban has done, in a sentence each."""
    ban = answer.ban
    parts = [_("“%(title)s” never goes to %(school)s again.") % {"title": ban.title, "school": ban.partner}]
    if answer.removed:
        parts.append(
            ngettext(
                "%(count)s planned book was taken out; its place is filled by the next plan, or when the delivery is proposed.",
                "%(count)s planned books were taken out; their places are filled by the next plan, or when the delivery is proposed.",
                answer.removed,
            )
            % {"count": answer.removed}
        )
    if answer.packed:
        parts.append(
            _("It is on the list of %(code)s, which is being packed: take it off there.")
            % {"code": answer.packed}
        )
    return " ".join(parts)


def _require_desk(lender: Institution, actor: User) -> None:
    if not roles_toward(actor, lender=lender.pk) & DESK:
        raise NotPermitted(
            "role_missing",
            _("Only the circulation desk or an officer of %(office)s decides what is never sent.")
            % {"office": lender},
        )
