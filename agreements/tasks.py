"""Doors for the clock."""

from celery import shared_task

from agreements.services import cohorts, inviting, keeping, pressing, prompting, reminding, tool_reminding
from agreements.services.requesting import keeping as keeping_requests
from libraries.services.sweeps import Swept, sweep


@shared_task
def keep_terms() -> int:
    """Bring agreements into force on their first day, and out of force after their last."""
    return sweep("agreements.keep_terms", lambda: Swept(keeping.keep_terms())).count


@shared_task
def remind_expiring() -> int:
    """Remind of the end of agreements, of their last day of notice, and of reviews."""
    swept = reminding.remind_expiring()
    if swept.unfinished:
        remind_expiring.apply_async(expires=3600)
    return swept.count


@shared_task
def remind_of_activities() -> int:
    """Remind an office and its guests the day before an activity."""
    swept = inviting.remind_of_activities()
    if swept.unfinished:
        remind_of_activities.apply_async(expires=3600)
    return swept.count


@shared_task
def erase_interns() -> int:
    """Erase the names of interns two years after their internship."""
    swept = cohorts.erase_interns()
    if swept.unfinished:
        erase_interns.apply_async(expires=3600)
    return swept.count


@shared_task
def keep_requests() -> int:
    """Delete unconfirmed requests, and forget the contacts of strangers in time."""
    return keeping_requests.keep_requests().count


@shared_task
def remind_evaluations() -> int:
    """Remind the office of agreements that should be evaluated before they end."""
    swept = prompting.remind_evaluations()
    if swept.unfinished:
        remind_evaluations.apply_async(expires=3600)
    return swept.count


@shared_task
def remind_of_duties() -> int:
    """Remind parties of what they have taken on, and partners of texts that wait for their answer."""
    swept = pressing.remind_of_duties()
    if swept.unfinished:
        remind_of_duties.apply_async(expires=3600)
    return swept.count


@shared_task
def remind_of_tools() -> int:
    """Remind borrowers that a tool goes back tomorrow, or should be back."""
    swept = tool_reminding.remind_of_tools()
    if swept.unfinished:
        remind_of_tools.apply_async(expires=3600)
    return swept.count
