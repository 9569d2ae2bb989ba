"""The terms of each form of cooperation in a draft (A7)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.choices import CooperationForm
from agreements.models import Agreement, Provision
from agreements.provisions import SHAPES
from agreements.services.stepping import lock_agreement, require_editable
from kerjasama.domain.errors import InvalidInput
from libraries.models import User


@transaction.atomic
def set_provision(*, agreement: Agreement, actor: User, form: str, **terms: Any) -> Provision:
    """Write the terms of one form of cooperation into a draft.

    Raises InvalidInput (``loan_has_own_terms``, ``unknown_form``, ``unknown_field``), TransitionRefused
    (``not_a_draft``), and ValidationError for values that the row refuses.
    """
    fresh = _editable(agreement, actor)
    provision = write_terms(fresh, form, **terms)
    fresh.touch()
    return provision


@transaction.atomic
def drop_provision(*, agreement: Agreement, actor: User, form: str) -> None:
    """Take a form of cooperation out of a draft."""
    fresh = _editable(agreement, actor)
    Provision.objects.filter(agreement=fresh, form=form).delete()
    fresh.touch()


def write_terms(agreement: Agreement, form: str, **terms: Any) -> Provision:
    """The row itself; whoever calls has locked the agreement and asked whether it may change."""
    if form == CooperationForm.COLLECTION_LOAN:
        raise InvalidInput(
            "loan_has_own_terms",
            _("The collection loan has terms of its own: give them as “lending”."),
            field="form",
        )
    if form not in SHAPES:
        raise InvalidInput("unknown_form", _("This form of cooperation is not known."), field="form")
    row = Provision.objects.filter(agreement=agreement, form=form).first() or Provision(
        agreement=agreement, form=form
    )
    known = {*SHAPES[form].terms, "clause"}
    for name, value in terms.items():
        if name not in known:
            if value in (None, ""):
                continue
            raise InvalidInput(
                "unknown_field",
                _("“%(form)s” has no term “%(field)s”.") % {"form": row.get_form_display(), "field": name},
                field=name,
            )
        setattr(row, name, value)
    row.full_clean(exclude=["agreement"])
    row.save()
    return row


def _editable(agreement: Agreement, actor: User) -> Agreement:
    fresh = lock_agreement(agreement)
    require_editable(fresh, actor)
    return fresh
