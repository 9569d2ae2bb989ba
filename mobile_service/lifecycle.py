"""The lives of the mobile library, as tables. ``office:`` is the library that sends the van, ``partner:`` the school of a stop."""

from django.utils.translation import gettext_lazy as _

from kerjasama.domain.lifecycle import CLOCK, Life, step
from mobile_service.choices import (
    OPEN_REQUESTS,
    RequestStatus,
    RoutePlanStatus,
    SeriesStatus,
    TripStatus,
    VisitStatus,
)

DESK = {"office:officer", "office:circulation"}
CREW = {"office:crew"}
SCHOOL = {"partner:school_contact"}
# Whoever asks for a visit: a school in the portal, or a stranger who holds the secret link.
ASKER = {*SCHOOL, "asker:link"}

SERIES = Life(
    name="series of visits",
    start=SeriesStatus.ACTIVE,
    states=dict(SeriesStatus.choices),
    steps=(
        step("change", SeriesStatus.ACTIVE, None, DESK, _("Change")),
        step("except", SeriesStatus.ACTIVE, None, DESK, _("Leave out one day"), needs=("on", "note")),
        step("include", SeriesStatus.ACTIVE, None, DESK, _("Put a day back"), needs=("on",)),
        step("end", SeriesStatus.ACTIVE, SeriesStatus.ENDED, {*DESK, CLOCK}, _("End")),
    ),
)

TRIP = Life(
    name="trip",
    start=TripStatus.PLANNED,
    states=dict(TripStatus.choices),
    steps=(
        step("start", TripStatus.PLANNED, TripStatus.UNDER_WAY, {*DESK, *CREW}, _("Set off")),
        step("finish", TripStatus.UNDER_WAY, TripStatus.DONE, {*DESK, *CREW}, _("Back at the depot")),
        # Pressed by mistake, and taken back on the phone.
        step("unstart", TripStatus.UNDER_WAY, TripStatus.PLANNED, {*DESK, *CREW}, _("Not set off after all")),
        step("unfinish", TripStatus.DONE, TripStatus.UNDER_WAY, {*DESK, *CREW}, _("Not back after all")),
        step(
            "cancel", TripStatus.PLANNED, TripStatus.CANCELLED, DESK, _("Call off the day"), needs=("note",)
        ),
        # The crew went all the same, and the desk says so.
        step("restore", TripStatus.CANCELLED, TripStatus.PLANNED, DESK, _("Put back")),
    ),
)

VISIT = Life(
    name="visit",
    start=VisitStatus.PLANNED,
    states=dict(VisitStatus.choices),
    steps=(
        step("move", VisitStatus.PLANNED, None, DESK, _("Move the visit"), needs=("begins_at",)),
        step("pin", VisitStatus.PLANNED, None, DESK, _("Pin")),
        step("unpin", VisitStatus.PLANNED, None, DESK, _("Let plans move it")),
        step("arrive", VisitStatus.PLANNED, VisitStatus.ARRIVED, {*DESK, *CREW}, _("Arrive")),
        step("leave", VisitStatus.ARRIVED, VisitStatus.DONE, {*DESK, *CREW}, _("Leave")),
        step(
            "skip", VisitStatus.PLANNED, VisitStatus.MISSED, {*DESK, *CREW}, _("Leave out"), needs=("note",)
        ),
        # The clock says at night that nobody came; a phone that was without network may still say otherwise.
        step("miss", VisitStatus.PLANNED, VisitStatus.MISSED, {CLOCK}, _("Note as not visited")),
        step(
            "arrive_late",
            VisitStatus.MISSED,
            VisitStatus.ARRIVED,
            {*DESK, *CREW},
            _("Note as visited after all"),
        ),
        # Pressed by mistake, and taken back on the phone.
        step(
            "unarrive", VisitStatus.ARRIVED, VisitStatus.PLANNED, {*DESK, *CREW}, _("Not arrived after all")
        ),
        step("unleave", VisitStatus.DONE, VisitStatus.ARRIVED, {*DESK, *CREW}, _("Not left after all")),
        step("unskip", VisitStatus.MISSED, VisitStatus.PLANNED, {*DESK, *CREW}, _("Not left out after all")),
        step(
            "cancel",
            VisitStatus.PLANNED,
            VisitStatus.CANCELLED,
            DESK,
            _("Call off the visit"),
            needs=("note",),
        ),
        step("restore", VisitStatus.CANCELLED, VisitStatus.PLANNED, DESK, _("Put back")),
    ),
)

REQUEST = Life(
    name="visit request",
    start=RequestStatus.UNCONFIRMED,
    states=dict(RequestStatus.choices),
    steps=(
        # By the link in the mail; or by the desk, which has called somebody who gave only a telephone.
        step(
            "confirm", RequestStatus.UNCONFIRMED, RequestStatus.OPEN, {"asker:mailbox", *DESK}, _("Confirm")
        ),
        step("locate", OPEN_REQUESTS, None, DESK, _("Say which stop it is")),
        step(
            "propose",
            OPEN_REQUESTS,
            RequestStatus.PROPOSED,
            DESK,
            _("Propose another day"),
            needs=("vehicle", "begins_at"),
        ),
        step("accept", RequestStatus.OPEN, RequestStatus.ACCEPTED, DESK, _("Accept")),
        step("agree", RequestStatus.PROPOSED, RequestStatus.ACCEPTED, ASKER, _("Agree to the day")),
        step(
            "ask_again",
            RequestStatus.PROPOSED,
            RequestStatus.OPEN,
            ASKER,
            _("Ask for another day"),
            needs=("wanted_on",),
        ),
        step("decline", OPEN_REQUESTS, RequestStatus.DECLINED, DESK, _("Decline"), needs=("note",)),
        step("withdraw", OPEN_REQUESTS, RequestStatus.WITHDRAWN, ASKER, _("Take the request back")),
    ),
)

ROUTE_PLAN = Life(
    name="route plan",
    start=RoutePlanStatus.WAITING,
    states=dict(RoutePlanStatus.choices),
    steps=(
        step("begin", RoutePlanStatus.WAITING, RoutePlanStatus.RUNNING, {CLOCK}, _("Begin")),
        step("finish", RoutePlanStatus.RUNNING, RoutePlanStatus.READY, {CLOCK}, _("Finish")),
        step("fail", RoutePlanStatus.RUNNING, RoutePlanStatus.FAILED, {CLOCK}, _("Give up")),
        step("retry", RoutePlanStatus.FAILED, RoutePlanStatus.WAITING, DESK, _("Try again")),
        step(
            "cancel",
            {RoutePlanStatus.WAITING, RoutePlanStatus.RUNNING},
            RoutePlanStatus.CANCELLED,
            DESK,
            _("Cancel"),
        ),
        step("change", RoutePlanStatus.READY, None, DESK, _("Change by hand")),
        step("adopt", RoutePlanStatus.READY, RoutePlanStatus.ADOPTED, DESK, _("Adopt")),
        step("undo", RoutePlanStatus.ADOPTED, RoutePlanStatus.READY, DESK, _("Take the adoption back")),
        step("discard", RoutePlanStatus.READY, RoutePlanStatus.DISCARDED, DESK, _("Discard")),
    ),
)
