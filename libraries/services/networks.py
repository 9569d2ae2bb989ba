"""Networks and consortia: founded, joined, led by one focal point, dissolved with a reason (D7)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted, refuse_unknown
from libraries.access import roles_toward
from libraries.choices import LegalForm, NetworkKind, NetworkRole, NetworkStatus
from libraries.lifecycle import KEEPS, NETWORK
from libraries.models import Institution, Network, NetworkMember, User
from libraries.services.stepping import require_reason, roles_of, take_step, write_event

NETWORK_FIELDS = frozenset(
    {
        "name",
        "kind",
        "legal_form",
        "legal_basis",
        "founded_on",
        "starts_on",
        "ends_on",
        "purpose",
        "standards",
        "is_public",
    }
)
FEWEST = 2


@transaction.atomic
def found_network(*, actor: User, office: Institution, name: str, **fields: Any) -> Network:
    """A network that is being formed; ``office`` keeps it and is its first member.

    Raises NotPermitted, InvalidInput (``unknown_field``), and Django's ValidationError for what the rows refuse.
    """
    if not office.is_office or not roles_toward(actor, office=office.pk) & KEEPS:
        raise NotPermitted(
            "role_missing",
            _("Only a cooperation officer or a network coordinator of %(office)s founds a network here.")
            % {"office": office},
        )
    refuse_unknown(fields, NETWORK_FIELDS)
    network = Network(office=office, name=" ".join(name.split()), **fields)
    network.slug = free_slug(network.name)
    network.full_clean(exclude=["office"])
    network.save(force_insert=True)
    write_event(network, "found", actor=actor)
    joined = network.founded_on or clock.today(office.zone)
    NetworkMember.objects.create(
        network=network, institution=office, joined_on=min(joined, clock.today(office.zone))
    )
    return network


@transaction.atomic
def revise_network(*, network: Network, actor: User, version: int | None = None, **changes: Any) -> Network:
    """Change what is known about it; ``version`` is the one that the editor saw. A dissolved one is history.

    Raises Conflict (``stale``, ``dissolved``).
    """
    fresh = lock_network(network)
    if not roles_of(actor, fresh) & KEEPS:
        raise NotPermitted("role_missing", _("Only the office that keeps the network can change it."))
    if fresh.status == NetworkStatus.DISSOLVED:
        raise Conflict(
            "dissolved",
            _("This network is dissolved; its entry stays as it was."),
            facts={"state": fresh.status},
        )
    if version is not None and version != fresh.version:
        raise Conflict(
            "stale",
            _("Somebody else has saved this network while you were writing. Compare, then save again."),
            facts={"version": fresh.version},
        )
    refuse_unknown(changes, NETWORK_FIELDS)
    for name, value in changes.items():
        setattr(fresh, name, value)
    if fresh.status == NetworkStatus.ACTIVE:
        _require_form(fresh)
    fresh.version += 1
    fresh.full_clean(exclude=["office"])
    fresh.save(update_fields=[*changes, "version", "updated_at"])
    return fresh


@transaction.atomic
def admit_member(
    *,
    network: Network,
    actor: User,
    institution: Institution,
    role: str = NetworkRole.MEMBER,
    joined_on: date | None = None,
) -> NetworkMember:
    """Let an institution in. Raises Conflict (``already_member``, ``focal_point_taken``), InvalidInput (``date_to_come``)."""
    fresh = lock_network(network)
    take_step(NETWORK, "admit", fresh, actor=actor, note=_note(institution, role))
    on = _day(joined_on, fresh, "joined_on")
    if fresh.members.current().filter(institution=institution).exists():
        raise Conflict(
            "already_member",
            _("%(institution)s is already a member.") % {"institution": institution},
            field="institution",
        )
    if role == NetworkRole.FOCAL and focal_point(fresh) is not None:
        raise _one_focal_point(fresh)
    member = NetworkMember(network=fresh, institution=institution, role=role, joined_on=on)
    member.full_clean(exclude=["network", "institution"])
    member.save(force_insert=True)
    return member


@transaction.atomic
def assign_role(*, network: Network, actor: User, member: NetworkMember, role: str) -> NetworkMember:
    """Give a member an office in the network. The focal point has a verb of its own (Conflict ``focal_point_stays``)."""
    fresh = lock_network(network)
    take_step(NETWORK, "assign_role", fresh, actor=actor, note=_note(member.institution, role))
    row = _current(fresh, member)
    if role == NetworkRole.FOCAL:
        raise InvalidInput(
            "use_appoint", _("Use “Appoint the focal point”: there is only one at a time."), field="role"
        )
    if row.role == NetworkRole.FOCAL and fresh.status == NetworkStatus.ACTIVE:
        raise _focal_point_stays(row)
    row.role = role
    row.full_clean(exclude=["network", "institution"])
    row.save(update_fields=["role", "updated_at"])
    return row


@transaction.atomic
def appoint_focal_point(*, network: Network, actor: User, member: NetworkMember) -> NetworkMember:
    """Make a current member the focal point; the one before it becomes a member like the others."""
    fresh = lock_network(network)
    before = focal_point(fresh)
    told = f"{before.institution} → {member.institution}" if before else str(member.institution)
    take_step(NETWORK, "appoint_focal_point", fresh, actor=actor, note=told)
    row = _current(fresh, member)
    if before is not None:
        if before.pk == row.pk:
            raise Conflict(
                "already_focal_point",
                _("%(member)s is already the focal point.") % {"member": row.institution},
            )
        before.role = NetworkRole.MEMBER
        before.save(update_fields=["role", "updated_at"])
    row.role = NetworkRole.FOCAL
    row.save(update_fields=["role", "updated_at"])
    return row


@transaction.atomic
def activate_network(*, network: Network, actor: User) -> Network:
    """It begins its work: two members at least, one of them the focal point; a consortium with its legal form.

    Raises Conflict (``too_few_members``), InvalidInput (``no_focal_point``, ``legal_form_missing``).
    """
    fresh = lock_network(network)
    founded = fresh.founded_on or clock.today(fresh.office.zone)
    take_step(NETWORK, "activate", fresh, actor=actor, founded_on=founded)
    if fresh.members.current().count() < FEWEST:
        raise Conflict("too_few_members", _("A network needs at least two members. Admit another one first."))
    if focal_point(fresh) is None:
        raise InvalidInput("no_focal_point", _("Appoint the focal point first: one of the members leads."))
    _require_form(fresh)
    return fresh


@transaction.atomic
def leave_network(
    *, network: Network, actor: User, member: NetworkMember, note: str, left_on: date | None = None
) -> NetworkMember:
    """A member leaves, with the reason; its row stays as history.

    Raises Conflict (``focal_point_stays``, ``too_few_members``) for a network at work, InvalidInput (``date_to_come``,
    ``left_before_joining``).
    """
    fresh = lock_network(network)
    reason = require_reason(note)
    take_step(NETWORK, "leave", fresh, actor=actor, note=f"{member.institution}: {reason}")
    row = _current(fresh, member)
    if fresh.status == NetworkStatus.ACTIVE:
        if row.role == NetworkRole.FOCAL:
            raise _focal_point_stays(row)
        if fresh.members.current().count() <= FEWEST:
            raise Conflict(
                "too_few_members",
                _("Only two members are left. Admit another one first, or dissolve the network."),
            )
    on = _day(left_on, fresh, "left_on")
    if on < row.joined_on:
        raise InvalidInput(
            "left_before_joining", _("A member cannot leave before it joined."), field="left_on"
        )
    row.left_on, row.left_reason = on, reason
    row.save(update_fields=["left_on", "left_reason", "updated_at"])
    return row


@transaction.atomic
def dissolve_network(*, network: Network, actor: User, note: str) -> Network:
    """It ends, with the reason; every membership ends with it."""
    fresh = lock_network(network)
    reason = require_reason(note)
    take_step(NETWORK, "dissolve", fresh, actor=actor, note=reason)
    today = clock.today(fresh.office.zone)
    # One that was to begin later ends on the day it was to begin.
    for row in fresh.members.current().select_for_update(no_key=True):
        row.left_on, row.left_reason = max(today, row.joined_on), reason
        row.save(update_fields=["left_on", "left_reason", "updated_at"])
    return fresh


def lock_network(network: Network) -> Network:
    """The fresh row, locked; its members are only changed under this lock."""
    return (
        Network.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office")
        .get(pk=network.pk)
    )


def focal_point(network: Network) -> NetworkMember | None:
    row: NetworkMember | None = (
        network.members.current().filter(role=NetworkRole.FOCAL).select_related("institution").first()
    )
    return row


def free_slug(name: str) -> str:
    """An address name that no network has yet."""
    start = slugify(name)[:70] or "jaringan"
    taken = set(Network.objects.filter(slug__startswith=start).values_list("slug", flat=True))
    if start not in taken:
        return start
    number = 2
    while f"{start}-{number}" in taken:
        number += 1
    return f"{start}-{number}"


def _current(network: Network, member: NetworkMember) -> NetworkMember:
    """The member's row, locked. Raises Conflict (``no_member``) for one who has left or never was in."""
    row = (
        NetworkMember.objects.current()
        .select_for_update(of=("self",), no_key=True)
        .select_related("institution")
        .filter(network=network, pk=member.pk)
        .first()
    )
    if row is None:
        raise Conflict(
            "no_member",
            _("%(institution)s is no longer a member of this network. Admit it again first.")
            % {"institution": member.institution},
            field="member",
        )
    return row


def _require_form(network: Network) -> None:
    if network.kind == NetworkKind.CONSORTIUM and network.legal_form == LegalForm.NONE:
        raise InvalidInput(
            "legal_form_missing",
            _("A consortium rests on a paper. Choose its legal form, or call it a network."),
            field="legal_form",
        )


def _day(given: date | None, network: Network, field: str) -> date:
    today = clock.today(network.office.zone)
    if given is not None and given > today:
        raise InvalidInput(
            "date_to_come", _("This day is still to come. Record it when it is there."), field=field
        )
    return given or today


def _note(institution: Institution, role: str) -> str:
    # Codes, not labels: a note is read in any language, and the page says the label.
    return f"{institution}: {role}" if role != NetworkRole.MEMBER else str(institution)


def _one_focal_point(network: Network) -> Conflict:
    return Conflict(
        "focal_point_taken",
        _("%(network)s already has a focal point. Admit the member first, then appoint it.")
        % {"network": network},
        field="role",
    )


def _focal_point_stays(row: NetworkMember) -> Conflict:
    return Conflict(
        "focal_point_stays",
        _("%(member)s is the focal point. Appoint another member first.") % {"member": row.institution},
        field="member",
    )
