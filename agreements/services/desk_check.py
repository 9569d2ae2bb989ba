"""The check at the desk: whom do we serve, with how much, under which agreement (F6).

Looked at, answered, forgotten: no name and no number is asked for, and only the kind of answer is counted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from agreements.borrowing import OwnRule, Shown, Verdict, judge
from agreements.choices import AgreementKind, AgreementStatus, Audience, CooperationForm, DeskOutcome, Proof
from agreements.models import Agreement, BorrowingRule, DeskCount, Party, Provision
from agreements.services.permits import clause_of, permission, require_in_force
from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput, NotPermitted
from kerjasama.domain.wording import plain_date
from libraries.access import access_of
from libraries.choices import OFFICE_ROLES
from libraries.models import Closure, Institution, Region, User
from libraries.models.institution import InstitutionQuerySet
from libraries.searching import find_institutions

SHOWN = 8
# After this many days somebody has opened again, whatever the holiday.
LONGEST_CLOSED = 30
_IDENTITY_NUMBER = re.compile(r"^\D*(?:\d[\s.-]?){16}\D*$")
_CODE_AT_THE_END = re.compile(r"\(([\w.]+)\)\s*$")
_NEVER_HELD = (
    AgreementStatus.DRAFT,
    AgreementStatus.NEGOTIATION,
    AgreementStatus.LEGAL_REVIEW,
    AgreementStatus.SIGNING,
    AgreementStatus.CANCELLED,
)


@dataclass(frozen=True, slots=True)
class DeskAnswer:
    """What the desk says. ``sentence`` is the answer, ``reasons`` why, ``changes`` what would make it a better one.

    ``loan_limit`` items for ``loan_days`` days, back by ``until``: only where somebody may borrow.
    """

    outcome: str
    sentence: str
    reasons: Sequence[str]
    changes: Sequence[str]
    on: date
    loan_limit: int | None = None
    loan_days: int | None = None
    until: date | None = None
    agreement: Agreement | None = None
    clause: str = ""
    note: str = ""


def check_at_desk(
    *,
    actor: User,
    office: Institution,
    institution: Institution | None,
    proof: str,
    audience: str = "",
    region: Region | None = None,
) -> DeskAnswer:
    """What somebody of ``institution`` (None: of none) who shows ``proof`` may do at the office's desk today.

    ``region`` is the one on the identity card. Nothing of it is kept but one more in today's count of such answers.
    Raises NotPermitted (``role_missing``), InvalidInput (``unknown_proof``, ``unknown_audience``).
    """
    if not access_of(actor).at(office.pk) & OFFICE_ROLES:
        raise NotPermitted(
            "role_missing", _("Only the staff of %(office)s check at its desk.") % {"office": office}
        )
    if proof not in Proof.values:
        raise InvalidInput("unknown_proof", _("Choose what is shown."), field="proof")
    if audience and audience not in Audience.values:
        raise InvalidInput("unknown_audience", _("Choose who it is."), field="audience")
    today = clock.today(office.zone)
    grants = _grants(office, institution, today)
    kept = BorrowingRule.objects.filter(office=office).prefetch_related("regions").first()
    regions = list(kept.regions.all()) if kept else []
    rule = OwnRule([row.pk for row in regions], kept.loan_limit, kept.loan_days) if kept else None
    verdict = judge(Shown(proof, audience, region.pk if region else ""), grants, rule)
    grant = grants[verdict.grant] if verdict.grant is not None else None
    answer = _say(
        verdict,
        grant,
        kept,
        ", ".join(row.name for row in regions),
        office,
        today,
        [] if grants else _why_none(office, institution, today),
    )
    _count(office, today, answer.outcome)
    return answer


def institutions_meant(rows: InstitutionQuerySet, words: str) -> list[Institution]:
    """The institutions that typed or scanned words may mean, best first; one alone when they name it exactly.

    A number (NPSN, NPP), a name, or what a card's code leads to: the address of the institution's page. Raises
    InvalidInput (``identity_number``): numbers of persons are not asked for, and not looked for.
    """
    said = " ".join(words.replace("\x00", "").split())
    if _IDENTITY_NUMBER.match(said):
        raise InvalidInput(
            "identity_number",
            _(
                "This looks like the number of an identity card. It is not needed: name the institution instead."
            ),
            field="institution",
        )
    if "://" in said:
        said = urlsplit(said).path.rstrip("/").rpartition("/")[2]
        by_address = _by_address(said)
        return list(rows.filter(by_address)[:1])
    numbered = _CODE_AT_THE_END.search(said)
    found = list(find_institutions(rows, numbered.group(1) if numbered else said)[:SHOWN])
    if numbered and not found:
        found = list(find_institutions(rows, said)[:SHOWN])
    exact = [row for row in found if _is_named(row, numbered.group(1) if numbered else said)]
    return exact if len(exact) == 1 else found


def regions_meant(words: str) -> list[Region]:
    """Regions that typed words may mean, the larger and the shorter first; one alone when a code is given."""
    said = " ".join(words.replace("\x00", "").split())
    numbered = _CODE_AT_THE_END.search(said)
    code = numbered.group(1) if numbered else said
    if re.fullmatch(r"\d\d(\.\d{2,4}){0,3}", code):
        return list(Region.objects.filter(pk=code))
    meant = Q()
    for word in said.split()[:6]:
        meant &= Q(name__icontains=word)
    rows = list(Region.objects.filter(meant).select_related("parent").order_by("code")[:200]) if said else []
    return sorted(rows, key=lambda row: (row.code.count("."), len(row.name), row.code))[:SHOWN]


def label_of(institution: Institution) -> str:
    """An institution as the desk's box offers it: told apart by its number where it has one."""
    number = institution.npsn or institution.npp
    return f"{institution} ({number})" if number else institution.name


def region_label(region: Region) -> str:
    return f"{region.name} ({region.pk})"


def _by_address(last: str) -> Q:
    try:
        return Q(pk=UUID(last))
    except ValueError:
        return Q(slug=last)


def _is_named(row: Institution, said: str) -> bool:
    word = said.casefold()
    return word in (
        row.npsn.casefold(),
        row.npp.casefold(),
        row.name.casefold(),
        row.short_name.casefold(),
    ) and bool(word)


def _grants(office: Institution, institution: Institution | None, on: date) -> list[Provision]:
    """What agreements in force say about the use of services, for the institution and what it is a part of."""
    if institution is None:
        return []
    parties = Party.objects.filter(institution=office).values("agreement")
    return list(
        Provision.objects.filter(
            form=CooperationForm.SERVICE_USE,
            agreement__in=Agreement.objects.in_force(on).exclude(kind=AgreementKind.ADDENDUM),
            agreement__pk__in=parties,
        )
        .filter(agreement__in=_of_partner(institution))
        .select_related("agreement__office", "agreement__partner")
        .order_by("-agreement__starts_on", "pk")
    )


def _of_partner(institution: Institution) -> "QuerySet[Party, Any]":
    keys = [institution.pk, *([institution.parent_id] if institution.parent_id else [])]
    return Party.objects.filter(institution__in=keys).values("agreement")


def _why_none(office: Institution, institution: Institution | None, on: date) -> list[str]:
    """Why no agreement helps: the one that has ended is named, or that there is none."""
    if institution is None:
        return []
    ours = Party.objects.filter(institution=office).values("agreement")
    last = (
        Agreement.objects.filter(pk__in=ours)
        .filter(pk__in=_of_partner(institution), provisions__form=CooperationForm.SERVICE_USE)
        .exclude(status__in=_NEVER_HELD)
        .exclude(kind=AgreementKind.ADDENDUM)
        .select_related("office", "partner")
        .order_by("-ends_on", "-pk")
        .first()
    )
    if last is not None:
        try:
            require_in_force(last, on, CooperationForm.SERVICE_USE)
        except NotPermitted as refusal:
            return [str(refusal.message)]
    return [
        permission(form=CooperationForm.SERVICE_USE, office=office, partner=institution, on=on).sentence,
    ]


def _say(
    verdict: Verdict,
    grant: Provision | None,
    rule: BorrowingRule | None,
    regions: str,
    office: Institution,
    today: date,
    why_none: list[str],
) -> DeskAnswer:
    language = get_language() or "id"
    reasons = list(why_none)
    changes: list[str] = []
    limit = days = until = None
    clause = ""
    agreement = grant.agreement if grant else None
    if agreement is not None:
        clause = clause_of(agreement, CooperationForm.SERVICE_USE, language)
        reasons = [_("Under “%(agreement)s”, %(clause)s.") % {"agreement": agreement, "clause": clause}]
    if verdict.outcome == DeskOutcome.BORROW and grant is not None:
        limit, days = grant.loan_limit, grant.loan_days
    elif verdict.outcome == DeskOutcome.MEMBER and rule is not None:
        limit, days = rule.loan_limit, rule.loan_days
        reasons = [
            _("The rule of %(office)s: identity card of %(regions)s.")
            % {"office": office, "regions": regions}
        ]
    if limit and days:
        until = _back_by(office, today, days)
        facts = {
            "items": ngettext("%(count)s item", "%(count)s items", limit) % {"count": limit},
            "days": ngettext("%(count)s day", "%(count)s days", days) % {"count": days},
            "day": plain_date(until, language),
        }
        sentence = (
            _("May borrow %(items)s for %(days)s, until %(day)s.") % facts
            if verdict.outcome == DeskOutcome.BORROW
            else _("May become a member and borrow %(items)s for %(days)s, until %(day)s.") % facts
        )
    elif verdict.outcome == DeskOutcome.PROOF:
        sentence = _("May read on the spot. To borrow, something is missing.")
    else:
        sentence = _("May read on the spot, not borrow.")
    if until is None:
        changes += [_("Show: %(proof)s.") % {"proof": Proof(proof).label} for proof in verdict.proofs]
        changes += [
            _("Ask whether it is one of these: %(audience)s.") % {"audience": Audience(each).label}
            for each in verdict.audiences
        ]
        reasons += [
            _("The agreement is for others: %(audience)s.") % {"audience": Audience(each).label}
            for each in verdict.refused_audiences
        ]
        if verdict.wants_region:
            changes.append(_("Give the region that the identity card names."))
        if verdict.wants_card:
            changes.append(_("Show an identity card (KTP) of %(regions)s.") % {"regions": regions})
        if rule is None:
            reasons.append(
                _("%(office)s has no rule yet for people without an agreement: they read on the spot.")
                % {"office": office}
            )
        elif not verdict.wants_card and not verdict.wants_region and regions:
            reasons.append(_("Members have an identity card of %(regions)s.") % {"regions": regions})
    return DeskAnswer(
        verdict.outcome,
        sentence,
        tuple(reasons),
        tuple(changes),
        today,
        limit,
        days,
        until,
        agreement,
        clause,
        rule.note if rule and verdict.outcome != DeskOutcome.BORROW else "",
    )


def _back_by(office: Institution, today: date, days: int) -> date:
    """So many days from today; nobody can bring anything back on a day when the library is closed."""
    day = today + timedelta(days=days)
    last = day + timedelta(days=LONGEST_CLOSED)
    closed = list(Closure.objects.shutting([office]).between(day, last).values_list("starts_on", "ends_on"))
    while day < last and (
        day.weekday() in office.closed_weekdays or any(start <= day <= end for start, end in closed)
    ):
        day += timedelta(days=1)
    return day


def _count(office: Institution, day: date, outcome: str) -> None:
    """One more of today's answers of this kind."""
    row = DeskCount.objects.filter(office=office, day=day, outcome=outcome)
    if row.update(count=F("count") + 1):
        return
    try:
        with transaction.atomic():
            DeskCount.objects.create(office=office, day=day, outcome=outcome, count=1)
    except IntegrityError:  # another desk has counted its first one meanwhile
        row.update(count=F("count") + 1)
