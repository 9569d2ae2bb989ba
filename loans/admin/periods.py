"""One delivery of a programme: its day moved with the limits in view, given up, its books proposed (L1, L2)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kerjasama.pages.templatetags.house import long_date
from libraries.access import roles_toward
from libraries.desk import ActPage, NoteForm
from loans.admin.forms import MovePeriodForm
from loans.admin.planning_forms import ProposeForm
from loans.lifecycle import PERIOD
from loans.models import Consignment, Period
from loans.services.moving import cancel_period, look_at_move, move_period
from loans.services.proposing import propose_consignment


def day_read(given: str) -> date | None:
    """A day as the form of a move reads it: 23/11/2026 or 2026-11-23."""
    try:
        found: date = MovePeriodForm.base_fields["starts_on"].clean(given)
    except ValidationError:
        return None
    return found


class PeriodAct(ActPage):
    def subject_of(self, pk: UUID, **kwargs: Any) -> Period:
        period: Period = self.find(Period.objects.for_list(), pk)
        return period

    def back(self) -> str:
        return reverse("work:programme", args=[self.subject.programme_id])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Programmes"), reverse("work:programmes")),
            (
                str(self.subject.programme.partner),
                reverse("work:programme", args=[self.subject.programme_id]),
            ),
        ]


class MovePeriod(PeriodAct):
    """The day is looked at before it is kept: ``?tanggal=`` proposes one, the limits stand beside it, a POST moves."""

    template_name = "admin/loans/period_move.html"
    form_class = MovePeriodForm
    moved_from: date | None = None

    def title(self) -> str:
        return _("Move the swap of %(period)s") % {"period": self.subject}

    def about(self) -> str:
        label: str = self.subject.programme.label
        return label

    def text(self) -> str:
        return _("Planned for %(day)s. The period before it ends on the new day too.") % {
            "day": long_date(self.subject.starts_on)
        }

    def label(self) -> str:
        return _("Move")

    def asked(self) -> date:
        """The day that is looked at: from the form, from the board, or the one that it has."""
        given = self.request.POST.get("starts_on") or self.request.GET.get("tanggal", "")
        read: date | None = day_read(given)
        return read or self.subject.starts_on

    def misread(self) -> str:
        """What is wrong with the day that the address names; "" when it names none or a day."""
        given = self.request.GET.get("tanggal")
        if given is None or day_read(given):
            return ""
        if not given.strip():
            return _("Choose the day.")
        return _("“%(text)s” is no day. Write it as 2026-11-23.") % {"text": given.strip()[:20]}

    def initial(self) -> dict[str, Any]:
        return {"starts_on": self.asked(), "expected": self.subject.starts_on, "board": self.board()}

    def board(self) -> str:
        """The board that the mover comes from, or ""."""
        given = str(self.request.POST.get("board") or self.request.GET.get("papan") or "")
        return given if given.startswith(f"{reverse('work:board_year')}?") else ""

    def more(self) -> dict[str, Any]:
        period = self.subject
        roles = roles_toward(self.request.user, lender=period.programme.lender_id)
        if "move" not in PERIOD.available(period.status, roles):
            return {"look": None}
        look = look_at_move(period=period, starts_on=self.asked(), actor=self.actor)
        other_day = look.starts_on != period.starts_on
        return {"look": look, "other_day": other_day, "misread": self.misread()}

    def back(self) -> str:
        if not self.board():
            return super().back()
        if self.moved_from is None:
            return self.board()
        told = urlencode({"geser": self.subject.pk, "dari_hari": self.moved_from.isoformat()})
        return f"{self.board()}&{told}"

    def act(self, cleaned: dict[str, Any]) -> str:
        moved_from = self.subject.starts_on
        # Looked at once more: whoever typed the day here has not seen what it does to the plan.
        look = look_at_move(period=self.subject, starts_on=cleaned["starts_on"], actor=self.actor)
        move_period(
            period=self.subject,
            actor=self.actor,
            starts_on=cleaned["starts_on"],
            expected=cleaned.get("expected"),
        )
        self.moved_from = moved_from
        if self.board() and not self.request.POST.get("undo"):
            return ""  # the board says it, with a way back
        self.moved_from = None
        done = _("The swap is now on %(day)s.") % {"day": long_date(cleaned["starts_on"])}
        return " ".join([done, *look.upsets])


class CancelPeriod(PeriodAct):
    form_class = NoteForm
    kind = "danger-solid"

    def title(self) -> str:
        return _("Cancel the delivery of %(period)s?") % {"period": self.subject}

    def text(self) -> str:
        return _("It does not take place. Books of the period before it still come back on their day.")

    def label(self) -> str:
        return _("Cancel the delivery")

    def act(self, cleaned: dict[str, Any]) -> str:
        cancel_period(period=self.subject, actor=self.actor, **cleaned)
        return _("The delivery is cancelled.")


class Propose(PeriodAct):
    """The books of a period are proposed, or a list that has become too short is filled up."""

    made: Consignment | None = None
    form_class = ProposeForm

    def make_form(self, *data: Any) -> Any:
        form = super().make_form(*data)
        if not self.subject.planned_books.exists():
            del form.fields["do_not_wait"]
        return form

    def title(self) -> str:
        return _("Propose books for %(period)s") % {"period": self.subject}

    def text(self) -> str:
        return _(
            "Books that rest on the shelf, spread over the subjects, longest-resting first, no title that the school has "
            "had. You can take out and add afterwards."
        )

    def label(self) -> str:
        return _("Propose books")

    def back(self) -> str:
        return reverse("work:consignment", args=[self.made.pk]) if self.made else super().back()

    def act(self, cleaned: dict[str, Any]) -> str:
        wait = not cleaned.get("do_not_wait")
        self.made = propose_consignment(period=self.subject, actor=self.actor, wait=wait)
        return _("The list is ready. Print the pick list and fetch the books.")
