"""Closed vocabularies of the mobile library."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Weekday(IntegerChoices):
    """As Python counts them; RRULE's BYDAY names stand in ``recurrence``."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class StopKind(TextChoices):
    SCHOOL = "school", _("School")
    VILLAGE = "village", _("Village place")
    OTHER = "other", _("Other place")


class StopSheetStatus(TextChoices):
    """A list of stops out of a file, on its way in."""

    CHECKED = "checked", _("Read, not adopted")
    ADOPTED = "adopted", _("Adopted")
    CANCELLED = "cancelled", _("Put aside")


class CrewFunction(TextChoices):
    LIBRARIAN = "librarian", _("Librarian")
    DRIVER = "driver", _("Driver")


class SeriesStatus(TextChoices):
    ACTIVE = "active", _("Running")
    ENDED = "ended", _("Ended")


class TripStatus(TextChoices):
    """A vehicle's day out."""

    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("On the road")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class VisitStatus(TextChoices):
    """One stop on one day. PLANNED and ARRIVED hold the place, the vehicle and the time."""

    PLANNED = "planned", _("Planned")
    ARRIVED = "arrived", _("At the stop")
    DONE = "done", _("Visited")
    MISSED = "missed", _("Not visited")
    CANCELLED = "cancelled", _("Cancelled")


HOLDING_VISITS = (VisitStatus.PLANNED, VisitStatus.ARRIVED, VisitStatus.DONE)


class VisitorKind(TextChoices):
    """Whom a crew counts, by kind and never by name (S21)."""

    PUPILS = "pupils", _("Pupils")
    TEACHERS = "teachers", _("Teachers")
    CHILDREN = "children", _("Children")
    ADULTS = "adults", _("Adults")
    ELDERLY = "elderly", _("Elderly people")


class RequestStatus(TextChoices):
    """M7. UNCONFIRMED: asked on the public page, and not yet known to be real."""

    UNCONFIRMED = "unconfirmed", _("Not confirmed yet")
    OPEN = "open", _("Waits for an answer")
    PROPOSED = "proposed", _("Another day proposed")
    ACCEPTED = "accepted", pgettext_lazy("request", "Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN_REQUESTS = (RequestStatus.OPEN, RequestStatus.PROPOSED)


class RoutePlanStatus(TextChoices):
    """M3: asked for, reckoned by a worker, looked at, adopted."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being reckoned")
    READY = "ready", _("Ready to look at")
    ADOPTED = "adopted", _("Adopted")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    DISCARDED = "discarded", _("Discarded")


class EntryKind(TextChoices):
    """What a crew's phone tells, one event at a time (M5)."""

    START = "start", _("Left the depot")
    ARRIVE = "arrive", _("Arrived")
    COUNT = "count", _("Visitors counted")
    STOCK_LEND = "stock_lend", _("Lent from the van")
    STOCK_RETURN = "stock_return", _("Back to the van")
    LEND = "lend", _("Book added for the school")
    TAKE_BACK = "take_back", _("Book taken back")
    HAND_OVER = "hand_over", _("Books handed over")
    NOTE = "note", _("Note")
    PHOTOGRAPH = "photograph", _("Photograph")
    LEAVE = "leave", _("Left the stop")
    SKIP = "skip", _("Stop left out")
    ODOMETER = "odometer", _("Odometer")
    FINISH = "finish", _("Back at the depot")
    UNDO = "undo", _("Taken back")


class EntryOutcome(TextChoices):
    """What became of an event. WAITING: what it needs has not arrived yet; REVIEW: a person decides."""

    APPLIED = "applied", _("Done")
    WAITING = "waiting", _("Waits for an earlier one")
    REVIEW = "review", _("To be decided")
    SETTLED = "settled", _("Decided")
    UNDONE = "undone", _("Taken back")
