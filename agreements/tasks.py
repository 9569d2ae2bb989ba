"""Doors for the clock."""

from celery import shared_task

from agreements.services import keeping, reminding
from libraries.services.sweeps import Swept, sweep


@shared_task
def keep_terms() -> int:
    """Bring agreements into force on their first day, and out of force after their last."""
    return sweep("agreements.keep_terms", lambda: Swept(keeping.keep_terms())).count


@shared_task
def remind_expiring() -> int:
    """Remind both sides before an agreement ends."""
    swept = reminding.remind_expiring()
    if swept.unfinished:
        remind_expiring.apply_async(expires=3600)
    return swept.count
