"""The crew's phones at the desk: a code as QR, shown once, and out of use with one press (M5)."""

from typing import Any
from uuid import UUID

import segno
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain.errors import DomainError
from libraries.choices import Role
from libraries.desk import ActPage, DeskPage, refuse, status_of
from libraries.models import Membership
from mobile_service.admin.fields import choose_among
from mobile_service.models import CrewMember, Device
from mobile_service.services.devices import invite_again, invite_device, revoke_device

GIVERS = (Role.CIRCULATION, Role.OFFICER, Role.ADMINISTRATOR)


class InviteForm(forms.Form):
    member = forms.ModelChoiceField(
        CrewMember.objects.none(),
        label=gettext_lazy("Whose phone"),
        help_text=gettext_lazy("What the phone tells is done in the name of this person's account."),
    )
    name = forms.CharField(
        label=gettext_lazy("Which phone"),
        max_length=80,
        help_text=gettext_lazy("For example: Tini's own phone."),
    )


class DeviceList(DeskPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Device.objects.visible_to(request.user).for_list().order_by("revoked_at", "name", "pk")
        return self.show(
            "admin/mobile/devices.html",
            page_obj=self.page_of(rows),
            may_give=self.may_give,
            givers=[] if self.may_give else self.givers(),
        )

    @property
    def may_give(self) -> bool:
        return bool(self.access.everything or self.access.having(GIVERS))

    def givers(self) -> list[str]:
        """By name, whom somebody of the crew asks for a code."""
        people = Membership.objects.current().filter(
            institution__in=self.access.offices, role__in=GIVERS, user__is_active=True
        )
        return sorted({str(row.user) for row in people.select_related("user")})


def shown(page: DeskPage, device: Device, code: str) -> HttpResponse:
    """The page with the code. It is in no address and nowhere kept: who needs it again asks for a new one."""
    url = page.request.build_absolute_uri(reverse("portal:van_sign_in", args=[code]))
    qr = segno.make(url, error="m", micro=False).svg_data_uri(border=4, light="#fff", dark="#000")
    response = page.show("admin/mobile/device_code.html", device=device, qr=qr, url=url)
    response["Cache-Control"] = "no-store"
    return response


class InviteDevice(ActPage):
    def subject_of(self, **kwargs: Any) -> Any:
        if not self.access.everything and not self.access.having(GIVERS):
            raise PermissionDenied
        return None

    def make_form(self, *data: Any) -> forms.Form:
        form = InviteForm(*data)
        choose_among(form, "member", self.members())
        return form

    def members(self) -> Any:
        return CrewMember.objects.visible_to(self.request.user).filter(is_active=True)

    def title(self) -> str:
        return _("Add a phone of the crew")

    def label(self) -> str:
        return _("Show its code") if self.members().exists() else ""

    def text(self) -> str:
        if not self.members().exists():
            return _(
                "Nobody is on the crew yet. Enter who drives and who serves under “Vehicles and crew” first."
            )
        return _("The next page shows a QR code, once. Scan it with that phone within an hour.")

    def back(self) -> str:
        return reverse("work:van_devices")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("The crew's phones"), self.back())]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.subject = self.subject_of()
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.ask(form, status=422)
        try:
            device, code = invite_device(actor=self.actor, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
            return self.ask(form, status=status_of(error))
        return shown(self, device, code)


class DeviceAct(ActPage):
    subject: Device

    def subject_of(self, pk: UUID) -> Device:
        device: Device = self.find(Device.objects.for_list(), pk)
        return device

    def about(self) -> str:
        return f"{self.subject.name} · {self.subject.member}"

    def back(self) -> str:
        return reverse("work:van_devices")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("The crew's phones"), self.back())]


class NewCode(DeviceAct):
    """Another code for a phone that has not signed in."""

    def title(self) -> str:
        return _("Show a new code")

    def text(self) -> str:
        return _("The earlier code stops working. The new one is good for an hour.")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.subject = self.subject_of(**kwargs)
        form = self.make_form(request.POST)
        form.is_valid()
        try:
            device, code = invite_again(device=self.subject, actor=self.actor)
        except DomainError as error:
            refuse(form, error)
            return self.ask(form, status=status_of(error))
        return shown(self, device, code)


class RevokeDevice(DeviceAct):
    kind = "danger-solid"

    def title(self) -> str:
        return _("Take this phone out of use")

    def text(self) -> str:
        return _(
            "At its next connection the phone wipes what it holds. What it has not sent by then is lost: send first, if the "
            "phone is at hand."
        )

    def act(self, cleaned: dict[str, Any]) -> str:
        revoke_device(device=self.subject, actor=self.actor)
        return _("%(name)s is out of use.") % {"name": self.subject.name}
