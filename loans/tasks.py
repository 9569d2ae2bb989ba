"""Doors for the clock."""

from celery import shared_task

from libraries.services.sweeps import Swept, sweep
from loans.services import following, pausing, programmes, reminding, rotating, tracking


@shared_task
def open_programmes() -> int:
    """Open the programmes of agreements that came into force, let those follow whose agreement was amended, let go on
    those whose pause is over, and end those whose last book came home."""
    return sweep("loans.open_programmes", _open_and_follow).count


def _open_and_follow() -> Swept:
    return (
        Swept(programmes.open_missing_programmes())
        + following.follow_amended_agreements()
        + pausing.resume_due_programmes()
        + pausing.finish_programmes_brought_home()
    )


@shared_task
def track_returns() -> int:
    """Mark what did not come back in time."""
    swept = tracking.track_returns()
    if swept.unfinished:
        track_returns.apply_async(expires=3600)
    return swept.count


@shared_task
def flag_silent_receipts() -> int:
    """Flag what nobody confirmed in time."""
    swept = tracking.flag_silent_receipts()
    if swept.unfinished:
        flag_silent_receipts.apply_async(expires=3600)
    return swept.count


@shared_task
def send_due_reminders() -> int:
    """Remind of swaps, first deliveries, receipts and replacements."""
    swept = reminding.send_due_reminders()
    if swept.unfinished:
        send_due_reminders.apply_async(expires=3600)
    return swept.count


@shared_task
def run_plans() -> int:
    """Reckon rotation plans that wait, and those whose worker died."""
    return rotating.run_waiting_plans()
