"""Titles that never go to a school: listed with their reasons, added, lifted (L2)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain.errors import DomainError
from libraries.access import roles_toward
from libraries.catalogue.models import Title
from libraries.desk import ActPage, DeskPage, refuse, status_of
from loans.admin.planned_books import titles_found
from loans.lifecycle import DESK
from loans.models import Programme, TitleBan
from loans.services.banning import REASON, ban_title, lift_ban, said_of


class BanForm(forms.Form):
    title = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why never?"),
        max_length=REASON,
        required=False,
        help_text=gettext_lazy(
            "For example: the school has its own copies. Whoever plans next year reads it."
        ),
    )


class Bans(DeskPage):
    """What never goes to the school of a programme. ``?q=`` searches a title, ``?judul=`` chooses one."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        programme = self.programme(pk)
        try:
            chosen = UUID(request.GET["judul"]) if "judul" in request.GET else None
        except ValueError:
            chosen = None
        return self.answer(programme, BanForm(initial={"title": chosen}), chosen=chosen)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        programme = self.programme(pk)
        form = BanForm(request.POST)
        if not form.is_valid():
            return self.answer(programme, form, 422)
        title = self.find(Title.objects.all(), form.cleaned_data["title"])
        try:
            done = ban_title(
                lender=programme.lender,
                partner=programme.partner,
                title=title,
                reason=form.cleaned_data["reason"],
                actor=self.actor,
            )
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(programme, form, status_of(error), chosen=title.pk)
        messages.success(request, said_of(done))
        return redirect("work:bans", pk)

    def programme(self, pk: UUID) -> Programme:
        found: Programme = self.find(Programme.objects.for_list(), pk)
        return found

    def answer(
        self, programme: Programme, form: BanForm, status: int = 200, chosen: UUID | None = None
    ) -> HttpResponse:
        rows = (
            TitleBan.objects.for_list()
            .filter(lender=programme.lender_id, partner=programme.partner_id)
            .order_by("title__title", "pk")
        )
        words = self.words()
        title = Title.objects.visible_to(self.request.user).filter(pk=chosen).first() if chosen else None
        return self.show(
            "admin/loans/bans.html",
            status,
            programme=programme,
            page_obj=self.page_of(rows),
            form=form,
            title=title,
            words=words,
            found=[] if title else titles_found(programme.lender, words),
            may_work=bool(roles_toward(self.request.user, lender=programme.lender_id) & DESK),
            crumbs=[
                (_("Programmes"), reverse("work:programmes")),
                (str(programme.partner), reverse("work:programme", args=[programme.pk])),
            ],
        )


class LiftBan(ActPage):
    def subject_of(self, pk: UUID, ban: UUID) -> TitleBan:
        self.programme = self.find(Programme.objects.for_list(), pk)
        found: TitleBan = self.find(
            TitleBan.objects.for_list().filter(
                lender=self.programme.lender_id, partner=self.programme.partner_id
            ),
            ban,
        )
        return found

    def title(self) -> str:
        return _("May “%(title)s” go to %(school)s again?") % {
            "title": self.subject.title,
            "school": self.subject.partner,
        }

    def text(self) -> str:
        return _("It was kept from the school because: %(reason)s") % {"reason": self.subject.reason}

    def label(self) -> str:
        return _("Lift the ban")

    def back(self) -> str:
        return reverse("work:bans", args=[self.programme.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [
            (str(self.programme.partner), reverse("work:programme", args=[self.programme.pk])),
            (_("Never sent"), self.back()),
        ]

    def act(self, cleaned: dict[str, Any]) -> str:
        lift_ban(ban=self.subject, actor=self.actor)
        return _("“%(title)s” may go there again, from the next plan on.") % {"title": self.subject.title}
