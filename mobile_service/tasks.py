"""Doors for the clock."""

from celery import shared_task

from mobile_service.services import asking_keeping


@shared_task
def keep_visit_requests() -> int:
    """Delete unconfirmed requests for a visit, and forget the contacts of strangers in time."""
    return asking_keeping.keep_visit_requests().count
