"""Keeping official contacts: who they are, what they agreed to, and until when they are kept (D1, F15; UU 27/2022).

What is kept about one of them can be exported, and erased, in erasing.py.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, refuse_unknown
from libraries.access import access_of
from libraries.choices import ConsentHow
from libraries.models import Institution, Person, User
from libraries.services.directory import KEEPS_DIRECTORY
from libraries.services.opening import require_own_or_keeper

PERSON_FIELDS = frozenset({"name", "function", "position", "nip", "email", "phone", "signs", "keep_until"})
# Who signs, the employee number and the retention stay with the offices.
OWN_PERSON_FIELDS = frozenset({"name", "function", "position", "email", "phone"})
CONSENT_FIELDS = frozenset({"consent_on", "consent_how", "show_publicly"})


@transaction.atomic
def register_person(*, actor: User, institution: Institution, **fields: Any) -> Person:
    """A new contact. People of the institution itself may add one too, but not who signs.

    Raises NotPermitted (``role_missing``), InvalidInput (``name_missing``, ``consent_…``), Django's ValidationError.
    """
    require_own_or_keeper(institution, actor)
    _refuse(fields, institution, actor)
    consent = {name: fields.pop(name) for name in CONSENT_FIELDS & fields.keys()}
    person = Person(institution=institution, **_stripped(fields))
    _agree(person, actor, consent)
    person.full_clean(exclude=["institution", "consent_noted_by"])
    person.save(force_insert=True)
    return person


@transaction.atomic
def revise_person(*, person: Person, actor: User, **changes: Any) -> Person:
    """Put a contact right, or note what it agreed to. Erased contacts stay erased (``contact_erased``)."""
    fresh = lock_person(person)
    require_own_or_keeper(fresh.institution, actor)
    _refuse(changes, fresh.institution, actor)
    consent = {name: changes.pop(name) for name in CONSENT_FIELDS & changes.keys()}
    changes = _stripped(changes)
    for name, value in changes.items():
        setattr(fresh, name, value)
    _agree(fresh, actor, consent)
    fresh.full_clean(exclude=["institution", "consent_noted_by"])
    fresh.save()
    return fresh


@transaction.atomic
def record_consent(
    *, person: Person, actor: User, how: str, on: date | None = None, show: bool = True
) -> Person:
    """Note that the person agreed, when and how; ``show``: also to being shown in the public directory."""
    day = on or clock.today(person.institution.zone)
    return revise_person(person=person, actor=actor, consent_on=day, consent_how=how, show_publicly=show)


@transaction.atomic
def withdraw_consent(*, person: Person, actor: User) -> Person:
    """The person no longer agrees: at once nobody outside reads of them. Raises Conflict (``no_consent``)."""
    fresh = lock_person(person)
    require_own_or_keeper(fresh.institution, actor)
    if fresh.consent_on is None:
        raise Conflict("no_consent", _("No consent is noted that could be withdrawn."))
    _agree(fresh, actor, {"consent_on": None})
    fresh.save()
    return fresh


def lock_person(person: Person) -> Person:
    """The row, locked with its institution at hand. Raises Conflict (``contact_erased``)."""
    fresh = (
        Person.objects.select_for_update(of=("self",), no_key=True)
        .select_related("institution")
        .get(pk=person.pk)
    )
    if fresh.erased_at is not None:
        raise Conflict(
            "contact_erased", _("This contact was erased. Add the person anew if that was agreed.")
        )
    return fresh


def _agree(person: Person, actor: User, given: dict[str, Any]) -> None:
    """Apply what was said about consent: showing needs a day and a way; taking the day away withdraws all of it."""
    if not given:
        return
    before = person.consent_on
    for name, value in given.items():
        setattr(person, name, value)
    today = clock.today(person.institution.zone)
    if person.consent_on is None:
        if person.show_publicly and given.get("show_publicly"):
            raise InvalidInput(
                "consent_missing",
                _("Somebody is shown publicly only after agreeing to it: fill in when and how."),
                field="consent_on",
            )
        person.consent_how, person.consent_noted_by, person.show_publicly = "", None, False
        if before is not None:
            person.consent_withdrawn_on = today
        return
    if person.consent_on > today:
        raise InvalidInput(
            "consent_in_future",
            _("Nobody can have agreed on a day that is still to come."),
            field="consent_on",
        )
    if person.consent_how not in ConsentHow.values:
        raise InvalidInput(
            "consent_how_missing", _("Say in which way the person agreed."), field="consent_how"
        )
    person.consent_noted_by, person.consent_withdrawn_on = actor, None


def _refuse(fields: dict[str, Any], institution: Institution, actor: User) -> None:
    access = access_of(actor)
    keeps = access.everything or access.at(institution.pk) & KEEPS_DIRECTORY or access.having(KEEPS_DIRECTORY)
    refuse_unknown(fields, (PERSON_FIELDS if keeps else OWN_PERSON_FIELDS) | CONSENT_FIELDS)
    if "name" in fields and not str(fields["name"]).strip():
        raise InvalidInput("name_missing", _("Type the name."), field="name")


def _stripped(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
