"""Quota profiles on the desk: the ready ones, one's own, and which programme follows which (L1)."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kerjasama.domain.errors import DomainError
from libraries.desk import ActPage, refuse, status_of
from libraries.models import Institution
from loans.admin.planning import PlannerPage
from loans.admin.planning_forms import ProfileChoiceForm, ProfileForm
from loans.admin.programme_acts import ProgrammeAct
from loans.models import QuotaProfile
from loans.services.quotas import add_ready_profiles, assign_profile, keep_profile, remove_profile


class ProfilePage(PlannerPage):
    def office(self) -> Institution:
        """The library whose profiles are kept: the reader's first; who keeps several, chooses the programmes' lender."""
        office = self.offices().first()
        if office is None:
            raise PermissionDenied
        return office

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*super().crumbs(), (_("Quota profiles"), reverse("work:profiles"))]


class ProfileList(ProfilePage):
    """All profiles; a POST adds the ready ones."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = (
            QuotaProfile.objects.visible_to(request.user)
            .select_related("office")
            .annotate(used=Count("programmes"))
            .prefetch_related("rows")
            .order_by("office__name", "name")
        )
        return self.show(
            "admin/loans/profiles.html",
            page_obj=self.page_of(rows),
            may_keep=self.offices().exists(),
            crumbs=PlannerPage.crumbs(self),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        add_ready_profiles(office=self.office(), actor=self.actor)
        return redirect("work:profiles")


class EditProfile(ProfilePage):
    """One profile with its lines; without ``pk`` a new one."""

    def profile(self, pk: UUID | None) -> QuotaProfile | None:
        return self.find(QuotaProfile.objects.select_related("office"), pk) if pk else None

    def get(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        profile = self.profile(pk)
        self.office()
        return self.answer(profile, ProfileForm(profile=profile))

    def post(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        profile = self.profile(pk)
        office = self.office()
        form = ProfileForm(request.POST, profile=profile)
        if not form.is_valid():
            return self.answer(profile, form, 422)
        given = form.cleaned_data
        try:
            keep_profile(
                office=profile.office if profile else office,
                actor=self.actor,
                profile=profile,
                name=given["name"],
                levels=given["levels"],
                rows=given["rows"],
                version=given["version"],
            )
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(profile, form, status_of(error))
        return redirect("work:profiles")

    def answer(self, profile: QuotaProfile | None, form: ProfileForm, status: int = 200) -> HttpResponse:
        return self.show("admin/loans/profile.html", status, profile=profile, form=form, crumbs=self.crumbs())


class RemoveProfile(ActPage, ProfilePage):
    kind = "danger-solid"

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        return self.find(QuotaProfile.objects.select_related("office"), pk)

    def title(self) -> str:
        return _("Remove the profile “%(name)s”?") % {"name": self.subject}

    def label(self) -> str:
        return _("Remove")

    def back(self) -> str:
        return reverse("work:profiles")

    def crumbs(self) -> list[tuple[Any, str]]:
        return ProfilePage.crumbs(self)

    def act(self, cleaned: dict[str, Any]) -> str:
        remove_profile(profile=self.subject, actor=self.actor)
        return _("The profile is removed.")


class AssignProfile(ProgrammeAct):
    """Which profile a programme follows from the next plan on."""

    def make_form(self, *data: Any) -> Any:
        profiles = QuotaProfile.objects.filter(office=self.programme.lender_id)
        return ProfileChoiceForm(*data, profiles=profiles, initial={"profile": self.programme.profile_id})

    def title(self) -> str:
        return _("What are the deliveries made of?")

    def text(self) -> str:
        return _("The next plan follows the profile; deliveries that are planned already stay as they are.")

    def label(self) -> str:
        return _("Choose")

    def act(self, cleaned: dict[str, Any]) -> str:
        assign_profile(programme=self.programme, actor=self.actor, profile=cleaned["profile"])
        return _("The programme follows the profile from the next plan on.")
