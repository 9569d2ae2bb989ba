"""What happened to an agreement, in words: its own steps, its duties, its papers, and what stands under or after it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.lifecycle import OBLIGATION, life_of
from agreements.models import Agreement, AgreementEvent, ObligationEvent, PaperVersion
from kerjasama.domain.errors import Sentence
from kerjasama.house import Happening

# What happened outside its table of steps.
ALSO: Mapping[str, Sentence] = {
    "draft": gettext_lazy("Draft begun"),
    "request": gettext_lazy("Begun from a request"),
    "attach_scan": gettext_lazy("Signed scan attached"),
    "amend": gettext_lazy("Changed by an addendum"),
    "renew_unevaluated": gettext_lazy("Renewed without an evaluation"),
    "parent_ended": gettext_lazy("The agreement it stands under has ended"),
}
# Of the agreements around it, only these are news here.
NEWS = ("draft", "activate", "terminate", "expire", "cancel")


def agreement_timeline(user: Any, agreement: Agreement) -> Iterable[Happening]:
    """Five queries, whatever there is to tell."""
    yield from _own(agreement)
    yield from _duties(agreement)
    yield from _papers(agreement)
    yield from _relatives(user, agreement)


def events_of(agreement: Agreement) -> Iterable[AgreementEvent]:
    """Its own events with who did them, read once however many parts of a page ask for them."""
    prefetch_related_objects([agreement], Prefetch("events", AgreementEvent.objects.select_related("actor")))
    return agreement.events.all()


def _own(agreement: Agreement) -> Iterable[Happening]:
    labels = {step.action: step.label for step in life_of(agreement.kind).steps} | dict(ALSO)
    for event in events_of(agreement):
        yield Happening(labels.get(event.action, event.action), event.at, event.actor, event.note)


def _duties(agreement: Agreement) -> Iterable[Happening]:
    events = ObligationEvent.objects.filter(subject__agreement=agreement).exclude(action="open")
    for event in events.select_related("actor", "subject__party__institution"):
        what = _("Duty of %(party)s: %(step)s") % {
            "party": event.subject.party.institution,
            "step": OBLIGATION.transition(event.action).label,
        }
        yield Happening(
            what, event.at, event.actor, " – ".join(filter(None, (event.subject.text, event.note)))
        )


def _papers(agreement: Agreement) -> Iterable[Happening]:
    versions: Iterable[PaperVersion] = agreement.paper_versions.select_related("document__issued_by")
    for version in versions:
        paper = version.document
        yield Happening(
            _("Paper issued, version %(number)s") % {"number": version.ordinal},
            paper.created_at,
            paper.issued_by,
            paper.number,
            reverse("document", args=[paper.pk]),
        )


def _relatives(user: Any, agreement: Agreement) -> Iterable[Happening]:
    seen = Agreement.objects.visible_to(user)
    around = seen.filter(parent=agreement) | seen.filter(predecessor=agreement)
    events = AgreementEvent.objects.filter(subject__in=around, action__in=NEWS)
    for event in events.select_related("actor", "subject"):
        row = event.subject
        label = (
            life_of(row.kind).transition(event.action).label
            if event.action in life_of(row.kind).actions
            else ALSO["draft"]
        )
        yield Happening(
            f"{row.get_kind_display()}: {label}",
            event.at,
            event.actor,
            str(row),
            reverse("work:agreement", args=[row.pk]),
        )
