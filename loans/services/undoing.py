"""Taking an adoption back, as long as nothing was made of it: the books that were promised before stand there again (L2)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain.errors import Conflict
from libraries.models import User
from loans.choices import ConsignmentStatus
from loans.lifecycle import PLAN
from loans.models import Consignment, Period, PlannedBook, RotationPlan
from loans.services.adopting import BATCH, barred_titles, lock_open_periods, usable_copies
from loans.services.promising import settle_wishes
from loans.services.remembering import WINDOW, may_undo, remembered
from loans.services.rotating import lock_plan
from loans.services.stepping import roles_of, take_step, write_event


@transaction.atomic
def undo_adoption(*, plan: RotationPlan, actor: User) -> RotationPlan:
    """Put back the books that the periods promised before the plan was adopted. Books fixed by hand since stay.

    Raises NotPermitted, TransitionRefused, Conflict (``undo_late``, ``overtaken``, ``delivery_proposed``).
    """
    fresh = lock_plan(plan)
    PLAN.ask("undo", fresh.status, roles_of(actor, fresh))
    if not may_undo(fresh) or fresh.before is None:
        raise Conflict(
            "undo_late",
            _(
                "An adoption can be taken back for %(minutes)s minutes. Change single books by hand, or reckon the rest again."
            )
            % {"minutes": WINDOW // timedelta(minutes=1)},
        )
    later = RotationPlan.objects.filter(lender=fresh.lender_id, adopted_at__gt=fresh.adopted_at)
    if later.exists():
        raise Conflict("overtaken", _("Another plan was adopted after this one. Take that one back first."))
    kept = remembered(fresh)
    keys = {UUID(key) for key in kept["periods"]}
    periods = lock_open_periods(keys)
    proposed = (
        Consignment.objects.filter(period__in=keys, created_at__gte=fresh.adopted_at)
        .exclude(status=ConsignmentStatus.CANCELLED)
        .select_related("partner")
        .first()
    )
    if proposed is not None:
        raise Conflict(
            "delivery_proposed",
            _(
                "%(code)s for %(school)s was made from this plan. Give that delivery up first, or change single books by hand."
            )
            % {"code": proposed.code, "school": proposed.partner},
            facts={"consignment": str(proposed.pk)},
        )
    _put_back(fresh, kept["books"], periods, actor)
    emptied: dict[str, Any] = {"before": None, "adopted_at": None}
    if PlannedBook.objects.filter(plan=fresh, is_locked=False).exists():
        # Other schools had adopted it long before: for them it stays adopted.
        for name, value in emptied.items():
            setattr(fresh, name, value)
        fresh.save(update_fields=[*emptied, "updated_at"])
        write_event(fresh, "undo", actor=actor)
    else:
        take_step(PLAN, "undo", fresh, actor=actor, **emptied)
    return fresh


def _put_back(
    plan: RotationPlan, books: list[list[Any]], periods: Mapping[UUID, Period], actor: User
) -> None:
    rows = [row for row in books if UUID(row[0]) in periods]
    ours = PlannedBook.objects.filter(period__in=periods, is_locked=False)
    dropped = set(ours.values_list("period_id", "title_id"))
    ours.delete()
    usable = usable_copies(plan, {UUID(row[2]) for row in rows})
    barred = barred_titles(plan, periods.values())
    plans = set(
        RotationPlan.objects.filter(pk__in={row[4] for row in rows if row[4]}).values_list("pk", flat=True)
    )
    PlannedBook.objects.bulk_create(
        [
            PlannedBook(
                period_id=UUID(period),
                title_id=UUID(title),
                copy_id=UUID(copy),
                source_id=source and UUID(source),
                plan_id=UUID(made) if made and UUID(made) in plans else None,
            )
            for period, title, copy, source, made in rows
            if UUID(copy) in usable and (periods[UUID(period)].programme_id, UUID(title)) not in barred
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    settle_wishes(plan.lender, periods=set(periods), dropped=dropped, actor=actor)
