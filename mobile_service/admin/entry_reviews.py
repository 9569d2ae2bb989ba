"""What phones told and the present contradicts: what, why, and one press for each (U21)."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from libraries.desk import ActPage, DeskPage, chosen
from mobile_service.admin.telling import WORDS
from mobile_service.choices import EntryOutcome
from mobile_service.models import Entry, Visit
from mobile_service.services.deciding import (
    FIX_WORDS,
    apply_entry,
    attach_entry,
    fix_of,
    may_attach,
    note_entry,
    visits_near,
)
from mobile_service.services.entry_words import sentence_for
from mobile_service.services.odometer import BACKWARDS
from mobile_service.services.stop_lending import NO_DELIVERY
from mobile_service.services.telling_at_desk import CORRECT

DECISIONS = {
    **FIX_WORDS,
    "attach": gettext_lazy("Put to another visit"),
    "note": gettext_lazy("Noted"),
}


class EntryReviews(DeskPage):
    """The oldest first; under “decided” what became of the others; under “waiting” what is still on its way."""

    def get(self, request: HttpRequest) -> HttpResponse:
        cut = chosen(request.GET.get("bagian"), {"menunggu", "diputuskan"})
        rows = Entry.objects.visible_to(request.user).for_list()
        if cut == "diputuskan":
            rows = rows.filter(decided_at__isnull=False).order_by("-decided_at", "-pk")
        elif cut == "menunggu":
            rows = rows.filter(outcome=EntryOutcome.WAITING).order_by("received_at", "pk")
        else:
            rows = rows.to_decide().order_by("at", "counter", "pk")
        page = self.page_of(rows)
        for row in page:
            row.sentence = sentence_with_way(row)
            row.fix = FIX_WORDS.get(fix_of(row), "")
            row.elsewhere = may_attach(row)
            row.decided_as = DECISIONS.get(row.decision, row.decision)
        return self.show(
            "admin/mobile/entry_reviews.html",
            page_obj=page,
            cut=cut,
            tabs=[
                ("", _("To be decided"), None),
                ("menunggu", _("Being sent"), None),
                ("diputuskan", _("Decided"), None),
            ],
        )


def sentence_with_way(row: Entry) -> str:
    """Why it waits; where a figure is to be corrected, with the way there. Once it is right, the entry waits no longer. Where a
    delivery is to be proposed first, with the way to the school."""
    sentence = sentence_for(row)
    school = row.visit.stop.partner if row.code == NO_DELIVERY and row.visit is not None else None
    if school is not None and row.outcome == EntryOutcome.REVIEW:
        return format_html(
            '{} <a href="{}">{}</a>', sentence, reverse("work:partner", args=[school.pk]), school
        )
    if row.code != BACKWARDS or row.outcome != EntryOutcome.REVIEW or row.trip_id is None:
        return sentence
    address = reverse("work:van_trip_tell", args=[row.trip_id, CORRECT])
    return format_html('{} <a href="{}">{}</a>', sentence, address, WORDS[CORRECT])


class EntryAct(ActPage):
    subject: Entry

    def subject_of(self, pk: UUID) -> Entry:
        entry: Entry = self.find(Entry.objects.for_list(), pk)
        return entry

    def about(self) -> str:
        return f"{self.subject.get_kind_display()} · {self.subject.visit.stop if self.subject.visit else '–'}"

    def text(self) -> str:
        return sentence_for(self.subject)

    def back(self) -> str:
        return reverse("work:entry_reviews")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Told by phones, to decide"), self.back())]


class ApplyEntry(EntryAct):
    def title(self) -> str:
        return str(FIX_WORDS.get(fix_of(self.subject), _("Do it after all")))

    def act(self, cleaned: dict[str, Any]) -> str:
        apply_entry(entry=self.subject, actor=self.actor)
        return _("Done: %(what)s.") % {"what": self.subject.get_kind_display()}


class AttachForm(forms.Form):
    visit = forms.ModelChoiceField(Visit.objects.none(), label=gettext_lazy("To which visit it belongs"))

    def __init__(self, *args: Any, visits: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["visit"].queryset = visits


class AttachEntry(EntryAct):
    def make_form(self, *data: Any) -> forms.Form:
        near = Visit.objects.visible_to(self.request.user).filter(pk__in=visits_near(self.subject))
        return AttachForm(*data, visits=near.select_related("stop").order_by("begins_at"))

    def title(self) -> str:
        return _("Put to another visit")

    def act(self, cleaned: dict[str, Any]) -> str:
        attach_entry(entry=self.subject, visit=cleaned["visit"], actor=self.actor)
        return _("Done: %(what)s.") % {"what": self.subject.get_kind_display()}


class RemarkForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Why nothing needs to be done"),
        max_length=300,
        help_text=gettext_lazy("For example: counted twice, noted on paper."),
    )


class NoteEntry(EntryAct):
    form_class = RemarkForm

    def title(self) -> str:
        return _("Note it, do nothing")

    def act(self, cleaned: dict[str, Any]) -> str:
        note_entry(entry=self.subject, actor=self.actor, note=cleaned["note"])
        return _("Noted: %(what)s.") % {"what": self.subject.get_kind_display()}
