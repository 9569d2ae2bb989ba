"""Forms of the pages about what is done together. They check shapes; whether something is allowed, the services say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.choices import ActivityKind, EquipmentOpenTo
from agreements.grounds import GROUPS
from agreements.models import Activity, Agreement, Cohort, Equipment, Party
from agreements.services.grounding import usable_agreements
from kerjasama.domain import clock
from kerjasama.domain.errors import Sentence
from libraries.access import access_of
from libraries.choices import InstitutionKind, Role
from libraries.desk import day_field, note_field
from libraries.models import Institution, Person

RUNNERS = {Role.OFFICER, Role.HEAD, Role.CIRCULATION, Role.COORDINATOR}


def moment_field(label: Sentence, **kwargs: Any) -> forms.DateTimeField:
    """A day and a time in one: the browser's own picker, and typing as 23/11/2026 09.00 (U28)."""
    return forms.DateTimeField(
        label=label,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H.%M", "%d/%m/%Y %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        **kwargs,
    )


def own_offices(user: Any) -> Any:
    """Offices at which the reader may lead activities and keep tools."""
    access = access_of(user)
    rows = Institution.objects.offices().filter(is_active=True)
    return rows if access.everything else rows.filter(pk__in=access.having(RUNNERS))


class OfficeForm(forms.Form):
    """A form that asks for the office only where there are several (U9)."""

    office_name = "office"

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        field = self.fields.get(self.office_name)
        if field is not None:
            offices = own_offices(user)
            field.queryset = offices
            known = list(offices[:2])
            if len(known) == 1:
                field.initial = known[0].pk
                field.widget = forms.HiddenInput()


class AgreementChoice(forms.ModelChoiceField):
    def label_from_instance(self, row: Any) -> str:
        return f"{row.title} – {row.partner} ({row.number or row.get_kind_display()})"


class ActivityForm(OfficeForm):
    office = forms.ModelChoiceField(label=_("Our library"), queryset=Institution.objects.none())
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("What kind of activity is it?"), choices=ActivityKind.choices)
    title = forms.CharField(
        label=_("What is it about?"),
        max_length=200,
        help_text=_("A few words, for example: Meeting with the partner schools."),
    )
    begins_at = moment_field(_("Begins"))
    ends_at = moment_field(_("Ends"))
    place = forms.CharField(label=_("Place"), max_length=200)
    agreement = AgreementChoice(
        label=_("Under which agreement?"),
        queryset=Agreement.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_(
            "Internship, training, joint event and exhibition need one. Under one of the body above us it is a derived "
            "activity (turunan)."
        ),
    )
    plan = note_field(
        _("What is planned"), required=False, rows=4, help_text=_("Those who are invited read this.")
    )

    def __init__(self, *args: Any, activity: Activity | None = None, **kwargs: Any) -> None:
        if activity is not None:
            names = ("kind", "title", "begins_at", "ends_at", "place", "agreement", "plan", "version")
            kwargs["initial"] = {name: getattr(activity, name) for name in names}
        super().__init__(*args, **kwargs)
        if activity is not None:
            del self.fields["office"]
        else:
            del self.fields["version"]
        offices = (
            [activity.office_id] if activity else list(own_offices(self.user).values_list("pk", flat=True))
        )
        usable = usable_agreements(offices).select_related("partner").order_by("partner__name", "-starts_on")
        self.fields["agreement"].queryset = usable


class InviteForm(forms.Form):
    institutions = forms.ModelMultipleChoiceField(
        label=_("Partners with an agreement in force"),
        queryset=Institution.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    other = forms.ModelChoiceField(
        label=_("Somebody else"),
        queryset=Institution.objects.none(),
        required=False,
        help_text=_("One more of the directory, without an agreement."),
    )

    def __init__(self, *args: Any, activity: Activity, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today(activity.office.zone)
        parties = Party.objects.filter(
            agreement__in=Agreement.objects.in_force(today).filter(office=activity.office_id)
        )
        known = [activity.office_id, *activity.participations.values_list("institution", flat=True)]
        rest = Institution.objects.visible_to(user).filter(is_active=True).exclude(pk__in=known)
        partners = rest.filter(pk__in=parties.values("institution"))
        self.fields["institutions"].queryset = partners
        self.fields["other"].queryset = rest.exclude(pk__in=parties.values("institution"))


class RecordForm(forms.Form):
    """What came of it: counts by group, with how many each partner came, result, minutes."""

    result = note_field(
        _("Result"), required=False, help_text=_("What came of it, in a few sentences. No names of pupils.")
    )
    minutes = note_field(
        _("Minutes"),
        required=False,
        rows=8,
        help_text=_("What was said and decided, one matter to a line. They can be printed with a number."),
    )

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        names = [*GROUPS, "result", "minutes"]
        kwargs["initial"] = {name: getattr(activity, name) for name in names}
        super().__init__(*args, **kwargs)
        for group in GROUPS:
            label = Activity._meta.get_field(group).verbose_name
            self.fields[group] = forms.IntegerField(
                label=str(label).capitalize(), min_value=0, max_value=1_000_000, required=False
            )
        self.guests = list(activity.participations.select_related("institution"))
        for guest in self.guests:
            self.fields[f"came_{guest.pk}"] = forms.IntegerField(
                label=str(guest.institution),
                min_value=0,
                max_value=30_000,
                required=False,
                initial=guest.attended if guest.attended is not None else guest.expected,
            )

    def groups(self) -> list[Any]:
        return [self[group] for group in GROUPS]

    def came(self) -> list[Any]:
        return [self[f"came_{guest.pk}"] for guest in self.guests]

    def facts(self) -> dict[str, Any]:
        """What the services want."""
        given = self.cleaned_data
        return {
            "result": given["result"],
            "minutes": given["minutes"],
            "counts": {group: given[group] or 0 for group in GROUPS},
            "attendance": {
                guest.institution_id: given[f"came_{guest.pk}"]
                for guest in self.guests
                if given[f"came_{guest.pk}"] is not None
            },
        }


class AcceptForm(forms.Form):
    expected = forms.IntegerField(
        label=_("With how many people do you come?"), min_value=1, max_value=30_000, required=False
    )
    note = note_field(_("Remark"), required=False, rows=2)


class DeclineForm(forms.Form):
    note = note_field(
        _("Why can you not come?"), rows=2, help_text=_("The library reads it and plans better.")
    )


class CohortForm(forms.Form):
    sender = forms.ModelChoiceField(
        label=_("Who sends the interns?"),
        queryset=Institution.objects.none(),
        help_text=_("A university. Pupils of schools are counted, never taken down by name."),
    )
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=500, initial=2)
    letter_number = forms.CharField(label=_("Number of their letter"), max_length=120, required=False)
    letter_on = day_field(_("Date of their letter"), required=False)
    letter_file = forms.FileField(
        label=_("Their letter"),
        required=False,
        help_text=_("A PDF, JPEG or PNG file of at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, *args: Any, user: Any, cohort: Cohort | None, **kwargs: Any) -> None:
        if cohort is not None:
            names = ("sender", "places", "letter_number", "letter_on")
            kwargs["initial"] = {name: getattr(cohort, name) for name in names}
        super().__init__(*args, **kwargs)
        schools = [InstitutionKind.SCHOOL, InstitutionKind.MADRASAH]
        rows = Institution.objects.visible_to(user).filter(is_active=True).exclude(kind__in=schools)
        self.fields["sender"].queryset = rows


class InternForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("As it is printed on the certificate.")
    )
    programme = forms.CharField(label=_("Study programme"), max_length=120)
    of_age = forms.BooleanField(
        label=_("Is of age (18 or older)"),
        error_messages={"required": _("Only students who are of age are taken down by name.")},
    )


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, row: Any) -> str:
        return f"{row.name} – {row.institution}"


class ContactForm(forms.Form):
    person = PersonChoice(
        label=_("Who took part?"),
        queryset=Person.objects.none(),
        help_text=_("An official contact, an adult in an office. Add new ones under “People”."),
    )

    def __init__(self, *args: Any, user: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Person.objects.visible_to(user).exclude(pk__in=activity.attendees.values("person"))
        self.fields["person"].queryset = rows.select_related("institution").order_by(
            "institution__name", "name"
        )


class EvidenceForm(forms.Form):
    file = forms.FileField(
        label=_("Photograph or paper"),
        help_text=_("A PDF, JPEG or PNG file of at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    caption = forms.CharField(
        label=_("What does it show?"),
        max_length=200,
        required=False,
        help_text=_("Please do not name any child."),
    )


class EquipmentForm(OfficeForm):
    office_name = "owner"

    owner = forms.ModelChoiceField(label=_("Our library"), queryset=Institution.objects.none())
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("What tool is it?"), max_length=120)
    description = note_field(
        _("Description"), required=False, help_text=_("What it can do, and what belongs to it.")
    )
    place = forms.CharField(
        label=_("Where is it fetched?"), max_length=200, help_text=_("Building, room, and who hands it out.")
    )
    open_to = forms.ChoiceField(
        label=_("Who may book it?"),
        choices=EquipmentOpenTo.choices,
        widget=forms.RadioSelect,
        initial="partners",
    )
    is_active = forms.BooleanField(label=_("It can be booked"), required=False)

    def __init__(self, *args: Any, equipment: Equipment | None = None, **kwargs: Any) -> None:
        if equipment is not None:
            names = ("name", "description", "place", "open_to", "is_active", "version")
            kwargs["initial"] = {name: getattr(equipment, name) for name in names}
        super().__init__(*args, **kwargs)
        for name in ("owner",) if equipment is not None else ("version", "is_active"):
            del self.fields[name]


class PictureForm(forms.Form):
    file = forms.FileField(
        label=_("Photograph"),
        help_text=_("A JPEG or PNG file of at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )


class BookingForm(forms.Form):
    institution = forms.ModelChoiceField(label=_("For whom?"), queryset=Institution.objects.none())
    begins_at = moment_field(_("From"))
    ends_at = moment_field(_("Until"))
    purpose = forms.CharField(label=_("What for?"), max_length=300)

    def __init__(self, *args: Any, user: Any, equipment: Equipment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        access = access_of(user)
        rows = Institution.objects.visible_to(user).filter(is_active=True)
        if not access.at(equipment.owner_id) & RUNNERS:
            rows = rows.filter(pk__in=access.having(RUNNERS))
        self.fields["institution"].queryset = rows
        known = list(rows[:2])
        if len(known) == 1:
            self.fields["institution"].initial = known[0].pk
            self.fields["institution"].widget = forms.HiddenInput()


class ConditionForm(forms.Form):
    condition = note_field(
        _("In what condition did it come back?"),
        rows=2,
        help_text=_("For example: everything there, the lamp flickers."),
    )
