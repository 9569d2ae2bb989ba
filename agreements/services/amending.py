"""An addendum changes the agreement above it on the day it comes into force (A1, A3)."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.models import Agreement, LendingTerm, Provision
from agreements.provisions import SHAPES, sentences
from agreements.services.stepping import lock_agreement, tell_event
from kerjasama.domain.wording import plain_date
from libraries.models import User

LENDING_CHANGES = ("quantity", "interval_months", "replacement_days", "replacement_ways", "receipt_days")


def apply_addendum(addendum: Agreement, actor: User | None) -> Agreement:
    """Write the addendum's terms over those of its parent; what it does not mention stays. Returns the parent, changed.

    The caller holds the lock on the addendum and has seen that the parent is in force. The old terms stay in the
    history of their rows; what changed is told in the parent's timeline.
    """
    assert addendum.parent is not None
    parent = lock_agreement(addendum.parent)
    language = get_language() or "id"
    told: list[str] = []
    if addendum.ends_on and addendum.ends_on != parent.ends_on:
        told.append(_("It now ends on %(day)s.") % {"day": plain_date(addendum.ends_on, language)})
        parent.ends_on = addendum.ends_on
    told += _lending(addendum, parent)
    for row in addendum.provisions.all():
        told += _provision(row, parent, language)
    parent.version += 1
    parent.save(update_fields=["ends_on", "version", "updated_at"])
    tell_event(parent, "amend", actor=actor, note=" ".join([f"{addendum}:", *told]))
    return parent


def _lending(addendum: Agreement, parent: Agreement) -> list[str]:
    term = LendingTerm.objects.filter(agreement=addendum).first()
    if term is None:
        return []
    old = LendingTerm.objects.select_for_update(no_key=True).filter(agreement=parent).first()
    row = old or LendingTerm(agreement=parent, first_delivery_on=term.first_delivery_on)
    for name in LENDING_CHANGES:
        setattr(row, name, getattr(term, name))
    row.save()
    return [_("Terms of the loan: %(terms)s.") % {"terms": row}]


def _provision(row: Provision, parent: Agreement, language: str) -> list[str]:
    held = Provision.objects.select_for_update(no_key=True).filter(agreement=parent, form=row.form).first()
    target = held or Provision(agreement=parent, form=row.form)
    for name in (*SHAPES[row.form].terms, "clause"):
        setattr(target, name, getattr(row, name))
    target.save()
    return sentences(target, language)[:1]
