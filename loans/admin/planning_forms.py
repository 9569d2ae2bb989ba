"""Forms of the rotation planner: what to plan, how, and what a delivery is made of."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from libraries.catalogue.choices import Material, ReadingLevel
from libraries.desk import day_field
from libraries.models import Institution
from loans.choices import PlanMode, Subject
from loans.models import QuotaProfile
from loans.services.rotating import MOST_PERIODS
from loans.services.weighing import IMPORTANT, STEPS, WORDS

# A profile's form has so many lines; empty ones are passed over.
LINES = 12
FIRST_LINES = 4
# What a line can be about.
KINDS = ("reading_level", "subject", "language", "material")


class StepField(forms.ChoiceField):
    """A step that is as usual where nothing was sent."""

    def clean(self, value: Any) -> Any:
        return super().clean(value or "usual")


class AskPlanForm(forms.Form):
    office = forms.ModelChoiceField(label=_("Library"), queryset=Institution.objects.none())
    starts_on = day_field(
        _("Deliveries from"),
        help_text=_(
            "Planned deliveries from this date on that nobody packs yet. From today on: also those that are late."
        ),
    )
    periods = forms.IntegerField(
        label=_("How many periods"),
        min_value=1,
        max_value=MOST_PERIODS,
        initial=4,
        help_text=_("Four periods of three months are a year."),
    )
    mode = forms.ChoiceField(
        label=_("How the books travel"),
        choices=PlanMode.choices,
        initial=PlanMode.PERSONAL,
        widget=forms.RadioSelect,
    )
    fixed = forms.IntegerField(
        label=_("Books in fixed boxes"),
        min_value=1,
        max_value=500,
        required=False,
        help_text=_("Only when some travel in fixed boxes: how many of each delivery."),
    )
    memory = forms.IntegerField(
        label=_("A title may come again after … periods"),
        min_value=1,
        max_value=99,
        required=False,
        help_text=_("Empty: never again to the same school. After some years a small collection runs out."),
    )
    fair = forms.BooleanField(
        label=_("Give every school its fair share of new and popular titles"), required=False, initial=True
    )

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        few = gettext("A plan covers 1 to %(most)s periods.") % {"most": MOST_PERIODS}
        self.fields["periods"].error_messages.update(min_value=few, max_value=few)
        for name in IMPORTANT:
            self.fields[f"weigh_{name}"] = StepField(label=WORDS[name], choices=STEPS, initial="usual")
        field = self.fields["office"]
        field.queryset = offices
        known = list(offices[:2])
        if len(known) == 1:
            field.initial = known[0].pk
            field.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Said along with what else is missing; whoever asks otherwise is told by the service."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("mode") == PlanMode.MIXED and "fixed" not in self.errors and not cleaned.get("fixed"):
            self.add_error("fixed", gettext("Say how many books of each delivery travel in fixed boxes."))
        return cleaned

    def asked(self) -> list[Any]:
        """The fields that everybody answers."""
        return [field for field in self.visible_fields() if not field.name.startswith("weigh_")]

    def weights(self) -> list[Any]:
        """How much each thing counts: for whoever wants it otherwise than usual."""
        return [self[f"weigh_{name}"] for name in IMPORTANT]

    def unusual(self) -> bool:
        """Whether a weight is to be seen at once: chosen, or refused."""
        return any(field.errors or field.value() not in ("usual", "", None) for field in self.weights())


class ProfileForm(forms.Form):
    """A profile with its lines: share, level, subject, language, material. A line without a share is passed over."""

    name = forms.CharField(label=_("Name"), max_length=80)
    levels = forms.MultipleChoiceField(
        label=_("Reading levels"),
        choices=ReadingLevel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only books of these levels are chosen. Nothing ticked means: of all."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, profile: QuotaProfile | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(profile.rows.all()) if profile else []
        if profile:
            self.initial.update(name=profile.name, levels=profile.levels, version=profile.version)
        for number in range(max(LINES, len(rows) + 2)):
            row = rows[number] if number < len(rows) else None
            self._line(number, row)
        self.lines = number + 1
        # What is filled, and one more; the rest is unfolded by whoever needs it.
        self.shown = max(FIRST_LINES, len(rows) + 1)

    def _line(self, number: int, row: Any) -> None:
        told = {"number": number + 1}
        self.fields[f"share_{number}"] = forms.IntegerField(
            label=_("Books of a hundred, line %(number)s") % told,
            min_value=1,
            max_value=100,
            required=False,
            initial=row.share if row else None,
        )
        self.fields[f"reading_level_{number}"] = forms.ChoiceField(
            label=_("Reading level in line %(number)s") % told,
            choices=[("", _("any level")), *ReadingLevel.choices],
            required=False,
            initial=row.reading_level if row else "",
        )
        self.fields[f"subject_{number}"] = forms.ChoiceField(
            label=_("Subject, line %(number)s") % told,
            choices=[("", _("any subject")), *Subject.choices],
            required=False,
            initial=row.subject if row else "",
        )
        self.fields[f"language_{number}"] = forms.CharField(
            label=_("Language, line %(number)s") % told,
            max_length=3,
            required=False,
            initial=row.language if row else "",
            widget=forms.TextInput(attrs={"placeholder": "ind", "autocapitalize": "off"}),
        )
        self.fields[f"material_{number}"] = forms.ChoiceField(
            label=_("Material, line %(number)s") % told,
            choices=[("", _("any material")), *Material.choices],
            required=False,
            initial=row.material if row else "",
        )

    def table(self) -> list[list[Any]]:
        names = ("share", *KINDS)
        return [[self[f"{name}_{number}"] for name in names] for number in range(self.lines)]

    def first_lines(self) -> list[list[Any]]:
        return self.table()[: self.shown]

    def further_lines(self) -> list[list[Any]]:
        return self.table()[self.shown :]

    def further_filled(self) -> bool:
        """Whether something was typed, or is wrong, in a line that is folded away."""
        return any(box.value() or box.errors for line in self.further_lines() for box in line)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        rows = []
        for number in range(self.lines):
            share = cleaned.get(f"share_{number}")
            row = {name: cleaned.get(f"{name}_{number}", "") for name in KINDS}
            if share is None and any(row.values()) and f"share_{number}" not in self.errors:
                self.add_error(f"share_{number}", _("Say how many of a hundred books, or empty the line."))
            elif share is not None and not any(row.values()):
                self.add_error(
                    f"reading_level_{number}",
                    _("Choose a reading level, a subject, a language or a material for this line."),
                )
            elif share is not None:
                rows.append({"share": share, **row})
        cleaned["rows"] = rows
        return cleaned


class ProfileChoiceForm(forms.Form):
    profile = forms.ModelChoiceField(
        label=_("Quota profile"),
        queryset=QuotaProfile.objects.none(),
        required=False,
        empty_label=_("None: subjects are spread evenly"),
    )

    def __init__(self, *args: Any, profiles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["profile"].queryset = profiles


class ProposeForm(forms.Form):
    do_not_wait = forms.BooleanField(
        label=_("Do not wait for planned books that are still with other schools; fill up from the shelf"),
        required=False,
    )
