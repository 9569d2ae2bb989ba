"""What comes back that is not this school's: other schools' books, and other libraries' (L6)."""

import uuid
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain import clock
from libraries.catalogue.choices import Condition
from libraries.choices import InstitutionKind, Role
from libraries.desk import SHEET_ROWS, ActPage, DeskPage, chosen, day_field, plain
from libraries.models import Institution
from loans.admin.scan_desk import ReturnDesk
from loans.models import Consignment, ReturnVisit, StrayBook
from loans.services.straying import forget_stray, keep_stray, send_home

WORKERS = {Role.CIRCULATION, Role.OFFICER, Role.ADMINISTRATOR}


class TakeBackForOthers(ReturnDesk):
    """“Take it back for them”: one key after the refusal, and the book is home on behalf of the school that has it."""

    for_others = True

    def condition(self) -> str:
        return chosen(self.request.GET.get("keadaan"), Condition.values) or Condition.GOOD


class StrayList(DeskPage):
    """Books to be sent home, those that were, and our own that turned up elsewhere."""

    def get(self, request: HttpRequest) -> HttpResponse:
        here, ours = Q(office__in=self.access.offices), Q(owner__in=self.access.offices)
        if self.access.everything:
            here, ours = Q(), Q(owner__is_office=True)
        cuts: dict[str, tuple[Any, Q]] = {
            "": (_("To send home"), here & Q(sent_on__isnull=True)),
            "terkirim": (_("Sent home"), here & Q(sent_on__isnull=False)),
            "milik-kita": (_("Ours, elsewhere"), ours),
        }
        rows = StrayBook.objects.visible_to(request.user)
        words = self.words()
        if words:
            rows = rows.filter(
                Q(barcode__iexact=words)
                | Q(title__icontains=words)
                | Q(owner__name__icontains=words)
                | Q(owner_name__icontains=words)
            )
        cut = chosen(request.GET.get("bagian"), cuts)
        rows = rows.filter(cuts[cut][1]).for_list().order_by("-noted_on", "-pk")
        if self.wants_sheet:
            heads = (
                _("Title"), _("Barcode"), _("Belongs to"), _("Turned up at"), _("Brought by"), _("Noted on"),
                _("Sent home on"), _("How it was sent"),
            )  # fmt: skip
            return self.sheet(
                "buku-luar",
                heads,
                (
                    (
                        row.title,
                        row.barcode,
                        row.whose,
                        str(row.office),
                        str(row.brought_by or ""),
                        row.noted_on,
                        row.sent_on,
                        row.sent_how,
                    )
                    for row in rows[:SHEET_ROWS]
                ),
            )
        return self.show(
            "admin/loans/strays.html",
            page_obj=self.page_of(rows),
            tabs=[(key, label, None) for key, (label, _q) in cuts.items()],
            cut=cut,
            words=words,
            may_work=self.access.everything or bool(self.access.having(WORKERS)),
        )


class StrayForm(forms.Form):
    barcode = forms.CharField(
        label=gettext_lazy("Barcode"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("If there is one."),
    )
    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=300)
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Belongs to"),
        queryset=Institution.objects.none(),
        required=False,
        help_text=gettext_lazy("A library of the directory; it is told when it works here."),
    )
    owner_name = forms.CharField(
        label=gettext_lazy("Stamp or name in the book"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Where the owner is not in the directory."),
    )
    brought_by = forms.ModelChoiceField(
        label=gettext_lazy("Brought by"), queryset=Institution.objects.none(), required=False
    )


class StrayAct(ActPage):
    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Books of other libraries"), reverse("work:strays"))]

    def back(self) -> str:
        return reverse("work:strays")


class NoteStray(StrayAct):
    """A book that nobody's catalogue knows, or whose owner stands only on its stamp."""

    visit: ReturnVisit | None = None

    def subject_of(self, **kwargs: Any) -> Any:
        if not self.access.everything and not self.access.having(WORKERS):
            raise PermissionDenied
        asked = self.request.GET.get("kunjungan", "")
        try:
            key = uuid.UUID(asked)
        except ValueError:
            return None
        rows = ReturnVisit.objects.visible_to(self.request.user).select_related("lender", "partner")
        self.visit = rows.filter(pk=key).first()
        return self.visit

    def office(self) -> Institution:
        """Where the book lies: the visit's library; else the reader's own, the first by name."""
        if self.visit is not None:
            return self.visit.lender
        rows = Institution.objects.filter(is_office=True).order_by("name")
        if not self.access.everything:
            rows = rows.filter(pk__in=self.access.having(WORKERS))
        found = rows.first()
        if found is None:
            raise PermissionDenied
        return found

    def make_form(self, *data: Any) -> forms.Form:
        visit = self.visit
        form = StrayForm(
            *data,
            initial={
                "barcode": plain(self.request.GET.get("kode", "")),
                "brought_by": visit.partner_id if visit else None,
            },
        )
        # Libraries of all sorts, and the schools that our books go to; other libraries' schools are their own matter.
        partners = Consignment.objects.visible_to(self.request.user).values("partner")
        near = Institution.objects.visible_to(self.request.user).exclude(pk=self.office().pk).order_by("name")
        form.fields["owner"].queryset = near.exclude(
            Q(kind__in=[InstitutionKind.SCHOOL, InstitutionKind.MADRASAH]) & ~Q(pk__in=partners)
        )
        form.fields["brought_by"].queryset = near.filter(pk__in=partners)
        return form

    def title(self) -> str:
        return _("A book of another library")

    def text(self) -> str:
        return _("It is noted to be sent home. Our own lists stay as they are.")

    def label(self) -> str:
        return _("Note it")

    def back(self) -> str:
        return reverse("work:return_desk", args=[self.visit.pk]) if self.visit else reverse("work:strays")

    def act(self, cleaned: dict[str, Any]) -> str:
        row = keep_stray(office=self.office(), actor=self.actor, **cleaned)
        return _("“%(title)s” is noted. Put it aside to be sent home.") % {"title": row}


class SendForm(forms.Form):
    on = day_field(gettext_lazy("Sent on"))
    how = forms.CharField(
        label=gettext_lazy("How"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("By post with its number, with the van, fetched by …"),
    )


class SendHome(StrayAct):
    form_class = SendForm

    def subject_of(self, pk: UUID) -> Any:
        return self.find(StrayBook.objects.for_list().filter(sent_on__isnull=True), pk)

    def initial(self) -> dict[str, Any]:
        return {"on": clock.today(self.subject.office.zone)}

    def title(self) -> str:
        return _("Send “%(title)s” home?") % {"title": self.subject}

    def about(self) -> str:
        return " · ".join(filter(None, (self.subject.whose, self.subject.barcode)))

    def label(self) -> str:
        return _("It is on its way")

    def act(self, cleaned: dict[str, Any]) -> str:
        send_home(stray=self.subject, actor=self.actor, **cleaned)
        return _("“%(title)s” is on its way home.") % {"title": self.subject}


class ForgetStray(StrayAct):
    kind = "danger-solid"

    def subject_of(self, pk: UUID) -> Any:
        return self.find(StrayBook.objects.for_list().filter(sent_on__isnull=True), pk)

    def title(self) -> str:
        return _("“%(title)s” was noted by mistake?") % {"title": self.subject}

    def label(self) -> str:
        return _("Take it off the list")

    def act(self, cleaned: dict[str, Any]) -> str:
        forget_stray(stray=self.subject, actor=self.actor)
        return _("It is off the list.")
