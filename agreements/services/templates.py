"""Templates: the words and terms that a new draft of a kind begins with (A8)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.models import Agreement, AgreementTemplate, LendingTerm
from agreements.provisions import SHAPES
from agreements.services.continuing import WORDS
from agreements.services.drafting import LENDING, draft_agreement
from agreements.services.stepping import keeps
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.access import access_of
from libraries.models import Institution, User

# Days belong to one agreement; a template has a length only.
TERMS_OF_LOAN = tuple(name for name in sorted(LENDING) if name != "first_delivery_on")


@transaction.atomic
def save_template(
    *,
    actor: User,
    office: Institution | None,
    template: AgreementTemplate | None = None,
    version: int | None = None,
    **fields: Any,
) -> AgreementTemplate:
    """A new template of ``office``, or a change of ``template``. Without an office every office may use it.

    ``fields``: kind, name, words, lending, provisions, months, is_active. Raises NotPermitted, Conflict (``stale``),
    InvalidInput (``unknown_field``), and ValidationError for what the row refuses.
    """
    row = template
    if row is not None:
        row = AgreementTemplate.objects.select_for_update(of=("self",)).get(pk=row.pk)
        _keeps(actor, row.office)
        if version is not None and version != row.version:
            raise Conflict(
                "stale",
                _("Somebody else has saved this template while you were writing. Open it again."),
                facts={"version": row.version},
            )
        row.version += 1
    _keeps(actor, office)
    row = row or AgreementTemplate()
    row.office = office
    for name, value in fields.items():
        setattr(row, name, value)
    _require_known(row)
    # An empty template of a kind is a fair beginning.
    row.full_clean(exclude=["words"])
    row.save()
    return row


@transaction.atomic
def template_from_agreement(*, agreement: Agreement, actor: User, name: str) -> AgreementTemplate:
    """What an agreement says, without its parties and its days, as a template of its office."""
    term = LendingTerm.objects.filter(agreement=agreement).first()
    months = 12
    if agreement.starts_on and agreement.ends_on:
        months = max(1, round((agreement.ends_on - agreement.starts_on).days / 30.4))
    return save_template(
        actor=actor,
        office=agreement.office,
        kind=agreement.kind,
        name=name,
        words={key: value for key in WORDS if (value := getattr(agreement, key)) not in (None, "")},
        lending={key: getattr(term, key) for key in TERMS_OF_LOAN} if term else None,
        provisions={
            row.form: {
                key: value
                for key in (*SHAPES[row.form].terms, "clause")
                if (value := getattr(row, key)) not in (None, "")
            }
            for row in agreement.provisions.all()
        },
        months=min(120, months),
    )


@transaction.atomic
def draft_from_template(
    *,
    template: AgreementTemplate,
    actor: User,
    office: Institution,
    partner: Institution,
    title: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    **fields: Any,
) -> Agreement:
    """A draft of the template's kind with its words and terms. Its usual length gives the last day where none is given.

    Raises InvalidInput (``not_offered``) for a template that is no longer offered.
    """
    if not template.is_active:
        raise InvalidInput(
            "not_offered", _("This template is no longer offered. Choose another."), field="template"
        )
    if starts_on and not ends_on:
        ends_on = clock.add_months(starts_on, template.months) - timedelta(days=1)
    lending = None if template.lending is None else {**template.lending, "first_delivery_on": starts_on}
    return draft_agreement(
        actor=actor,
        office=office,
        partner=partner,
        kind=template.kind,
        title=title,
        lending=lending,
        provisions=[{"form": form, **given} for form, given in template.provisions.items()],
        starts_on=starts_on,
        ends_on=ends_on,
        **{**template.words, **fields},
    )


def _keeps(actor: User, office: Institution | None) -> None:
    """An office's own templates are its officers' and head's; those of every office are the installation's."""
    if office is not None:
        keeps(actor, office)
    elif not access_of(actor).everything:
        raise NotPermitted(
            "role_missing",
            _("This template belongs to every office. Copy it under another name to change it."),
        )


def _require_known(row: AgreementTemplate) -> None:
    known: list[tuple[Mapping[str, Any], Any]] = [(row.words, WORDS), (row.lending or {}, TERMS_OF_LOAN)]
    for form, given in row.provisions.items():
        if form not in SHAPES:
            raise InvalidInput(
                "unknown_form", _("This form of cooperation is not known."), field="provisions"
            )
        known.append((given, (*SHAPES[form].terms, "clause")))
    for given, names in known:
        for name in given:
            if name not in names:
                raise InvalidInput(
                    "unknown_field",
                    _("“%(field)s” has no place in a template.") % {"field": name},
                    field=name,
                )
