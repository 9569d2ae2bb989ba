"""The timetable: every task that the clock starts, in one place, each with a sentence.

Names are strings, so the ground floor imports no app; a test proves that each is registered. Times are in the
installation's zone (TIME_ZONE, by default WIB). Sweeps are cheap when there is nothing to do, and a sweep that
was missed loses nothing: what is due is asked of the rows, never of the moment the task ran.
"""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab

TIMETABLE: dict[str, dict[str, Any]] = {}


def entry(name: str, task: str, when: crontab | timedelta) -> None:
    # A message older than the next turn is of no use: the next turn does its work.
    expires = when.total_seconds() * 2 if isinstance(when, timedelta) else 6 * 3600
    TIMETABLE[name] = {"task": task, "schedule": when, "options": {"expires": expires}}


# Sends what waits in the outbox, and takes back what a dead sender had claimed.
entry("outbox", "libraries.tasks.deliver_messages", timedelta(seconds=30))
# Turns new notices into one message per person who should read them.
entry("notices", "libraries.tasks.address_notices", timedelta(seconds=30))
# Takes catalogue files that wait for import, and goes on with those whose worker died.
entry("imports", "libraries.catalogue.tasks.run_imports", timedelta(seconds=10))
# Checks and adopts spreadsheets of institutions that wait, and goes on with those whose worker died.
entry("sheets", "libraries.tasks.run_sheets", timedelta(seconds=10))
# Dates contacts whose cooperation has ended, asks a month before their day, and erases them on it.
entry("contacts", "libraries.tasks.keep_contacts", crontab(minute="25", hour="3"))
# Deletes rows and files of spreadsheets that nobody has touched for a month.
entry("old-sheets", "libraries.tasks.forget_sheets", crontab(minute="35", hour="3"))
# Brings agreements into force on their first day and ends those whose last day has passed.
entry("agreement-terms", "agreements.tasks.keep_terms", crontab(minute="7", hour="*/3"))
# Reminds both sides before an agreement ends and before its last day of notice, and the office of reviews.
entry("agreement-reminders", "agreements.tasks.remind_expiring", crontab(minute="15", hour="6,12"))
# Reminds an office and its guests the day before an activity.
entry("activity-reminders", "agreements.tasks.remind_of_activities", crontab(minute="25", hour="6,12"))
# Erases the names of interns two years after their internship.
entry("intern-names", "agreements.tasks.erase_interns", crontab(minute="35", hour="2"))
# Deletes requests that no stranger confirmed, and erases strangers' contacts when their time is over.
entry("requests", "agreements.tasks.keep_requests", crontab(minute="25", hour="3"))
# Reminds the office that an agreement should be evaluated, from 60 days before it ends.
entry("evaluation-reminders", "agreements.tasks.remind_evaluations", crontab(minute="45", hour="6,12"))
# Reminds parties of their duties, and partners of texts that wait for their answer.
entry("duty-reminders", "agreements.tasks.remind_of_duties", crontab(minute="50", hour="5,11"))
# Reminds borrowers that a tool goes back tomorrow, or should be back, and owners of what is late.
entry("tool-reminders", "agreements.tasks.remind_of_tools", crontab(minute="55", hour="5,11"))
# Opens the programme of agreements that came into force, and takes over what an addendum changed.
entry("programmes", "loans.tasks.open_programmes", timedelta(minutes=5))
# Reckons rotation plans that wait, and those whose worker died.
entry("plans", "loans.tasks.run_plans", timedelta(seconds=10))
# Reckons route plans that wait, and those whose worker died.
entry("route-plans", "mobile_service.tasks.run_route_plans", timedelta(seconds=10))
# Marks periods whose date has passed with books still out, and tells both sides.
entry("return-tracking", "loans.tasks.track_returns", crontab(minute="20", hour="5,11"))
# Flags deliveries that the school has not confirmed within the agreed days.
entry("receipts", "loans.tasks.flag_silent_receipts", crontab(minute="30", hour="5,11"))
# Reminds before a swap, on its day and after it, and of replacements due.
entry("loan-reminders", "loans.tasks.send_due_reminders", crontab(minute="40", hour="5,11"))
# Reminds of readiness questions: three days before their day, the day after it, and a week later.
entry("readiness-reminders", "libraries.tasks.remind_unanswered", crontab(minute="25", hour="6,12"))
# Forgets answers to repeated requests of programs after thirty days.
entry("answers", "libraries.tasks.forget_answers", crontab(minute="55", hour="2"))
# Deletes requests for a visit that no stranger confirmed, and erases strangers' contacts when the matter is over.
entry("visit-requests", "mobile_service.tasks.keep_visit_requests", crontab(minute="30", hour="3"))
# Puts the days of the van's series into the calendar that have come near, half a year ahead.
entry("van-series", "mobile_service.tasks.plan_ahead", crontab(minute="40", hour="1"))
# Tells schools that the van comes tomorrow; what was called off or moved falls silent.
entry("van-reminders", "mobile_service.tasks.remind_of_tomorrow", crontab(minute="45", hour="5,11,17"))
# Puts on tomorrow's vans the deliveries that their schools wait for; in the evening, so that the desk may take some off.
entry("van-loads", "mobile_service.tasks.load_tomorrow", crontab(minute="35", hour="16"))
# Tries again what crews' phones told and what waits for something that came later.
entry("van-entries", "mobile_service.tasks.retry_entries", timedelta(minutes=5))
# Notes visits of the van of which nobody has told anything two days later as not made.
entry("van-silent", "mobile_service.tasks.miss_silent_visits", crontab(minute="15", hour="1"))
# Deletes half-filled forms that nobody came back to for two weeks.
entry("drafts", "libraries.tasks.forget_drafts", crontab(minute="55", hour="2"))
# Clears sessions that have ended; nothing else depends on it.
entry("sessions", "libraries.tasks.clear_sessions", crontab(minute="50", hour="2"))
