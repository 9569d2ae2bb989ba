"""Doors for the clock."""

import structlog
from celery import shared_task

from agreements.services import keeping, reminding

log = structlog.get_logger(__name__)


@shared_task
def keep_terms() -> int:
    """Bring agreements into force on their first day, and out of force after their last."""
    changed = keeping.keep_terms()
    if changed:
        log.info("terms_kept", count=changed)
    return changed


@shared_task
def remind_expiring() -> int:
    """Remind both sides before an agreement ends."""
    swept = reminding.remind_expiring()
    if swept.unfinished:
        remind_expiring.apply_async(expires=3600)
    return swept.count
