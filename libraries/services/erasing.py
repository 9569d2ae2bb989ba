"""What is kept about one contact, given out whole; and erasing it for good (UU 27/2022, articles 6–8, 43 and 44).

Erasing empties the row and, in the same transaction, every line of its history. What stays is that somebody was erased,
when and by whom. Papers that were issued keep their words: they are evidence, and the law excepts them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, NotPermitted
from kerjasama.domain.wording import plain_date
from kerjasama.house import Hold, Tie, collect
from libraries.access import access_of
from libraries.models import Institution, Message, Person, Sheet, SheetRow, User
from libraries.services.contacts import lock_person
from libraries.services.directory import KEEPS_DIRECTORY, OWN_KEEPERS, require_keeper
from libraries.services.notices import announce, settle
from libraries.services.sweeps import Swept, keys_after, row_by_row, sweep

PERSONAL = ("name", "position", "nip", "email", "phone")
RULE = "contact_expires"
# How long before the day everybody concerned is asked.
ASKED_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that is kept about one contact, in plain words and values; JSON by ``data``."""

    person: Person
    facts: list[tuple[str, str]]
    history: list[tuple[datetime, str, str]] = field(default_factory=list)
    elsewhere: list[tuple[str, str]] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        return {
            "exported_at": clock.now().isoformat(),
            "contact": dict(self.facts),
            "history": [
                {"at": moment.isoformat(), "what": what, "said": said} for moment, what, said in self.history
            ],
            "elsewhere": [{"where": where, "what": what} for where, what in self.elsewhere],
        }


def everything_kept(*, person: Person, actor: User) -> Kept:
    """All that this system holds about a contact: the row, its history, its account, and where its name stands elsewhere.

    Raises NotPermitted (``role_missing``) for whoever is neither of the institution nor of an office that works with it.
    """
    person = Person.objects.select_related("institution", "user", "consent_noted_by").get(pk=person.pk)
    require_guard(person.institution, actor)
    shown = [
        "name", "function", "position", "nip", "email", "phone", "signs", "consent_on", "consent_how", "consent_noted_by",
        "consent_withdrawn_on", "show_publicly", "keep_until", "created_at", "updated_at",
    ]  # fmt: skip
    facts = [(_("Institution"), person.institution.name)]
    facts += [(str(Person._meta.get_field(name).verbose_name), said(person, name)) for name in shown]  # type: ignore[union-attr]
    elsewhere: list[tuple[str, str]] = []
    if person.user is not None:
        account = person.user
        elsewhere.append((_("Account"), f"{account.username}, {account.name}, {account.email}"))
        sent = Message.objects.filter(user=account).count()
        elsewhere.append((_("Mails sent to the account"), str(sent)))
    for found in collect("kept_about", person):
        elsewhere.append((str(found[0]), str(found[1])))
    return Kept(person, facts, _history(person), elsewhere)


def guards(institution: Institution, actor: User) -> bool:
    """Whether the actor may give out and erase what is kept about people there: the institution itself, and those who keep
    the directory at an office that works, or worked, with it; anybody who keeps it where no office did."""
    access = access_of(actor)
    if access.everything or access.at(institution.pk) & OWN_KEEPERS:
        return True
    offices = access.having(KEEPS_DIRECTORY)
    if not offices or institution.is_office:
        return False
    return institution.pk in collect("partners", offices) or institution.pk not in collect("partners", None)


def require_guard(institution: Institution, actor: User) -> None:
    if not guards(institution, actor):
        raise NotPermitted(
            "role_missing",
            _(
                "Only %(institution)s itself, and the offices that work with it, give out or erase what is kept there."
            )
            % {"institution": institution},
        )


def said(row: Any, name: str) -> str:
    """A field as people read it; "–" when it is empty."""
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return plain_date(value.date(), "id")
    return plain_date(value, "id") if isinstance(value, date) else str(value)


def _history(person: Person) -> list[tuple[datetime, str, str]]:
    """Each kept state of the row: when, what happened to it, and what it said then."""
    words = {"insert": _("added"), "update": _("changed"), "delete": _("deleted")}
    rows = person.audit_trail.order_by("pgh_created_at", "pgh_id")  # type: ignore[attr-defined]
    return [
        (
            row.pgh_created_at,
            words.get(row.pgh_label, row.pgh_label),
            ", ".join(str(getattr(row, name)) for name in PERSONAL if getattr(row, name)),
        )
        for row in rows
    ]


@transaction.atomic
def erase_contact(*, person: Person, actor: User | None) -> Person:
    """Erase a contact for good; ``actor`` None is the clock. Returns the emptied row.

    Raises NotPermitted (``role_missing``), Conflict (``contact_erased``; ``contact_needed`` with the sentences of those
    who need the person now: the signatory of an agreement in force).
    """
    fresh = lock_person(person)
    if actor is not None:
        require_guard(fresh.institution, actor)
        if fresh.signs:
            # Whom papers name as the signatory is the offices' to decide.
            require_keeper(fresh.institution, actor)
    holds: list[Hold] = collect("holds_on", fresh)
    if holds:
        raise Conflict(
            "contact_needed",
            " ".join(str(hold.sentence) for hold in holds),
            facts={"until": max((hold.until for hold in holds if hold.until), default=None)},
        )
    # The upper apps are asked while the row still says who it was.
    collect("forget_contact", fresh, actor)
    name = fresh.name
    for field_name in PERSONAL:
        setattr(fresh, field_name, "")
    fresh.user, fresh.signs, fresh.show_publicly, fresh.keep_until = None, False, False, None
    fresh.consent_on, fresh.consent_how, fresh.consent_noted_by = None, "", None
    fresh.erased_at, fresh.erased_by = clock.now(), actor
    fresh.save()
    _scrub_history(fresh)
    _scrub_sheets(fresh.institution, name)
    settle(fresh.pk, [RULE])
    return fresh


def _scrub_history(person: Person) -> None:
    """The history is append-only by a trigger; for this one person, in this one transaction, it is opened."""
    audit = Person._meta.get_field("audit_trail").related_model
    with pgtrigger.ignore(f"{audit._meta.label}:append_only"):
        audit._default_manager.filter(pgh_obj_id=person.pk).update(
            **dict.fromkeys(PERSONAL, ""), user_id=None, consent_noted_by_id=None
        )


def _scrub_sheets(institution: Institution, name: str) -> None:
    """Rows of spreadsheets that named the person lose the name. Their files go by themselves within a month."""
    named = Q(values__principal=name) | Q(values__librarian=name)
    rows = list(SheetRow.objects.filter(named, institution=institution))
    for row in rows:
        row.values = {key: value for key, value in row.values.items() if value != name}
        row.changes = [change for change in row.changes if change[2] != name]
        row.save(update_fields=["values", "changes"])
    if rows:
        Sheet.objects.filter(pk__in={row.sheet_id for row in rows}).update(samples=[])


# --- retention ------------------------------------------------------------------------------------------------------


def keep_contacts_no_longer() -> Swept:
    """Set the day of contacts that have none, ask a month before it, and erase on it. Missed days are made up."""
    return sweep("libraries.keep_contacts", _keep)


def _keep() -> Swept:
    today = clock.today()
    undated = Person.objects.filter(erased_at__isnull=True, keep_until__isnull=True)
    due = Person.objects.filter(erased_at__isnull=True, keep_until__lte=today + ASKED_BEFORE)
    return row_by_row(lambda after, batch: keys_after(undated, after, batch), _date) + row_by_row(
        lambda after, batch: keys_after(due, after, batch), lambda key: _expire(key, today)
    )


@transaction.atomic
def _date(key: Any) -> bool:
    """A contact without a day gets one as soon as no agreement holds any more."""
    person = (
        Person.objects.select_for_update(of=("self",), no_key=True).select_related("institution").get(pk=key)
    )
    if person.erased_at is not None or person.keep_until is not None:
        return False
    day = day_to_keep(person, ties_of([person.institution]))
    if day is None:
        return False
    person.keep_until = day
    person.save(update_fields=["keep_until", "updated_at"])
    return True


@transaction.atomic
def _expire(key: Any, today: date) -> bool:
    person = (
        Person.objects.select_for_update(of=("self",), no_key=True).select_related("institution").get(pk=key)
    )
    if person.erased_at is not None or person.keep_until is None or person.keep_until > today + ASKED_BEFORE:
        return False
    ties = ties_of([person.institution])
    day = day_to_keep(person, ties)
    if day is None or day > person.keep_until:
        # The cooperation goes on, or has gone on since: the day moves with it.
        person.keep_until = day
        person.save(update_fields=["keep_until", "updated_at"])
        settle(person.pk, [RULE])
        return True
    if person.keep_until <= today:
        erase_contact(person=person, actor=None)
        return True
    return _ask(person, ties)


def _ask(person: Person, ties: Iterable[Tie]) -> bool:
    """Tell the institution and the offices that cooperated with it. The name is not in the notice: it would outlive it."""
    told = False
    due_on = person.keep_until
    assert due_on is not None
    offices = {tie.office for tie in ties} - {person.institution_id}
    for recipient in [person.institution_id, *offices]:
        own = recipient == person.institution_id and not person.institution.is_office
        told |= announce(
            recipient=recipient,
            rule=RULE,
            subject_kind="contact",
            subject_id=person.pk,
            due_on=due_on,
            rung=-ASKED_BEFORE.days,
            context={"school": str(person.institution), "due_on": due_on.isoformat()},
            path=reverse("portal:contact" if own else "work:contact", args=[person.pk]),
        )
    return told


def ties_of(institutions: Iterable[Institution]) -> list[Tie]:
    """Cooperation of these institutions, as the upper apps know it."""
    return collect("ties", [institution.pk for institution in institutions])


def day_to_keep(person: Person, ties: Iterable[Tie]) -> date | None:
    """Some years after the last agreement has ended, or after the entry itself; None while an agreement holds."""
    today = clock.today(person.institution.zone)
    last = person.created_at.date()
    for tie in ties:
        if tie.until is None or tie.until >= today:
            return None
        last = max(last, tie.until)
    if person.institution.is_office:
        return None
    return clock.add_months(last, 12 * settings.CONTACT_RETENTION_YEARS)
