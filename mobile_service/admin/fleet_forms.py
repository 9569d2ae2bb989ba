"""Forms about vehicles and the crew."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from libraries.desk import day_field
from libraries.models import Institution, User
from mobile_service.admin.fields import PointField, WeekForm, point_words, split_point
from mobile_service.choices import CrewFunction
from mobile_service.models import CrewMember, Vehicle
from mobile_service.services.fleet import HoursInput, accounts_of, hours_of


class OfficeChoice(forms.Form):
    """Whose it is: asked only of those who work at several libraries (U9)."""

    office = forms.ModelChoiceField(
        label=_("Our library"), queryset=Institution.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["office"]
        field.queryset = offices
        known = list(offices[:2])
        if len(known) == 1:
            field.initial = known[0].pk
            field.widget = forms.HiddenInput()


class VehicleForm(WeekForm):
    once = True
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What everybody calls it, such as Pusling 1.")
    )
    plate = forms.CharField(label=_("Number plate"), max_length=15, required=False)
    boxes = forms.IntegerField(
        label=_("Boxes it carries"),
        min_value=0,
        max_value=500,
        help_text=_("Rotation boxes beside its own books."),
    )
    own_books = forms.IntegerField(label=_("Books of its own"), min_value=0, max_value=100_000)
    rest_minutes = forms.IntegerField(label=_("Rest a day (minutes)"), min_value=0, max_value=240)
    depot = forms.CharField(
        label=_("Where it starts"), max_length=200, required=False, help_text=_("Empty: at the library.")
    )
    point = PointField(label=_("Where it starts, on the map"))

    def __init__(
        self, *args: Any, vehicle: Vehicle | None = None, office: Institution, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {
            "boxes": 12,
            "own_books": 0,
            "rest_minutes": 45,
            "point": point_words(office),
        }
        if vehicle is not None:
            names = ("name", "plate", "boxes", "own_books", "rest_minutes", "depot", "version")
            initial = {name: getattr(vehicle, name) for name in names}
            initial["point"] = point_words(vehicle)
            initial |= {
                f"day_{day}": f"{begin:%H.%M}–{end:%H.%M}" for day, (begin, end) in hours_of(vehicle).items()
            }
        super().__init__(*args, initial=initial, **kwargs)

    def given(self) -> dict[str, Any]:
        hours: list[HoursInput] = [
            {"weekday": day, "starts_at": begin, "ends_at": end}
            for day, spans in enumerate(self.week())
            for begin, end in spans
        ]
        return split_point(self.without_days()) | {"hours": hours}


class OutageForm(forms.Form):
    starts_on = day_field(_("From"))
    ends_on = day_field(_("Until"))
    reason = forms.CharField(
        label=_("Reason"), max_length=120, help_text=_("Workshop, tax, lent to another service.")
    )


class CrewForm(forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())
    name = forms.CharField(label=_("Name"), max_length=120)
    function = forms.ChoiceField(label=_("Function"), choices=CrewFunction.choices)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    user = forms.ModelChoiceField(
        label=_("Account"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Signs in nowhere"),
        help_text=_("Only accounts of people who work at this library."),
    )
    vehicle = forms.ModelChoiceField(
        label=_("Usually on"), queryset=Vehicle.objects.none(), required=False, empty_label=_("No vehicle")
    )

    def __init__(
        self, *args: Any, office: Institution, member: CrewMember | None = None, **kwargs: Any
    ) -> None:
        names = ("name", "function", "phone", "user", "vehicle", "version")
        kwargs["initial"] = {name: getattr(member, name) for name in names} if member else {}
        super().__init__(*args, **kwargs)
        accounts: Any = self.fields["user"]
        accounts.queryset = accounts_of(office).order_by("name")
        vehicles: Any = self.fields["vehicle"]
        vehicles.queryset = Vehicle.objects.filter(office=office, is_active=True)
