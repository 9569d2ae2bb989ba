"""Which institution may sign which kind of agreement, on which day (A4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.choices import AgreementKind, SignedKind
from agreements.models import Agreement, Party, SigningAuthority
from kerjasama.domain.errors import InvalidInput, NotPermitted
from kerjasama.domain.wording import plain_date
from libraries.access import access_of
from libraries.models import Institution, User

GOVERNED = frozenset(SignedKind.values)
# An institution is part of another, which is part of a third; nothing real goes deeper.
DEPTH = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether ``institution`` may sign ``kind`` on a day.

    ``known`` is False when nobody has recorded anything about its authority: then nothing is refused. ``who_may`` are
    the institutions above it that may, and ``derive_from`` their agreements in force under which it can work instead.
    """

    allowed: bool
    known: bool
    basis: str = ""
    since: date | None = None
    who_may: tuple[Institution, ...] = ()
    derive_from: tuple[Agreement, ...] = ()
    sentence: str = ""


def may_sign(*, institution: Institution, kind: str, on: date, partner: Institution | None = None) -> Answer:
    """The answer to "may we sign this?", with the sentence that says who may and how to go on instead."""
    if kind not in GOVERNED:
        return Answer(True, False, sentence=_("This kind of agreement needs no authority to sign."))
    rows = list(SigningAuthority.objects.filter(institution=institution))
    if not rows:
        return Answer(
            True,
            False,
            sentence=_("Nothing is recorded about the authority of %(institution)s.")
            % {"institution": institution},
        )
    holding = [row for row in rows if row.kind == kind and _holds(row, on)]
    if holding:
        return Answer(
            True,
            True,
            basis=holding[0].basis,
            since=holding[0].starts_on,
            sentence=_("%(institution)s may sign this itself: %(basis)s.")
            % {"institution": institution, "basis": holding[0].basis},
        )
    return _refusal(institution, kind, on, rows, partner)


def require_authority(
    *, institution: Institution, kind: str, on: date, partner: Institution | None = None
) -> None:
    """Raise NotPermitted (``no_authority``) naming who may sign and under which agreement to work instead."""
    answer = may_sign(institution=institution, kind=kind, on=on, partner=partner)
    if not answer.allowed:
        raise NotPermitted(
            "no_authority",
            answer.sentence,
            facts={
                "institution": str(institution.pk),
                "kind": kind,
                "on": on.isoformat(),
                "may_sign": [str(row.pk) for row in answer.who_may],
                "derive_from": [str(row.pk) for row in answer.derive_from],
            },
        )


def above(institution: Institution) -> list[Institution]:
    """The institutions that this one is part of, the nearest first."""
    chain: list[Institution] = []
    current = institution
    while current.parent_id and len(chain) < DEPTH:
        current = Institution.objects.get(pk=current.parent_id)
        if current in chain:
            break
        chain.append(current)
    return chain


def agreements_to_derive_from(
    institution: Institution, on: date, partner: Institution | None = None
) -> list[Agreement]:
    """Agreements in force of those above it, or that name it as carrying them out; those with the partner first."""
    roots = [institution.pk, *(row.pk for row in above(institution))]
    rows = list(
        Agreement.objects.in_force(on)
        .filter(
            Q(pk__in=Party.objects.filter(institution__in=roots).values("agreement")),
            kind__in=[AgreementKind.MOU, AgreementKind.PKS],
        )
        .select_related("office", "partner")
        .prefetch_related("parties")
        .order_by("-starts_on", "pk")[:20]
    )
    if partner is not None:
        with_partner = {
            row.pk for row in rows if any(p.institution_id == partner.pk for p in row.parties.all())
        }
        rows.sort(key=lambda row: row.pk not in with_partner)
    return rows


@transaction.atomic
def record_authority(*, actor: User, institution: Institution, **fields: Any) -> SigningAuthority:
    """A row of the table. Raises NotPermitted; ValidationError when the days overlap another row's."""
    _keeper(actor)
    row = SigningAuthority(institution=institution, **fields)
    _require_order(row)
    row.full_clean()
    row.save(force_insert=True)
    return row


@transaction.atomic
def revise_authority(*, authority: SigningAuthority, actor: User, **changes: Any) -> SigningAuthority:
    """Put a row right, or end it on a day."""
    _keeper(actor)
    fresh = SigningAuthority.objects.select_for_update(of=("self",)).get(pk=authority.pk)
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.version += 1
    _require_order(fresh)
    fresh.full_clean()
    fresh.save()
    return fresh


def _keeper(actor: User) -> None:
    access = access_of(actor)
    if not access.everything and not access.having(SigningAuthority.KEEPERS):
        raise NotPermitted("role_missing", _("Only a cooperation officer or the head records who may sign."))


def _require_order(row: SigningAuthority) -> None:
    # Asked before the database is: it cannot even compare days that are turned round.
    if row.ends_on is not None and row.ends_on < row.starts_on:
        raise InvalidInput("turned_round", _("The last day cannot be before the first."), field="ends_on")


def _holds(row: SigningAuthority, on: date) -> bool:
    return row.starts_on <= on and (row.ends_on is None or row.ends_on >= on)


def _refusal(
    institution: Institution,
    kind: str,
    on: date,
    rows: Iterable[SigningAuthority],
    partner: Institution | None,
) -> Answer:
    language = get_language() or "id"
    label = AgreementKind(kind).label
    sentence = _("%(institution)s may not sign a %(kind)s on %(day)s.") % {
        "institution": institution,
        "kind": label,
        "day": plain_date(on, language),
    }
    ended = [row for row in rows if row.kind == kind and row.ends_on is not None and row.ends_on < on]
    if ended:
        last = max(ended, key=lambda row: row.ends_on or row.starts_on)
        assert last.ends_on
        sentence += " " + _("Its authority ended on %(day)s (%(basis)s).") % {
            "day": plain_date(last.ends_on, language),
            "basis": last.basis,
        }
    higher = above(institution)
    held = set(
        SigningAuthority.objects.on(on)
        .filter(institution__in=higher, kind=kind)
        .values_list("institution", flat=True)
    )
    who_may = tuple(row for row in higher if row.pk in held)
    if who_may:
        sentence += " " + _("It is signed by %(who)s.") % {"who": ", ".join(str(row) for row in who_may)}
    derive = tuple(agreements_to_derive_from(institution, on, partner))
    if derive:
        sentence += " " + _(
            "Carry it out as a derived activity: write a work plan under “%(agreement)s”."
        ) % {"agreement": derive[0]}
    return Answer(False, True, who_may=who_may, derive_from=derive, sentence=sentence)
