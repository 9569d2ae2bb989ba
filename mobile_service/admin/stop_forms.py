"""The form of a stop, and of a list of stops out of a file."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.models import Party
from libraries.desk import note_field
from libraries.models import Institution
from mobile_service.admin.fields import DaysField, PointField, WeekForm, point_words, split_point
from mobile_service.admin.fleet_forms import OfficeChoice
from mobile_service.admin.plan_forms import DespiteForm
from mobile_service.choices import StopKind
from mobile_service.models import Stop, Vehicle
from mobile_service.services.stops import WindowInput, windows_of
from mobile_service.week_typed import refuse_only_closed

PLAIN = (
    "partner",
    "kind",
    "name",
    "address",
    "community",
    "postcode",
    "minutes",
    "every_weeks",
    "same_weekday",
    "vehicle",
    "contact_name",
    "contact_phone",
    "hint",
    "is_public",
)


class StopForm(DespiteForm, WeekForm):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())
    kind = forms.ChoiceField(label=_("Kind"), choices=StopKind.choices)
    partner = forms.ModelChoiceField(
        label=_("School or partner"),
        queryset=Institution.objects.none(),
        required=False,
        empty_label=_("None: a village place"),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    point = PointField()
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    community = forms.CharField(label=_("Kelurahan, nagari or desa"), max_length=80, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=10, required=False)
    hint = forms.CharField(
        label=_("How to find it"), max_length=200, required=False, help_text=_("Where to park, which gate.")
    )
    minutes = forms.IntegerField(label=_("Minutes needed"), min_value=5, max_value=480)
    every_weeks = forms.IntegerField(
        label=_("Wanted every (weeks)"),
        min_value=1,
        max_value=52,
        help_text=_("1 is every week; 13 is once a quarter."),
    )
    same_weekday = forms.BooleanField(label=_("Always on the same weekday"), required=False)
    vehicle = forms.ModelChoiceField(
        label=_("Only this vehicle"),
        queryset=Vehicle.objects.none(),
        required=False,
        empty_label=_("Any vehicle"),
    )
    closed_on = DaysField(
        label=_("Days on which it cannot be"),
        required=False,
        max_length=2000,
        help_text=_("Examinations, market days: 24/12/2026, 25/12/2026"),
    )
    contact_name = forms.CharField(label=_("Contact"), max_length=120, required=False)
    contact_phone = forms.CharField(label=_("Contact's telephone"), max_length=30, required=False)
    is_public = forms.BooleanField(
        label=_("Public"),
        required=False,
        help_text=_("Anybody may come; it is shown on the public calendar."),
    )

    def __init__(
        self,
        *args: Any,
        office: Institution,
        stop: Stop | None = None,
        proposal: dict[str, Any] | None = None,
        asked: Any = None,
        **kwargs: Any,
    ) -> None:
        initial: dict[str, Any] = {
            "minutes": 60, "every_weeks": 4, "same_weekday": True, "is_public": True, "kind": StopKind.VILLAGE,
        }  # fmt: skip
        if proposal:
            initial |= proposal
        if stop is not None:
            initial = {name: getattr(stop, name) for name in (*PLAIN, "version")}
            initial["point"] = point_words(stop)
            initial["closed_on"] = ", ".join(f"{day:%d/%m/%Y}" for day in stop.closed_on)
            for day, begin, end in windows_of(stop):
                said = initial.get(f"day_{day}", "")
                initial[f"day_{day}"] = f"{said}{', ' if said else ''}{begin:%H.%M}–{end:%H.%M}"
        super().__init__(*args, initial=initial, **kwargs)
        partners: Any = self.fields["partner"]
        partners.queryset = choosable(office, stop, asked)
        vehicles: Any = self.fields["vehicle"]
        own = stop.vehicle_id if stop else None
        vehicles.queryset = Vehicle.objects.filter(Q(is_active=True) | Q(pk=own), office=office)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        refuse_only_closed(self)
        if (
            cleaned.get("kind") == StopKind.SCHOOL
            and not cleaned.get("partner")
            and "partner" not in self.errors
        ):
            self.add_error("partner", _("Choose the school of this stop."))
        return cleaned

    def given(self) -> dict[str, Any]:
        windows: list[WindowInput] = [
            {"weekday": day, "opens_at": begin, "closes_at": end}
            for day, spans in enumerate(self.week())
            for begin, end in spans
        ]
        given = split_point(self.without_days())
        meant = given.pop("despite")
        return given | {"windows": windows, "careful": not meant}

    def parts(self) -> list[tuple[Any, list[Any]]]:
        """The boxes in groups, as they stand on the page; the week and the place stand by themselves."""
        return [
            (_("Where"), [self[name] for name in ("address", "community", "postcode", "hint")]),
            (_("How long and how often"), [self[name] for name in ("minutes", "every_weeks", "vehicle", "closed_on", "same_weekday")]),
            (_("Whom to ask for"), [self[name] for name in ("contact_name", "contact_phone", "is_public")]),
        ]  # fmt: skip


def choosable(office: Institution, stop: Stop | None = None, asked: Any = None) -> Any:
    """At whose gate a stop of ``office`` may be: its partners, and the institution that the address names."""
    parties = Party.objects.filter(agreement__office=office).values("institution")
    keys = [key for key in (stop.partner_id if stop else None, asked) if key]
    return Institution.objects.filter(
        Q(pk__in=parties) | Q(pk__in=keys), is_office=False, is_active=True
    ).order_by("name")


class HoursAnswerForm(forms.Form):
    note = note_field(_("Reason"), help_text=_("The school reads it."))


class StopSheetForm(OfficeChoice):
    file = forms.FileField(
        label=_("List of stops"),
        help_text=_("A CSV file or an Excel workbook (.xlsx), at most 5 MB and 3,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
    field_order = ("file", "office")
