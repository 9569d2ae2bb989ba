"""The parties of a draft: who signs for each, what each takes on, and further parties beside the two (A5)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.choices import PartyRole
from agreements.models import Agreement, Party
from agreements.services.stepping import lock_agreement, require_editable
from kerjasama.domain.errors import Conflict, InvalidInput, refuse_unknown
from libraries.models import Institution, Person, User

EDITABLE = frozenset(
    {"signatory_name", "signatory_position", "signatory_nip", "obligations", "contact", "role"}
)


@transaction.atomic
def revise_party(*, agreement: Agreement, actor: User, party: Party, **changes: Any) -> Party:
    """Change who signs for a party and what it takes on. Only in a draft: afterwards the paper is frozen."""
    fresh = lock_agreement(agreement)
    require_editable(fresh, actor)
    row = Party.objects.select_for_update(no_key=True).get(pk=party.pk, agreement=fresh)
    refuse_unknown(changes, EDITABLE)
    for name, value in changes.items():
        setattr(row, name, value)
    if row.contact is not None and row.contact.institution_id != row.institution_id:
        raise InvalidInput(
            "contact_elsewhere",
            _("%(person)s is no contact of %(party)s.") % {"person": row.contact, "party": row.institution},
            field="contact",
        )
    row.full_clean(exclude=["agreement", "institution", "signed_scan"])
    row.save(update_fields=[*changes, "updated_at"])
    fresh.touch()
    return row


@transaction.atomic
def add_party(
    *, agreement: Agreement, actor: User, institution: Institution, role: str = PartyRole.MEMBER
) -> Party:
    """A further party of a draft, with its known signatory filled in."""
    fresh = lock_agreement(agreement)
    require_editable(fresh, actor)
    signs = Person.objects.filter(institution=institution, signs=True).first()
    row = Party(
        agreement=fresh,
        institution=institution,
        role=role,
        signatory_name=signs.name if signs else "",
        signatory_position=signs.position if signs else "",
        signatory_nip=signs.nip if signs else "",
    )
    row.full_clean(exclude=["signed_scan"])
    row.save(force_insert=True)
    fresh.touch()
    return row


@transaction.atomic
def remove_party(*, agreement: Agreement, actor: User, party: Party) -> None:
    """Take a further party out of a draft. Raises Conflict (``main_party``) for the office and the main partner."""
    fresh = lock_agreement(agreement)
    require_editable(fresh, actor)
    row = Party.objects.select_for_update(no_key=True).get(pk=party.pk, agreement=fresh)
    if row.institution_id in (fresh.office_id, fresh.partner_id):
        raise Conflict(
            "main_party", _("The office and the main partner are always parties of the agreement.")
        )
    row.delete()
    fresh.touch()
