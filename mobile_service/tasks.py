"""Doors for the clock."""

from celery import shared_task

from mobile_service.services import asking_keeping, nightly, retrying, routing


@shared_task
def keep_visit_requests() -> int:
    """Delete unconfirmed requests for a visit, and forget the contacts of strangers in time."""
    return asking_keeping.keep_visit_requests().count


@shared_task
def plan_ahead() -> int:
    """Put the days of running series into the calendar that have come near, and end those that are over."""
    swept = nightly.plan_ahead()
    if swept.unfinished:
        plan_ahead.apply_async(expires=3600)
    return swept.count


@shared_task
def remind_of_tomorrow() -> int:
    """Tell schools that the van comes tomorrow."""
    swept = nightly.remind_of_tomorrow()
    if swept.unfinished:
        remind_of_tomorrow.apply_async(expires=3600)
    return swept.count


@shared_task
def miss_silent_visits() -> int:
    """Note visits of which nobody told anything as not made."""
    swept = nightly.miss_silent_visits()
    if swept.unfinished:
        miss_silent_visits.apply_async(expires=3600)
    return swept.count


@shared_task
def run_route_plans() -> int:
    """Reckon route plans that wait, and those whose worker died."""
    return routing.run_waiting_plans()


@shared_task
def load_tomorrow() -> int:
    """Put on tomorrow's vans what their schools are to be brought."""
    swept = nightly.load_tomorrow()
    if swept.unfinished:
        load_tomorrow.apply_async(expires=3600)
    return swept.count


@shared_task
def retry_entries() -> int:
    """Try again what crews' phones told and what still waits for something earlier."""
    swept = retrying.retry_waiting()
    if swept.unfinished:
        retry_entries.apply_async(expires=300)
    return swept.count
