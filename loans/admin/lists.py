"""A list at the desk: searched, narrowed, sorted and paged, all of it in its address; as a sheet and on paper too (U24, U25)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kerjasama.domain.errors import Sentence
from libraries.desk import SHEET_ROWS, DeskPage, chosen

SIZES = (50, 25, 100, 200)


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one field of the table. ``tone`` makes it a badge."""

    text: Any
    url: str = ""
    tone: str = ""
    note: Any = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, what a sheet says of a row, how the page shows it, and what it can be sorted by."""

    head: Sentence
    value: Callable[[Any], Any]
    show: Callable[[Any], Cell] | None = None
    sort: str = ""
    by: tuple[str, ...] = ()
    kind: str = ""

    def cell(self, row: Any) -> Cell:
        return self.show(row) if self.show is not None else Cell(self.value(row))


@dataclass(frozen=True, slots=True)
class Chip:
    """One narrowing that is in force, with the address of the list without it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Bulk:
    """What can be done to the ticked rows: the words of the button and where it leads."""

    label: Sentence
    url: str
    icon: str = "check"


@dataclass(frozen=True, slots=True)
class Words:
    """How a list speaks of itself."""

    title: Sentence
    lede: Sentence
    empty: Sentence
    empty_text: Sentence
    bulk: Sequence[Bulk] = field(default=())


class ListPage(DeskPage):
    """A subclass names its filter set (the API's own), its columns and its words, and gives its rows."""

    filter_class: Any
    name = ""
    icon = "good"
    start = ""
    # What is asked for when the address says nothing about it.
    preset: Mapping[str, str] = {}

    def words_of(self) -> Words:
        raise NotImplementedError

    def columns(self) -> Sequence[Column]:
        raise NotImplementedError

    def rows(self) -> Any:
        raise NotImplementedError

    def key_of(self, row: Any) -> Any:
        """What a tick stands for."""
        return row.pk

    def more(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        given = self.filter_class(self._asked(), self.rows(), request=request)
        rows = given.qs if given.is_valid() else given.queryset.none()
        columns = list(self.columns())
        order, sort = self._order(columns)
        rows = rows.order_by(*order)
        words = self.words_of()
        if self.wants_sheet:
            return self.sheet(
                self.name,
                [column.head for column in columns],
                ([column.value(row) for column in columns] for row in rows[:SHEET_ROWS]),
            )
        size = int(chosen(request.GET.get("baris"), {str(n) for n in SIZES}) or SIZES[0])
        page = self.page_of(rows, size)
        return self.show(
            "admin/loans/list.html",
            status=200 if given.is_valid() else 422,
            page_obj=page,
            lines=[(self.key_of(row), [(column, column.cell(row)) for column in columns]) for row in page],
            heads=[self._head(column, sort) for column in columns],
            fields=[dressed(box) for box in given.form if self._is_asked(box)],
            form=given.form,
            chips=self._chips(given.form),
            words=words,
            sizes=sorted(SIZES),
            size=size,
            icon=self.icon,
            hidden=[
                (name, request.GET[name])
                for name in ("urut", "baris", *(box.name for box in given.form if not self._is_asked(box)))
                if request.GET.get(name)
            ],
            **self.more(),
        )

    def _asked(self) -> Any:
        asked = self.request.GET.copy()
        for name in ("urut", "baris", "page", "bentuk"):
            asked.pop(name, None)
        for name, value in self.preset.items():
            if name not in asked:
                asked[name] = value
        return asked

    def _is_asked(self, box: forms.BoundField) -> bool:
        """Whether a filter has its box: not a choice among all institutions, which only links from elsewhere set."""
        return box.name != "updated_since" and not isinstance(box.field, forms.ModelChoiceField)

    def _order(self, columns: Sequence[Column]) -> tuple[tuple[str, ...], str]:
        """What to order by, and the sort in force; ``-`` before a name turns it round. The key makes it unique."""
        known = {column.sort: column.by for column in columns if column.sort}
        asked = self.request.GET.get("urut", "")
        sort = asked if asked.lstrip("-") in known else self.start
        by = known[sort.lstrip("-")]
        if sort.startswith("-"):
            by = tuple(one.removeprefix("-") if one.startswith("-") else f"-{one}" for one in by)
        return (*by, "pk"), sort

    def _head(self, column: Column, sort: str) -> dict[str, Any]:
        down = sort.startswith("-")
        here = bool(column.sort) and sort.lstrip("-") == column.sort
        return {
            "column": column,
            "turn": f"-{column.sort}" if here and not down else column.sort,
            "said": ("descending" if down else "ascending") if here else "",
        }

    def _chips(self, form: forms.Form) -> list[Chip]:
        """Each filter in force, in words; pressing it takes it away."""
        if not form.is_valid():
            return []
        chips = []
        for name, value in form.cleaned_data.items():
            if value in (None, "", []) or name not in self.request.GET:
                continue
            asked = self.request.GET.copy()
            asked.pop(name, None)
            asked.pop("page", None)
            label = str(form.fields[name].label or name)
            chips.append(
                Chip(
                    f"{label}: {_said(form.fields[name], value)}", f"{self.request.path}?{asked.urlencode()}"
                )
            )
        return chips


def dressed(box: forms.BoundField) -> forms.BoundField:
    """A filter as a person reads it: nothing about "optional", days from the calendar, several to be ticked."""
    box.form.use_required_attribute = False
    box.field.required = True
    if isinstance(box.field, forms.NullBooleanField):
        box.field.widget.choices = [("", _("all")), ("true", _("yes")), ("false", _("no"))]
    elif isinstance(box.field, forms.DateField):
        box.field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    elif isinstance(box.field, forms.MultipleChoiceField):
        box.field.widget = forms.CheckboxSelectMultiple(choices=box.field.choices)
    return box


def _said(box: forms.Field, value: Any) -> str:
    choices: Mapping[Any, Any] = dict(box.choices) if isinstance(box, forms.ChoiceField) else {}
    if isinstance(value, list | tuple):
        return ", ".join(str(choices.get(one, one)) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(choices.get(value, value))
