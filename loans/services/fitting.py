"""May this book go into that delivery? Every reason why not, each with its sentence (L2).

Asked when a person fixes a book by hand. The planner keeps the same rules by itself; ``proposing`` those of the shelf.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from kerjasama.domain.errors import Conflict, DomainError, InvalidInput, LimitReached
from libraries.catalogue.choices import Condition, CopyPlace
from libraries.catalogue.models import Copy, Title
from loans.choices import ConsignmentStatus, LineStatus, PeriodStatus
from loans.models import Consignment, LoanLine, MissingCopy, Period, PlannedBook, Programme, TitleBan
from loans.services.planned import GONE, HELD, said_day, same_days


def require_not_packed(period: Period) -> None:
    """Raises Conflict (``being_packed``): what is packed is changed on the list of the delivery."""
    delivery = (
        Consignment.objects.filter(period=period)
        .exclude(status=ConsignmentStatus.CANCELLED)
        .only("code")
        .first()
    )
    if delivery is not None:
        raise Conflict(
            "being_packed",
            _("The books of this delivery are being packed as %(code)s. Change its list instead.")
            % {"code": delivery.code},
            facts={"consignment": str(delivery.pk)},
        )


def require_room(period: Period) -> None:
    """Raises LimitReached (``plan_full``) when the delivery has all its books."""
    planned = PlannedBook.objects.filter(period=period).count()
    if planned >= period.programme.quantity:
        raise LimitReached(
            "plan_full",
            _("All %(count)s books of this delivery are planned. Replace one, or take one out first.")
            % {"count": period.programme.quantity},
            facts={"quantity": period.programme.quantity},
        )


def require_title_fits(period: Period, title: Title, *, instead_of: PlannedBook | None = None) -> None:
    """Raises Conflict (``title_banned``, ``title_had``, ``title_planned``) or InvalidInput (``wrong_level``)."""
    programme = period.programme
    told = {"title": title, "school": programme.partner}
    ban = TitleBan.objects.filter(
        lender=programme.lender_id, partner=programme.partner_id, title=title
    ).first()
    if ban is not None:
        raise Conflict(
            "title_banned",
            _(
                "“%(title)s” never goes to %(school)s: %(reason)s. Lift the ban first, or choose another title."
            )
            % {**told, "reason": ban.reason.rstrip(".")},
            field="title",
        )
    levels = levels_of(programme)
    if levels and title.reading_level not in levels:
        raise InvalidInput(
            "wrong_level",
            _(
                "“%(title)s” is for readers of the level “%(level)s”, which the deliveries to %(school)s do not have."
            )
            % {**told, "level": title.get_reading_level_display()},
            field="title",
        )
    had = LoanLine.objects.filter(
        consignment__partner=programme.partner_id, consignment__lender=programme.lender_id, copy__title=title
    ).exclude(status=LineStatus.DROPPED)
    if had.exists():
        raise Conflict(
            "title_had",
            _("%(school)s has or had “%(title)s” already. Choose another title.") % told,
            field="title",
        )
    other = (
        PlannedBook.objects.filter(
            title=title,
            period__programme__partner=programme.partner_id,
            period__programme__lender=programme.lender_id,
            period__status=PeriodStatus.PLANNED,
        )
        .exclude(pk__in=[instead_of.pk] if instead_of else [])
        .select_related("period")
        .first()
    )
    if other is not None:
        raise Conflict(
            "title_planned",
            _(
                "“%(title)s” is planned for %(school)s already: for its delivery of %(day)s. Take it out there first."
            )
            % {**told, "day": said_day(other.period.starts_on)},
            facts={"planned_book": str(other.pk)},
            field="title",
        )


def levels_of(programme: Programme) -> Sequence[str]:
    """The reading levels that a programme's books are chosen from; empty means all."""
    return (programme.profile.levels if programme.profile else []) or programme.reading_levels


def require_copy_fits(period: Period, copy: Copy) -> None:
    """Raises Conflict (``copy_gone``, ``copy_stays_here``, ``copy_damaged``, ``copy_missing``, ``copy_away``, ``copy_promised``)."""
    if trouble := blocked(period, [copy]).get(copy.pk):
        raise trouble


def first_fitting(period: Period, title: Title) -> Copy:
    """The copy of ``title`` that can be there in ``period``: one on the shelf rather than one that is still away.

    Raises Conflict: ``no_copy``, or why none of them can.
    """
    copies = list(
        Copy.objects.filter(owner=period.programme.lender_id, title=title)
        .select_for_update(of=("self",), no_key=True)
        .select_related("title")
        .order_by("pk")
    )
    if not copies:
        raise Conflict(
            "no_copy",
            _("%(library)s has no copy of “%(title)s”. Choose another title, or acquire a copy.")
            % {"library": period.programme.lender, "title": title},
            field="title",
        )
    troubles = blocked(period, copies)
    free = [copy for copy in copies if copy.pk not in troubles]
    if not free:
        # The nearest to being free says most: promised or away rather than lost.
        order = ["copy_promised", "copy_away", "copy_missing", "copy_damaged", "copy_stays_here", "copy_gone"]
        raise min(troubles.values(), key=lambda it: order.index(it.code))
    return min(free, key=lambda copy: (copy.place != CopyPlace.SHELF, copy.barcode))


def blocked(period: Period, copies: Iterable[Copy]) -> dict[UUID, DomainError]:
    """Which of the copies cannot be in that delivery, and why. Three statements however many."""
    found: dict[UUID, DomainError] = {}
    rows = {copy.pk: copy for copy in copies}
    spans = (
        PlannedBook.objects.filter(copy__in=rows, period__status=PeriodStatus.PLANNED)
        .exclude(period=period)
        .select_related("period__programme__partner")
        .order_by("period__starts_on", "pk")
    )
    for book in spans:
        other = book.period
        if same_days(period, (other.starts_on, other.ends_on)):
            found.setdefault(
                book.copy_id,
                Conflict(
                    "copy_promised",
                    _(
                        "%(barcode)s is promised to %(school)s for its delivery of %(day)s. Choose another copy."
                    )
                    % {
                        "barcode": rows[book.copy_id].barcode,
                        "school": other.programme.partner,
                        "day": said_day(other.starts_on),
                    },
                    facts={"planned_book": str(book.pk)},
                    field="barcode",
                ),
            )
    lines = LoanLine.objects.filter(copy__in=rows, status__in=HELD).select_related("consignment__partner")
    for line in lines:
        stay = line.consignment
        if same_days(period, (period.starts_on, stay.due_on)):
            found[line.copy_id] = Conflict(
                "copy_away",
                _(
                    "%(barcode)s is with %(school)s until %(day)s, and this delivery goes out before. Choose another copy."
                )
                % {
                    "barcode": rows[line.copy_id].barcode,
                    "school": stay.partner,
                    "day": said_day(stay.due_on),
                },
                facts={"consignment": str(stay.pk)},
                field="barcode",
            )
    for key in MissingCopy.objects.open().filter(copy__in=rows).values_list("copy_id", flat=True):
        found[key] = Conflict(
            "copy_missing",
            _(
                "%(barcode)s was not on its shelf when it was looked for. Choose another copy, or scan it if you have it."
            )
            % {"barcode": rows[key].barcode},
            field="barcode",
        )
    for copy in rows.values():
        if trouble := _unfit(copy):
            found[copy.pk] = trouble
    return found


def _unfit(copy: Copy) -> DomainError | None:
    told = {"barcode": copy.barcode}
    if copy.place in GONE:
        return Conflict(
            "copy_gone", _("%(barcode)s is lost or withdrawn. Choose another copy.") % told, field="barcode"
        )
    if not copy.may_travel:
        return Conflict(
            "copy_stays_here",
            _("%(barcode)s may not leave the library. Choose another copy, or release this one for lending.")
            % told,
            field="barcode",
        )
    if copy.condition == Condition.DAMAGED:
        return Conflict(
            "copy_damaged", _("%(barcode)s is damaged. Choose another copy.") % told, field="barcode"
        )
    return None
