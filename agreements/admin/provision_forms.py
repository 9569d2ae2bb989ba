"""The forms of cooperation in a draft or a template: each with its own typed terms, and only those (A7)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agreements.choices import CooperationForm
from agreements.models import Provision
from agreements.provisions import SHAPES, missing_terms, sentences

CLAUSE = "clause"


class ProvisionForm(forms.Form):
    """The terms of one form of cooperation, and whether it is agreed on at all."""

    # Whether the page showed it as part of the agreement: only then does an empty box take it out.
    held = forms.BooleanField(required=False, widget=forms.HiddenInput)
    agreed = forms.BooleanField(label=_("This is part of the agreement"), required=False)

    def __init__(self, data: Any = None, *, form: str, row: Provision | None = None) -> None:
        self.form = form
        self.row = row
        names = (*SHAPES[form].terms, CLAUSE)
        initial = {name: getattr(row, name) for name in names} if row else {}
        super().__init__(
            data,
            prefix=f"form-{form}",
            initial={**initial, "agreed": row is not None, "held": "on" if row else ""},
        )
        for name in names:
            field: Any = Provision._meta.get_field(name).formfield()
            field.required = False
            self.fields[name] = field
        self.fields[CLAUSE].widget = forms.Textarea(attrs={"rows": 2})

    @property
    def label(self) -> str:
        return str(CooperationForm(self.form).label)

    @property
    def anchor(self) -> str:
        return f"form-{self.form}"

    def said(self) -> list[str]:
        """What is saved now, in plain sentences: as they stand on paper."""
        return told(self.row)

    def lacks(self) -> list[str]:
        """Labels of terms that this form of cooperation cannot do without."""
        if self.row is None:
            return []
        return [str(self.fields[name].label) for name in missing_terms(self.row)]

    def given(self) -> dict[str, Any] | None:
        """The terms typed; None when this form is not agreed on.

        Terms typed into a form that nobody ticked are not thrown away: they are what was meant.
        """
        terms = {name: value for name, value in self.cleaned_data.items() if name not in ("agreed", "held")}
        typed = any(value not in (None, "") for value in terms.values())
        if self.cleaned_data["agreed"] or (typed and not self.cleaned_data["held"]):
            return {"form": self.form, **terms}
        return None


class ProvisionSheet:
    """All forms of cooperation but the collection loan, which has terms of its own."""

    def __init__(self, data: Any = None, *, rows: Iterable[Provision] = ()) -> None:
        held = {row.form: row for row in rows}
        self.forms = [ProvisionForm(data, form=form, row=held.get(form)) for form in SHAPES]

    def is_valid(self) -> bool:
        # Each is asked, so that each shows what it finds.
        return sum(not form.is_valid() for form in self.forms) == 0

    @property
    def held(self) -> list[ProvisionForm]:
        """Those in the agreement, and those with something to correct."""
        return [form for form in self.forms if form.row is not None or self.shown(form)]

    @property
    def others(self) -> list[ProvisionForm]:
        return [form for form in self.forms if form.row is None and not self.shown(form)]

    def shown(self, form: ProvisionForm) -> bool:
        return form.is_bound and (not form.is_valid() or form.given() is not None)

    def given(self) -> list[dict[str, Any]]:
        return [terms for form in self.forms if (terms := form.given()) is not None]

    def differences(self, saved: Iterable[Provision]) -> list[tuple[str, str]]:
        """Where what somebody else saved is not what was typed here: (form of cooperation, their sentences)."""
        theirs = {row.form: row for row in saved}
        found = []
        for form in self.forms:
            row, mine = theirs.get(form.form), form.given()
            kept = {name: getattr(row, name) for name in (*SHAPES[form.form].terms, CLAUSE)} if row else None
            typed = {name: value for name, value in mine.items() if name != "form"} if mine else None
            if kept != typed:
                found.append((form.label, " ".join(told(row)) or "–"))
        return found


def told(row: Provision | None) -> list[str]:
    if row is None:
        return []
    return [
        *sentences(row, get_language() or "id"),
        *[line for line in row.clause.splitlines() if line.strip()],
    ]


def rows_of(given: Mapping[str, Mapping[str, Any]]) -> list[Provision]:
    """The terms of a template as rows, which are never saved."""
    return [Provision(form=form, **terms) for form, terms in given.items() if form in SHAPES]
