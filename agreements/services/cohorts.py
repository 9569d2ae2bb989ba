"""Internships: who sends whom, the list of interns of age, their attendance, and the erasing of their names (F11)."""

from collections.abc import Collection
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.choices import ActivityKind, ActivityStatus
from agreements.models import Activity, AttendanceDay, Cohort, Intern
from agreements.services.certifying import rewrite_without_names
from agreements.services.together import require_runs, write_event
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, LimitReached
from libraries.choices import InstitutionKind
from libraries.models import Institution, StoredFile, User
from libraries.services.sweeps import BATCH, Swept, keys_after, row_by_row, sweep

# So long after its last day the names of the interns are kept: for questions about certificates.
KEPT_FOR = timedelta(days=730)
_SCHOOLS = {InstitutionKind.SCHOOL, InstitutionKind.MADRASAH}


@transaction.atomic
def set_cohort(
    *,
    activity: Activity,
    actor: User,
    sender: Institution,
    places: int,
    letter_number: str = "",
    letter_on: date | None = None,
    letter_file: StoredFile | None = None,
) -> Cohort:
    """Who sends the interns, by which letter, and how many places there are. A given file takes the place of an earlier.

    Raises InvalidInput (``not_an_internship``, ``sender_is_school``, ``places_wrong``), Conflict.
    """
    fresh = _lock(activity, actor)
    if fresh.kind != ActivityKind.INTERNSHIP:
        raise InvalidInput("not_an_internship", _("Only an internship has interns. Change the kind first."))
    if fresh.status == ActivityStatus.CANCELLED:
        raise Conflict("called_off", _("The internship is called off."), facts={"state": fresh.status})
    if sender.kind in _SCHOOLS:
        raise InvalidInput(
            "sender_is_school",
            _(
                "Interns are university students of age. Pupils of a school are counted, never taken down by name."
            ),
            field="sender",
        )
    cohort = Cohort.objects.filter(activity=fresh).first() or Cohort(activity=fresh)
    taken = cohort.interns.count() if cohort.pk and not cohort._state.adding else 0
    if not max(1, taken) <= places <= 500:
        raise InvalidInput(
            "places_wrong",
            _("Give a number of places from %(least)s to 500.") % {"least": max(1, taken)},
            field="places",
        )
    cohort.sender, cohort.places = sender, places
    cohort.letter_number, cohort.letter_on = letter_number.strip(), letter_on
    if letter_file is not None:
        cohort.letter_file = letter_file
    cohort.save()
    return cohort


@transaction.atomic
def add_intern(*, activity: Activity, actor: User, name: str, programme: str, of_age: bool) -> Intern:
    """Take down one intern. Raises InvalidInput (``not_of_age``), LimitReached (``places_full``), Conflict."""
    cohort = _cohort(_lock(activity, actor))
    if not of_age:
        raise InvalidInput(
            "not_of_age",
            _("Only students who are of age are taken down by name. Confirm it, or leave the person out."),
            field="of_age",
        )
    if not name.strip() or not programme.strip():
        raise InvalidInput(
            "name_missing",
            _("Type the name and the study programme."),
            field="programme" if name.strip() else "name",
        )
    if cohort.erased_on:
        raise Conflict("names_erased", _("The names of this internship are erased; no more are added."))
    if cohort.interns.count() >= cohort.places:
        raise LimitReached(
            "places_full",
            _("All %(places)s places are taken. Raise the number of places first.")
            % {"places": cohort.places},
        )
    return Intern.objects.create(cohort=cohort, name=name.strip(), programme=programme.strip(), of_age=True)


@transaction.atomic
def remove_intern(*, intern: Intern, actor: User) -> None:
    """Take an intern off the list, with all that was taken down. Raises Conflict (``has_certificate``)."""
    require_runs(actor, intern.cohort.activity.office)
    if intern.certificate_id is not None:
        raise Conflict(
            "has_certificate", _("A certificate was issued already, so the name stays on the list.")
        )
    intern.delete()


@transaction.atomic
def take_attendance(*, activity: Activity, actor: User, on: date, present: Collection[UUID]) -> int:
    """Note for one day who of the interns was there; done again it puts the day right. Returns how many were there.

    Raises InvalidInput (``day_outside``, ``not_an_intern``).
    """
    fresh = _lock(activity, actor)
    cohort = _cohort(fresh)
    if not fresh.begins_on <= on <= min(fresh.ends_on, clock.today(fresh.office.zone)):
        raise InvalidInput(
            "day_outside",
            _("Choose a day of the internship that is not in the future."),
            field="on",
        )
    known = list(cohort.interns.values_list("pk", flat=True))
    if set(present) - set(known):
        raise InvalidInput(
            "not_an_intern", _("Somebody of these is not on the list of interns."), field="present"
        )
    AttendanceDay.objects.bulk_create(
        [AttendanceDay(intern_id=key, on=on, present=key in set(present)) for key in known],
        update_conflicts=True,
        unique_fields=["intern", "on"],
        update_fields=["present"],
    )
    return len(set(present))


def _lock(activity: Activity, actor: User) -> Activity:
    fresh = (
        Activity.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office")
        .get(pk=activity.pk)
    )
    require_runs(actor, fresh.office)
    return fresh


def _cohort(activity: Activity) -> Cohort:
    cohort = Cohort.objects.filter(activity=activity).first()
    if cohort is None:
        raise Conflict("no_cohort", _("Say first which institution sends the interns."))
    return cohort


# --- the clock ---------------------------------------------------------------------------------------------------


def erase_interns(*, batch: int = BATCH) -> Swept:
    """Erase the names of interns whose internship ended two years ago, on the list and on our papers."""
    due = Cohort.objects.filter(erased_on__isnull=True, activity__ends_on__lt=clock.today() - KEPT_FOR)
    return sweep(
        "agreements.erase_interns",
        lambda: row_by_row(partial(keys_after, due), erase_names, batch=batch),
    )


@transaction.atomic
def erase_names(key: UUID) -> bool:
    """Erase the names of one cohort. Numbers, dates and codes of the papers stay, so they can still be verified."""
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("activity__office").get(pk=key)
    if cohort.erased_on is not None:
        return False
    cohort.interns.update(name="", updated_at=clock.now())
    cohort.erased_on = clock.today(cohort.activity.office.zone)
    cohort.save(update_fields=["erased_on", "updated_at"])
    rewrite_without_names(cohort)
    write_event(cohort.activity, "erase", actor=None)
    return True
