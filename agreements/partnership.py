"""What the directory asks about a partner: until when cooperation holds, who is needed as a signatory, and its agreements."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.choices import ENDED, AgreementStatus
from agreements.models import Agreement, Attendee, Party
from agreements.services.requesting.keeping import requests_of
from kerjasama.domain import clock
from kerjasama.house import Hold, PartnerPart, Tie
from kerjasama.pages.templatetags.house import plain_date
from libraries.access import access_of
from libraries.choices import Role
from libraries.models import Institution, Person

SHOWN = 20


def ties(institutions: Iterable[Any] | None) -> Iterable[Tie]:
    """Cooperation of these institutions (None: of all), one tie for each agreement and party that is not the office."""
    parties = Party.objects.exclude(agreement__status=AgreementStatus.CANCELLED)
    if institutions is not None:
        parties = parties.filter(institution__in=list(institutions))
    for institution, office, status, ends_on, written in parties.values_list(
        "institution", "agreement__office", "agreement__status", "agreement__ends_on", "agreement__updated_at"
    ):
        if institution == office:
            continue
        if status in ENDED:
            # One that ended early did so when it was written last.
            yield Tie(institution, office, min(ends_on or written.date(), written.date()))
        elif status == AgreementStatus.ACTIVE:
            yield Tie(institution, office, ends_on, in_force=True)
        else:
            # What is being prepared needs its people, though it binds nobody yet.
            yield Tie(institution, office, None)


def parties_named(person: Person) -> Any:
    """Parties for which this person signs or has signed: papers keep names, so by name or employee number."""
    same = Q(signatory_name__iexact=person.name)
    if person.nip:
        same |= Q(signatory_nip=person.nip)
    return Party.objects.filter(same, institution=person.institution_id).select_related("agreement")


def holds_on(person: Person) -> Iterable[Hold]:
    """Why a contact cannot be erased now: it is the signatory of an agreement that is being signed or in force."""
    today = clock.today()
    binding = parties_named(person).filter(
        agreement__status__in=[AgreementStatus.SIGNING, AgreementStatus.ACTIVE]
    )
    for party in binding:
        agreement = party.agreement
        if agreement.ends_on and agreement.ends_on < today:
            continue
        facts = {
            "name": person.name,
            "agreement": agreement.number or agreement.title,
            "day": plain_date(agreement.ends_on) if agreement.ends_on else "–",
        }
        yield Hold(
            _(
                "%(name)s signs for agreement %(agreement)s, which holds until %(day)s. "
                "The contact can be erased after that; until then take the consent back, and nobody outside sees it."
            )
            % facts,
            agreement.ends_on,
        )


def kept_about(person: Person) -> Iterable[tuple[str, str]]:
    """Where the person's name stands in agreements."""
    for party in parties_named(person):
        agreement = party.agreement
        yield (
            _("Signatory"),
            f"{agreement.number or agreement.title}: {party.signatory_name}, {party.signatory_position}",
        )
    for party in Party.objects.filter(contact=person).select_related("agreement"):
        yield _("Contact of an agreement"), party.agreement.number or party.agreement.title
    for attendee in Attendee.objects.filter(person=person).select_related("activity"):
        yield _("Took part in"), str(attendee.activity)
    for request in requests_of(person):
        yield _("Asked to cooperate"), f"{request.subject}: {request.contact_name}, {request.contact_email}"


def partner_parts(user: Any, institution: Institution) -> Iterable[PartnerPart]:
    """The agreements with a partner that the reader may see, newest first."""
    rows = Agreement.objects.visible_to(user).filter(parties__institution=institution).distinct()
    access = access_of(user)
    may_add = access.everything or access.having({Role.OFFICER, Role.HEAD, Role.ADMINISTRATOR})
    yield PartnerPart(
        title=_("Agreements"),
        icon="handshake",
        lines=tuple(
            (
                row.title,
                " · ".join(
                    part
                    for part in (
                        row.number,
                        _("until %(day)s") % {"day": plain_date(row.ends_on)} if row.ends_on else "",
                    )
                    if part
                ),
                reverse("work:agreement", args=[row.pk]),
                row.status,
                str(row.get_status_display()),
            )
            for row in rows.order_by("-created_at")[:SHOWN]
        ),
        empty=_("Nothing was agreed with it yet."),
        url=reverse("work:agreements"),
        act=(_("New agreement"), reverse("work:agreement_new"))
        if may_add and not institution.is_office
        else None,
        order=20,
    )
