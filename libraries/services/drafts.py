"""Answers that somebody has typed and not yet sent, kept between the pages of a form (U6)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from kerjasama.domain import clock
from libraries.models import Draft, User

# After this nobody remembers what they meant; the form begins afresh.
KEPT_FOR = timedelta(days=14)


def draft_of(*, user: User, form: str, subject_id: UUID) -> dict[str, Any]:
    """The answers kept so far; empty when there are none, or none that are still fresh."""
    row = Draft.objects.filter(user=user, form=form, subject_id=subject_id).first()
    if row is None or clock.now() - row.updated_at > KEPT_FOR or not isinstance(row.answers, dict):
        return {}
    return row.answers


def keep_draft(*, user: User, form: str, subject_id: UUID, answers: Mapping[str, Any]) -> None:
    """Keep the answers; those of the same person about the same thing are replaced, their stale drafts go."""
    now = clock.now()
    Draft.objects.update_or_create(
        user=user, form=form, subject_id=subject_id, defaults={"answers": dict(answers), "updated_at": now}
    )
    Draft.objects.filter(user=user, updated_at__lt=now - KEPT_FOR).delete()


def drop_draft(*, user: User, form: str, subject_id: UUID) -> None:
    """The form was sent, or the person begins anew."""
    Draft.objects.filter(user=user, form=form, subject_id=subject_id).delete()


def forget_drafts() -> int:
    """Delete what nobody came back to. Returns how many."""
    count, _models = Draft.objects.filter(updated_at__lt=clock.now() - KEPT_FOR).delete()
    return count
