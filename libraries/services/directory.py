"""Keeping the directory: institutions and their official contacts (D1)."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kerjasama.domain.errors import InvalidInput, NotPermitted
from libraries.access import access_of
from libraries.choices import Role
from libraries.models import Institution, Person, User

KEEPS_DIRECTORY = frozenset({Role.OFFICER, Role.COORDINATOR, Role.ADMINISTRATOR})
# Everything else of an institution is decided where the installation is set up.
INSTITUTION_FIELDS = frozenset(
    {
        "name",
        "short_name",
        "kind",
        "npp",
        "npsn",
        "isil",
        "parent",
        "region",
        "address",
        "city",
        "email",
        "phone",
        "latitude",
        "longitude",
        "zone",
        "closed_weekdays",
        "letterhead",
        "is_active",
    }
)
PERSON_FIELDS = frozenset({"name", "position", "nip", "email", "phone", "signs"})


@transaction.atomic
def register_institution(*, actor: User, **fields: Any) -> Institution:
    """A new entry of the directory. Raises NotPermitted, and Django's ValidationError for what the rows refuse."""
    if not access_of(actor).everything and not access_of(actor).having(KEEPS_DIRECTORY):
        raise NotPermitted(
            "role_missing", _("Only a cooperation officer or a network coordinator keeps the directory.")
        )
    _refuse_unknown(fields, INSTITUTION_FIELDS)
    institution = Institution(**fields)
    institution.slug = free_slug(institution.name)
    institution.full_clean(exclude=["parent", "region"])
    institution.save(force_insert=True)
    return institution


@transaction.atomic
def revise_institution(*, institution: Institution, actor: User, **changes: Any) -> Institution:
    """Change an entry. A partner's is kept by any officer, an office's own by its own officers only."""
    fresh = Institution.objects.select_for_update(of=("self",), no_key=True).get(pk=institution.pk)
    require_keeper(fresh, actor)
    _refuse_unknown(changes, INSTITUTION_FIELDS)
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.version += 1
    fresh.full_clean(exclude=["parent", "region"])
    fresh.save(update_fields=[*changes, "version", "updated_at"])
    return fresh


@transaction.atomic
def register_person(*, actor: User, institution: Institution, **fields: Any) -> Person:
    """An official contact. Who may keep the institution's entry may keep its people."""
    require_keeper(institution, actor)
    _refuse_unknown(fields, PERSON_FIELDS)
    person = Person(institution=institution, **fields)
    person.full_clean(exclude=["institution"])
    person.save(force_insert=True)
    return person


@transaction.atomic
def revise_person(*, person: Person, actor: User, **changes: Any) -> Person:
    fresh = (
        Person.objects.select_for_update(of=("self",), no_key=True)
        .select_related("institution")
        .get(pk=person.pk)
    )
    require_keeper(fresh.institution, actor)
    _refuse_unknown(changes, PERSON_FIELDS)
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.full_clean(exclude=["institution"])
    fresh.save(update_fields=[*changes, "updated_at"])
    return fresh


def require_keeper(institution: Institution, actor: User) -> None:
    """Raise NotPermitted unless the actor keeps this entry of the directory."""
    access = access_of(actor)
    if access.everything:
        return
    keeps = (
        access.at(institution.pk) & KEEPS_DIRECTORY
        if institution.is_office
        else access.having(KEEPS_DIRECTORY)
    )
    if not keeps:
        raise NotPermitted(
            "role_missing",
            _("The entry of %(institution)s is kept by its own cooperation officer.")
            % {"institution": institution}
            if institution.is_office
            else _("Only a cooperation officer or a network coordinator keeps the directory."),
        )


def free_slug(name: str) -> str:
    """An address name that nobody has yet: ``sdn-01-bukittinggi``, ``sdn-01-bukittinggi-2``."""
    start = slugify(name)[:70] or "lembaga"
    taken = set(Institution.objects.filter(slug__startswith=start).values_list("slug", flat=True))
    if start not in taken:
        return start
    number = 2
    while f"{start}-{number}" in taken:
        number += 1
    return f"{start}-{number}"


def _refuse_unknown(given: dict[str, Any], known: frozenset[str]) -> None:
    for name in given:
        if name not in known:
            raise InvalidInput(
                "unknown_field", _("“%(field)s” cannot be changed here.") % {"field": name}, field=name
            )
