"""On what an activity stands, and when a tool is free: tables and rules without queries (A4, A12, F14)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from agreements.choices import ActivityKind, CooperationForm, Ground

# What any library may do with anybody. Everything else rests on an agreement: one of the office's own, or one of an
# institution that it is a unit of, under which it is a derived activity (turunan).
FREE_KINDS = frozenset(
    {
        ActivityKind.STUDY_VISIT,
        ActivityKind.PROCESSING,
        ActivityKind.PRESERVATION,
        ActivityKind.BINDING,
        ActivityKind.CLASS_VISIT,
        ActivityKind.MEETING,
        ActivityKind.PROMOTION,
        ActivityKind.GIFT_DRIVE,
    }
)
# Kinds whose participants are given a certificate.
CERTIFIED_KINDS = frozenset(
    {
        ActivityKind.INTERNSHIP,
        ActivityKind.TRAINING,
        ActivityKind.PROCESSING,
        ActivityKind.PRESERVATION,
        ActivityKind.BINDING,
    }
)

# The form of cooperation whose clause a kind of activity carries out (F9, F11, F12).
FORMS: dict[str, CooperationForm] = {
    ActivityKind.INTERNSHIP: CooperationForm.INTERNSHIP,
    ActivityKind.TRAINING: CooperationForm.LIBRARIANS_TOGETHER,
    ActivityKind.MEETING: CooperationForm.LIBRARIANS_TOGETHER,
    ActivityKind.STUDY_VISIT: CooperationForm.LIBRARIANS_TOGETHER,
    ActivityKind.PROCESSING: CooperationForm.LIBRARIANS_TOGETHER,
    ActivityKind.PRESERVATION: CooperationForm.LIBRARIANS_TOGETHER,
    ActivityKind.BINDING: CooperationForm.LIBRARIANS_TOGETHER,
    ActivityKind.GIFT_DRIVE: CooperationForm.SCHOOL_INSIDE,
}
# Every other kind is an event.
EVENTS = CooperationForm.JOINT_EVENTS

# Participants are counted by group and never named.
GROUPS = ("pupils", "students", "teachers", "librarians", "parents", "public")


def needs_agreement(kind: str) -> bool:
    return kind not in FREE_KINDS


def ground_of(kind: str, *, own: bool, above: bool) -> Ground | None:
    """The ground of an activity; None when there is none.

    ``own``: an agreement of the office itself is named; ``above``: one of an institution that it is a unit of.
    """
    if own:
        return Ground.OWN
    if above:
        return Ground.DERIVED
    return None if needs_agreement(kind) else Ground.FREE


class Span(NamedTuple):
    """A stretch of time that somebody has something for; the end does not belong to it."""

    begins_at: datetime
    ends_at: datetime


def overlapping(wanted: Span, taken: Iterable[Span]) -> list[Span]:
    return [it for it in taken if it.begins_at < wanted.ends_at and wanted.begins_at < it.ends_at]


def nearest_free(wanted: Span, taken: Collection[Span]) -> datetime:
    """The first moment from ``wanted.begins_at`` on at which as long a time is free."""
    length = wanted.ends_at - wanted.begins_at
    start = wanted.begins_at
    for it in sorted(taken):
        if it.ends_at <= start:
            continue
        if it.begins_at >= start + length:
            break
        start = it.ends_at
    return start
