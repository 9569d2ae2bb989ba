"""Keeping the directory: the entries of institutions (D1). Their people are kept in contacts.py, their hours in opening.py."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kerjasama.domain.errors import NotPermitted, refuse_unknown
from libraries.access import access_of
from libraries.choices import Role
from libraries.identifiers import plain_isil, plain_number
from libraries.models import Institution, User

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
        "website",
        "services",
        "latitude",
        "longitude",
        "zone",
        "closed_weekdays",
        "letterhead",
        "is_active",
        "is_listed",
    }
)
# What a partner keeps of its own entry; its name, numbers and kind are the offices' common ground.
OWN_FIELDS = frozenset({"address", "email", "phone", "website", "services", "latitude", "longitude"})
OWN_KEEPERS = frozenset({Role.SCHOOL_CONTACT, Role.OFFICER, Role.COORDINATOR, Role.ADMINISTRATOR})


@transaction.atomic
def register_institution(*, actor: User, **fields: Any) -> Institution:
    """A new entry of the directory. Raises NotPermitted, and Django's ValidationError for what the rows refuse."""
    if not access_of(actor).everything and not access_of(actor).having(KEEPS_DIRECTORY):
        raise NotPermitted(
            "role_missing", _("Only a cooperation officer or a network coordinator keeps the directory.")
        )
    refuse_unknown(fields, INSTITUTION_FIELDS)
    _put_in_form(fields)
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
    refuse_unknown(changes, INSTITUTION_FIELDS)
    return _change(fresh, changes)


@transaction.atomic
def correct_own_entry(*, institution: Institution, actor: User, **changes: Any) -> Institution:
    """A partner puts its own entry right: how it is reached, where it is, what it offers (P1).

    Raises NotPermitted (``role_missing``), InvalidInput (``unknown_field``) for what the offices keep, and Django's
    ValidationError for what the row refuses.
    """
    fresh = Institution.objects.select_for_update(of=("self",), no_key=True).get(pk=institution.pk)
    if not access_of(actor).at(fresh.pk) & OWN_KEEPERS:
        raise NotPermitted("role_missing", _("Only people of this institution may change its entry."))
    refuse_unknown(changes, OWN_FIELDS)
    return _change(fresh, changes)


def _change(fresh: Institution, changes: dict[str, Any]) -> Institution:
    """Write only what is said otherwise: a form that changes nothing makes no new version."""
    _put_in_form(changes)
    differing = [name for name, value in changes.items() if getattr(fresh, name) != value]
    if not differing:
        return fresh
    for name in differing:
        setattr(fresh, name, changes[name])
    fresh.version += 1
    fresh.full_clean(exclude=["parent", "region"])
    fresh.save(update_fields=[*differing, "version", "updated_at"])
    return fresh


def _put_in_form(fields: dict[str, Any]) -> None:
    """Numbers as they are kept, whatever blanks and small letters they were typed with; services each once."""
    for name, plain in (("npsn", plain_number), ("npp", plain_number), ("isil", plain_isil)):
        if fields.get(name):
            fields[name] = plain(fields[name])
    if "services" in fields:
        fields["services"] = sorted(set(fields["services"]))


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
