"""Books come back: choosing the partner, and finishing the visit (L6)."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kerjasama.domain import clock
from libraries.choices import Role
from libraries.desk import ActPage
from libraries.models import Institution
from loans.admin.forms import OpenVisitForm
from loans.admin.scan_desk import still_out
from loans.choices import LineStatus
from loans.models import Consignment, LoanLine, ReturnVisit
from loans.services.returning import finish_return_visit, open_return_visit

WORKERS = {Role.CIRCULATION, Role.OFFICER, Role.ADMINISTRATOR}


class OpenVisit(ActPage):
    """Who brings books back? Offered are partners that hold books of ours."""

    visit: ReturnVisit | None = None

    def subject_of(self, **kwargs: Any) -> Any:
        if not self.access.everything and not self.access.having(WORKERS):
            raise PermissionDenied
        return None

    def holders(self) -> Any:
        out = Consignment.objects.visible_to(self.request.user).out()
        return Institution.objects.visible_to(self.request.user).filter(pk__in=out.values("partner"))

    def make_form(self, *data: Any) -> forms.Form:
        form = OpenVisitForm(
            *data, initial={"on": clock.today(), "partner": self.request.GET.get("mitra") or None}
        )
        form.fields["partner"].queryset = self.holders()
        return form

    def title(self) -> str:
        return _("Take books back")

    def label(self) -> str:
        return _("To the return desk")

    def text(self) -> str:
        return _("You scan what comes, from whichever delivery it is, and finish with a return record.")

    def back(self) -> str:
        return reverse("work:return_desk", args=[self.visit.pk]) if self.visit else reverse("work:tracking")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Where the books are"), reverse("work:tracking"))]

    def act(self, cleaned: dict[str, Any]) -> str:
        partner = cleaned["partner"]
        lender = self.lender_for(partner)
        self.visit = open_return_visit(lender=lender, partner=partner, actor=self.actor, on=cleaned["on"])
        return ""

    def lender_for(self, partner: Institution) -> Institution:
        """Whose books they are. The desk works for one office; where somebody works for two, the nearest due decides."""
        row = (
            Consignment.objects.visible_to(self.request.user)
            .out()
            .filter(partner=partner)
            .select_related("lender")
            .order_by("due_on")
            .first()
        )
        assert row is not None  # the form offered only partners that hold books
        return row.lender


class FinishVisit(ActPage):
    template_name = "admin/loans/return_finish.html"

    def subject_of(self, pk: UUID) -> ReturnVisit:
        visit: ReturnVisit = self.find(ReturnVisit.objects.select_related("lender", "partner"), pk)
        return visit

    def title(self) -> str:
        return _("Finish the return of %(partner)s?") % {"partner": self.subject.partner}

    def text(self) -> str:
        figures = LoanLine.objects.filter(
            consignment__partner_id=self.subject.partner_id, consignment__lender_id=self.subject.lender_id
        ).aggregate(
            back=Count("pk", filter=Q(returned_to=self.subject)),
            left=Count("pk", filter=Q(status=LineStatus.OUT)),
        )
        back = ngettext("%(count)d book came back.", "%(count)d books came back.", figures["back"]) % {
            "count": figures["back"]
        }
        left = (
            ngettext(
                "%(count)d book stays with the partner.",
                "%(count)d books stay with the partner.",
                figures["left"],
            )
            % {"count": figures["left"]}
            if figures["left"]
            else _("Nothing is left with the partner.")
        )
        brought = self.subject.lines.exclude(consignment__partner=self.subject.partner_id).count()
        if brought:
            left += " " + ngettext(
                "%(count)d book of another school came along; that school is told.",
                "%(count)d books of other schools came along; those schools are told.",
                brought,
            ) % {"count": brought}
        return f"{back} {left} " + _("The return record gets its number; cases are opened for damaged books.")

    def label(self) -> str:
        return _("Finish and make the record")

    def more(self) -> dict[str, Any]:
        return {"still_out": still_out(self.subject)}

    def back(self) -> str:
        return reverse("work:return_desk", args=[self.subject.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Return desk"), self.back())]

    def act(self, cleaned: dict[str, Any]) -> str:
        done = finish_return_visit(visit=self.subject, actor=self.actor)
        number = done.document.number if done.document else ""
        return _("The return is finished. The record is %(number)s; print it for both signatures.") % {
            "number": number
        }
