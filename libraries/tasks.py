"""Doors for the clock."""

from celery import shared_task
from django.core.management import call_command

from libraries.services import addressing, delivering, drafts, erasing, reminding, repeated_requests, sheets


@shared_task
def deliver_messages() -> int:
    """Send what waits in the outbox; when the time was too short, go on in a new task."""
    swept = delivering.deliver_messages()
    if swept.unfinished:
        deliver_messages.apply_async(expires=60)
    return swept.count


@shared_task
def address_notices() -> int:
    """Turn new notices into messages."""
    return addressing.address_notices().count


@shared_task
def forget_answers() -> int:
    """Delete the kept answers to repeated requests once they are a month old."""
    return repeated_requests.forget_answers().count


@shared_task
def clear_sessions() -> None:
    """Delete sessions that have ended."""
    call_command("clearsessions")


@shared_task
def forget_drafts() -> int:
    """Delete half-filled forms that nobody came back to."""
    return drafts.forget_drafts()


@shared_task
def remind_unanswered() -> int:
    """Remind of readiness questions that nobody has answered."""
    swept = reminding.remind_unanswered()
    if swept.unfinished:
        remind_unanswered.apply_async(expires=3600)
    return swept.count


@shared_task
def run_sheets() -> int:
    """Check and adopt spreadsheets of institutions that wait. Fits into the tasks' time limit."""
    return sheets.run_waiting_sheets(seconds=600)


@shared_task
def forget_sheets() -> int:
    """Delete rows and files of spreadsheets that nobody has touched for a month."""
    return sheets.forget_sheets()


@shared_task
def keep_contacts() -> int:
    """Date, announce and erase contacts whose cooperation has ended."""
    swept = erasing.keep_contacts_no_longer()
    if swept.unfinished:
        keep_contacts.apply_async(expires=3600)
    return swept.count
