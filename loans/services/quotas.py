"""Quota profiles: what a delivery to one sort of school is made of (L1)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.access import roles_toward
from libraries.catalogue.choices import ReadingLevel
from libraries.models import Institution, User
from loans.choices import Subject
from loans.lifecycle import DESK
from loans.models import Programme, QuotaProfile, QuotaRow
from loans.services.stepping import write_event

HUNDRED = 100
L, S = ReadingLevel, Subject


class QuotaInput(TypedDict, total=False):
    share: int
    reading_level: str
    subject: str
    language: str
    material: str


# Ready to use and to change. Shares are our proposal: stories first for those who learn to read, knowledge growing with age.
READY: Sequence[tuple[str, Sequence[str], Sequence[tuple[int, str, str]]]] = (
    (
        "SD kelas 1–3",
        (L.PICTURE, L.EARLY, L.MIDDLE),
        ((20, L.PICTURE, ""), (35, L.EARLY, ""), (25, L.MIDDLE, ""), (40, "", S.LITERATURE)),
    ),
    (
        "SD kelas 4–6",
        (L.EARLY, L.MIDDLE, L.UPPER),
        (
            (30, L.MIDDLE, ""),
            (50, L.UPPER, ""),
            (30, "", S.LITERATURE),
            (10, "", S.SCIENCE),
            (10, "", S.RELIGION),
        ),
    ),
    (
        "SMP",
        (L.UPPER, L.TEEN, L.GENERAL),
        (
            (20, L.UPPER, ""),
            (50, L.TEEN, ""),
            (25, "", S.LITERATURE),
            (12, "", S.SCIENCE),
            (10, "", S.HISTORY),
        ),
    ),
    (
        "Nagari/desa",
        (),
        ((25, L.GENERAL, S.TECHNOLOGY), (15, L.GENERAL, S.RELIGION), (20, L.EARLY, ""), (15, L.UPPER, "")),
    ),
)


@transaction.atomic
def add_ready_profiles(*, office: Institution, actor: User) -> list[QuotaProfile]:
    """The ready profiles that ``office`` does not have yet. Raises NotPermitted (``role_missing``)."""
    _require_desk(office, actor)
    have = set(QuotaProfile.objects.filter(office=office).values_list("name", flat=True))
    made = []
    for name, levels, rows in READY:
        if name not in have:
            quotas: list[QuotaInput] = [
                {"share": share, "reading_level": level, "subject": subject} for share, level, subject in rows
            ]
            made.append(keep_profile(office=office, actor=actor, name=name, levels=levels, rows=quotas))
    return made


@transaction.atomic
def keep_profile(
    *,
    office: Institution,
    actor: User,
    name: str,
    levels: Sequence[str] = (),
    rows: Sequence[QuotaInput] = (),
    profile: QuotaProfile | None = None,
    version: int | None = None,
) -> QuotaProfile:
    """A new profile of ``office``, or ``profile`` with other words and rows. The next plan follows it.

    Raises NotPermitted (``role_missing``), InvalidInput (``shares_above_hundred``, ``unknown_level``), Conflict (``stale``),
    and ValidationError for what a row refuses.
    """
    _require_desk(office, actor)
    fresh = (
        QuotaProfile.objects.select_for_update(no_key=True).get(pk=profile.pk, office=office)
        if profile
        else QuotaProfile(office=office, version=0)
    )
    if version is not None and version != fresh.version:
        raise Conflict(
            "stale",
            _("Somebody else has changed this profile meanwhile. Read it again, then change it."),
            facts={"version": fresh.version},
        )
    unknown = [level for level in levels if level not in ReadingLevel.values]
    if unknown:
        raise InvalidInput("unknown_level", _("Choose reading levels from the list."), field="levels")
    _require_hundred(rows)
    fresh.name, fresh.levels = name.strip(), list(levels)
    fresh.version += 1
    fresh.full_clean()
    fresh.save()
    fresh.rows.all().delete()
    for given in rows:
        row = QuotaRow(profile=fresh, **given)
        row.full_clean()
        row.save(force_insert=True)
    return fresh


@transaction.atomic
def remove_profile(*, profile: QuotaProfile, actor: User) -> None:
    """Remove a profile that no programme uses. Raises Conflict (``profile_in_use``)."""
    _require_desk(profile.office, actor)
    used = Programme.objects.filter(profile=profile).count()
    if used:
        raise Conflict(
            "profile_in_use",
            _("%(count)s programmes use this profile. Give them another one first.") % {"count": used},
        )
    profile.delete()


@transaction.atomic
def assign_profile(*, programme: Programme, actor: User, profile: QuotaProfile | None) -> Programme:
    """From the next plan on, deliveries of ``programme`` follow ``profile``. Raises InvalidInput (``profile_elsewhere``)."""
    fresh = (
        Programme.objects.select_for_update(no_key=True, of=("self",))
        .select_related("lender")
        .get(pk=programme.pk)
    )
    _require_desk(fresh.lender, actor)
    if profile is not None and profile.office_id != fresh.lender_id:
        raise InvalidInput("profile_elsewhere", _("Choose a profile of the lender."), field="profile")
    if fresh.profile_id != (profile.pk if profile else None):
        fresh.profile = profile
        fresh.save(update_fields=["profile", "updated_at"])
        write_event(fresh, "profile", actor=actor, note=str(profile or ""))
    return fresh


def rows_of(profile: QuotaProfile) -> list[QuotaInput]:
    """The rows of a profile as ``keep_profile`` takes them."""
    return [
        {
            "share": row.share,
            "reading_level": row.reading_level,
            "subject": row.subject,
            "language": row.language,
            "material": row.material,
        }
        for row in profile.rows.all()
    ]


def shares_asked(rows: Sequence[QuotaInput]) -> int:
    """Of a hundred books, how many the rows ask for at the least: a subject within a level counts once."""
    of_level: dict[str, int] = defaultdict(int)
    within: dict[str, int] = defaultdict(int)
    by_subject = 0
    for row in rows:
        if _across(row):
            continue
        level, share = row.get("reading_level", ""), row["share"]
        if level and row.get("subject"):
            within[level] += share
        elif level:
            of_level[level] += share
        else:
            by_subject += share
    by_level = sum(max(of_level[level], within[level]) for level in {*of_level, *within})
    return max(by_level, by_subject)


def shares_across(rows: Sequence[QuotaInput], name: str) -> int:
    """Of a hundred books of the year, how many are asked for by ``name`` ("language" or "material"): a book has one of it."""
    whole: dict[str, int] = defaultdict(int)
    within: dict[str, int] = defaultdict(int)
    for row in rows:
        kind = str(row.get(name, ""))
        other = "material" if name == "language" else "language"
        if kind and not row.get(other):
            narrower = row.get("reading_level") or row.get("subject")
            (within if narrower else whole)[kind] += row["share"]
    return sum(max(whole[kind], within[kind]) for kind in {*whole, *within})


def _across(row: QuotaInput) -> bool:
    """Whether a row is kept over the year, across levels and subjects."""
    return bool(row.get("language") or row.get("material"))


def _require_hundred(rows: Sequence[QuotaInput]) -> None:
    for row in rows:
        if not isinstance(row.get("share"), int):
            raise ValidationError({"share": _("Say how many of a hundred books.")})
    asked = max(shares_asked(rows), shares_across(rows, "language"), shares_across(rows, "material"))
    if asked > HUNDRED:
        raise InvalidInput(
            "shares_above_hundred",
            _("The quotas ask for %(asked)s of 100 books. Lower them until they fit.") % {"asked": asked},
            facts={"asked": asked},
            field="rows",
        )


def _require_desk(office: Institution, actor: User) -> None:
    if not roles_toward(actor, lender=office.pk) & DESK:
        raise NotPermitted(
            "role_missing",
            _("Only the circulation desk or an officer of %(office)s keeps its quotas.") % {"office": office},
        )
