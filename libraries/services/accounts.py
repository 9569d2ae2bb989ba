"""Accounts and roles: who is let in, and as what. Nobody types a password for somebody else.

An account is made together with its first role; its owner is told by mail and signs in by a code sent to that mail. An
office's administrators keep the accounts of their own office and of its partners, and can only change an account all of whose roles lie within their reach: otherwise changing the address of
somebody else's colleague would be a way into another office.
"""

from datetime import date
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted, refuse_unknown
from kerjasama.house import collect
from libraries.access import access_of
from libraries.choices import OFFICE_ROLES, Role
from libraries.models import Institution, Membership, User
from libraries.services.messages import new_message, queue

# What may be given to people of a partner that is no office.
PARTNER_ROLES = frozenset({Role.SCHOOL_CONTACT})
EDITABLE = frozenset({"name", "email", "language", "is_active"})


def places_of(actor: Any) -> QuerySet[Institution]:
    """Where an administrator keeps accounts: the own office, its partners, and institutions that are nobody's partner yet.

    Another office's partner is out of reach: whoever gives a role at a school can read what that school may read.
    """
    access = access_of(actor)
    if access.everything:
        return Institution.objects.all()
    administered = access.having({Role.ADMINISTRATOR})
    if not administered:
        return Institution.objects.none()
    partners = Q(pk__in=collect("partners", administered)) | ~Q(pk__in=collect("partners", None))
    return Institution.objects.filter(Q(pk__in=administered) | Q(is_office=False) & partners)


def may_administer(actor: User, institution: Institution) -> bool:
    """Administrators give roles in their own office, and the contact's role at its partners."""
    return places_of(actor).filter(pk=institution.pk).exists()


def may_change_account(actor: User, account: User) -> bool:
    """Whether all roles of ``account``, past ones too, lie within the reach of ``actor``."""
    access = access_of(actor)
    if access.everything:
        return True
    if account.is_superuser or not access.having({Role.ADMINISTRATOR}):
        return False
    places = Institution.objects.filter(memberships__user=account).distinct()
    return all(may_administer(actor, place) for place in places)


@transaction.atomic
def create_account(
    *,
    actor: User,
    name: str,
    email: str,
    institution: Institution,
    role: str,
    language: str = "id",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> User:
    """A new account with its first role. It has no password: its owner signs in by a code sent to ``email``.

    Raises NotPermitted, Conflict (``email_taken``), InvalidInput (``role_not_there``).
    """
    _require_reach(actor, institution)
    address = email.strip()
    if User.objects.filter(email__iexact=address).exists():
        raise Conflict(
            "email_taken",
            _("There is already an account with this address. Open it and add the role there."),
            field="email",
        )
    account = User(name=name.strip(), email=address, username=_free_username(address), language=language)
    account.set_unusable_password()
    account.full_clean(exclude=["password"])
    account.save(force_insert=True)
    grant_role(
        actor=actor, account=account, institution=institution, role=role, starts_on=starts_on, ends_on=ends_on
    )
    queue(
        [
            new_message(
                user=account,
                office=_speaking_office(actor, institution),
                address=address,
                language=language,
                template="account_created",
                dedupe_key=f"account_created:{account.pk}",
                context={
                    "name": account.name,
                    "institution": str(institution),
                    "role": str(Role(role).label),
                    "url": settings.BASE_URL + reverse("account_request_login_code"),
                },
            )
        ]
    )
    return account


@transaction.atomic
def grant_role(
    *,
    actor: User,
    account: User,
    institution: Institution,
    role: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Membership:
    """Give an account a role at an institution. Raises NotPermitted, InvalidInput (``role_not_there``, ``two_sides``)."""
    _require_reach(actor, institution)
    if not institution.is_office and role not in PARTNER_ROLES:
        raise InvalidInput(
            "role_not_there",
            _("%(institution)s does not work with this system, so its people can only be contacts there.")
            % {"institution": institution},
            field="role",
        )
    if role in PARTNER_ROLES and account.memberships.current().filter(role__in=OFFICE_ROLES).exists():
        raise InvalidInput(
            "two_sides",
            _("%(name)s works at an office. One account cannot stand on both sides of an agreement.")
            % {"name": account},
            field="role",
        )
    row = Membership(user=account, institution=institution, role=role, starts_on=starts_on, ends_on=ends_on)
    row.full_clean()
    row.save(force_insert=True)
    settle_staff(account)
    return row


@transaction.atomic
def end_role(*, actor: User, membership: Membership, on: date | None = None) -> Membership:
    """The role ends with the day before ``on`` (today when not given): from now on it opens nothing."""
    row = (
        Membership.objects.select_for_update(of=("self",), no_key=True)
        .select_related("institution", "user")
        .get(pk=membership.pk)
    )
    _require_reach(actor, row.institution)
    row.ends_on = (on or clock.today()) - clock.days(1)
    if row.starts_on is not None and row.starts_on > row.ends_on:
        row.starts_on = row.ends_on
    row.save(update_fields=["starts_on", "ends_on", "updated_at"])
    settle_staff(row.user)
    return row


@transaction.atomic
def revise_account(*, actor: User, account: User, **changes: Any) -> User:
    """Change name, address, language, or shut the account. Raises NotPermitted, Conflict (``email_taken``)."""
    fresh = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    if not may_change_account(actor, fresh):
        raise NotPermitted(
            "out_of_reach",
            _(
                "This account has roles at an institution that you do not administer, so you cannot change it."
            ),
        )
    refuse_unknown(changes, EDITABLE)
    for field, value in changes.items():
        setattr(fresh, field, value)
    if User.objects.filter(email__iexact=fresh.email).exclude(pk=fresh.pk).exists():
        raise Conflict("email_taken", _("Another account already uses this e-mail address."), field="email")
    if not fresh.is_active and fresh.pk == actor.pk:
        raise Conflict("own_account", _("You cannot shut your own account."), field="is_active")
    fresh.save(update_fields=list(changes))
    return fresh


@transaction.atomic
def forget_second_factor(*, actor: User, account: User) -> None:
    """Somebody lost the telephone: their factors are forgotten, and they enrol anew at the next sign-in.

    Raises NotPermitted for an account out of reach, Conflict for one's own: that needs the old factor or a colleague.
    """
    if not may_change_account(actor, account):
        raise NotPermitted(
            "out_of_reach",
            _(
                "This account has roles at an institution that you do not administer, so you cannot change it."
            ),
        )
    if account.pk == actor.pk:
        raise Conflict("own_account", _("Ask another administrator to reset your own second step."))
    Authenticator.objects.filter(user=account).delete()


def settle_staff(account: User) -> None:
    """The desk is open to whoever holds an office role now or will; Django asks ``is_staff``."""
    works = account.memberships.filter(role__in=OFFICE_ROLES).exclude(ends_on__lt=clock.today()).exists()
    if account.is_staff != (works or account.is_superuser):
        account.is_staff = works or account.is_superuser
        account.save(update_fields=["is_staff"])


def _require_reach(actor: User, institution: Institution) -> None:
    if not may_administer(actor, institution):
        raise NotPermitted(
            "role_missing",
            _("Only an administrator of %(institution)s gives roles there.") % {"institution": institution},
        )


def _free_username(address: str) -> str:
    """The part of the address before the @, with a figure behind it when somebody has that name already."""
    stem = (
        "".join(sign for sign in address.partition("@")[0].lower() if sign.isalnum() or sign in "._-")[:40]
        or "akun"
    )
    taken = set(User.objects.filter(username__istartswith=stem).values_list("username", flat=True))
    return next(name for name in (stem, *(f"{stem}{n}" for n in range(2, 10_000))) if name not in taken)


def _speaking_office(actor: User, institution: Institution) -> Institution | None:
    """In whose name the welcome goes out: the office itself, or that of the administrator."""
    if institution.is_office:
        return institution
    offices: list[UUID] = access_of(actor).having({Role.ADMINISTRATOR})
    return Institution.objects.filter(pk__in=offices).order_by("name").first()
