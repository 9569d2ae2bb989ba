"""A school brings back what another school holds: both learn of it, and the other's delivery shrinks (L6)."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from libraries.choices import Role, Tone
from libraries.models import User
from libraries.services.notices import Announcement, announce_all
from loans import addresses
from loans.choices import LineStatus
from loans.models import Consignment, LoanLine, ReturnVisit
from loans.services.closing import close_when_home
from loans.services.stepping import write_event


def tell_others(
    visit: ReturnVisit, back: Sequence[LoanLine], others: Sequence[Consignment], *, actor: User
) -> int:
    """Note on both sides what ``visit`` brought of other schools' deliveries, which are locked; returns how many books.

    Called by the finish of the visit. A delivery of which nothing is out any more closes.
    """
    brought = 0
    news = []
    for consignment in others:
        lines = [line for line in back if line.consignment_id == consignment.pk]
        brought += len(lines)
        titles = [line.copy.title.title for line in lines]
        facts = {"count": len(lines), "titles": "; ".join(titles), "school": visit.partner}
        write_event(
            consignment,
            "came_with_other",
            actor=actor,
            note=_("%(school)s brought back %(count)s: %(titles)s") % facts,
        )
        facts = {**facts, "school": consignment.partner}
        write_event(visit, "for_other", actor=actor, note=_("%(count)s of %(school)s: %(titles)s") % facts)
        close_when_home(consignment, actor=actor)
        news.append(
            Announcement(
                recipient=consignment.partner,
                sender=visit.lender,
                rule="returned_elsewhere",
                subject_kind="consignment",
                subject_id=consignment.pk,
                due_on=visit.on,
                tone=Tone.CALM,
                context={
                    "lender": visit.lender.name,
                    "partner": consignment.partner.name,
                    "school": visit.partner.name,
                    "count": len(lines),
                    "titles": titles[:20],
                    "left": consignment.lines.filter(status=LineStatus.OUT).count(),
                },
                path=addresses.holdings_for_partner(),
                roles=[Role.SCHOOL_CONTACT],
            )
        )
    announce_all(news)
    return brought
