"""What the style page shows: one honest example of every part, built from the same templates as the real pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.utils.translation import gettext_lazy as _

from kerjasama.domain import clock


class StyleForm(forms.Form):
    """A form with one field of every kind, shown with errors."""

    name = forms.CharField(label=_("Name of the school"), help_text=_("As it stands on the agreement."))
    amount = forms.IntegerField(label=_("Number of books"), min_value=1)
    day = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label=_("What happened to the book?"),
        choices=[("lost", _("Lost")), ("damaged", _("Damaged"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    photo = forms.FileField(label=_("Photograph"), required=False)
    sure = forms.BooleanField(label=_("I have counted the books"))


@dataclass(frozen=True)
class StyleEvent:
    what: Any
    at: datetime
    actor: str
    note: Any = ""
    tone: str = ""


def style_context() -> dict[str, Any]:
    now, today = clock.now(), clock.today()
    page: Page[int] = Paginator(range(230), 50).page(2)
    return {
        "blank": StyleForm(),
        "broken": StyleForm({"name": "", "amount": "0", "kind": "torn"}),
        "today": today,
        "days": [today + timedelta(days=step) for step in (21, 5, 1, 0, -3)],
        "now": now,
        "events": [
            StyleEvent(_("Received by the school"), now, "Rahmi Yanti, S.Pd.", _("99 of 100 books.")),
            StyleEvent(_("Handed over"), now - timedelta(days=1), "Dedi Saputra"),
            StyleEvent(_("Picking begun"), now - timedelta(days=3), "Dedi Saputra"),
        ],
        "facts": [
            (_("Partner"), "SDN 01 Benteng Pasar Atas"),
            (_("Number"), "017/PKS/UPT-PBH/VIII/2026"),
            (_("Ends"), today + timedelta(days=200)),
            (_("Note"), ""),
        ],
        "step_names": [_("Count"), _("Differences"), _("Check"), _("Done")],
        "page_obj": page,
        "icons": (
            "home book books box van school library handshake document calendar clock check cross warning info good "
            "stop bell person people search scan download upload print plus minus edit bin right left down swap back "
            "key lock shield phone mail list menu filter out history wish chart settings camera pin globe"
        ).split(),
    }
