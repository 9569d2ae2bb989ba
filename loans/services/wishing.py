"""What schools wish for, and what the library says to it: made, taken back, promised, declined, fulfilled (L10)."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, LimitReached, NotPermitted
from libraries.access import roles_toward
from libraries.catalogue.choices import ReadingLevel
from libraries.catalogue.models import Title
from libraries.models import Institution, User
from libraries.services.notices import announce_all
from loans.choices import LineStatus, PeriodStatus, ProgrammeStatus, Subject, WishPriority
from loans.lifecycle import DESK, SCHOOL, WISH
from loans.models import LoanLine, Period, Programme, Wish
from loans.services.serving import news_of_wishes
from loans.services.stepping import roles_of, take_step, write_event

# Of one school at one library. More cannot be answered with care, nor brought in a year.
MOST_WISHES = 50
# What nobody types: rows that were looked up, and what an answer fills in.
TAKEN_AS_FOUND = {"lender", "partner", "title", "period", "consignment", "wished_by", "answered_on"}


@transaction.atomic
def make_wish(
    *,
    lender: Institution,
    partner: Institution,
    actor: User,
    title: Title | None = None,
    subject: str = "",
    reading_level: str = "",
    words: str = "",
    note: str = "",
    priority: int = WishPriority.WANTED,
) -> Wish:
    """Wish for one thing: a title, a subject with or without a reading level, or a book in the school's own words.

    The answer has ``stock`` and ``free``, so whoever made it can be told at once when the library has no copy. Raises
    NotPermitted (``role_missing``, ``no_programme``), InvalidInput (``one_thing``, ``subject``, ``reading_level``,
    ``priority``), Conflict (``wished_already``, ``title_had``), LimitReached (``too_many_wishes``), ValidationError.
    """
    if not roles_toward(actor, lender=lender.pk, partner=partner.pk) & (SCHOOL | DESK):
        raise NotPermitted(
            "role_missing", _("Only the school itself wishes, or the circulation desk of its library for it.")
        )
    require_running(lender, partner)
    typed = " ".join(words.split())
    wish = Wish(
        lender=lender,
        partner=partner,
        title=title,
        subject=subject,
        reading_level=reading_level,
        words=typed,
        note=note.strip(),
        priority=priority,
        wished_on=clock.today(partner.zone),
        wished_by=actor,
    )
    _require_sense(wish)
    _require_room(wish)
    wish.clean_fields(exclude=TAKEN_AS_FOUND)
    try:
        with transaction.atomic():
            wish.save(force_insert=True)
    except IntegrityError as error:
        # The same title, wished from another library at this moment: the programme that was locked is not the same.
        if "wish_one_open_per_title" not in str(error):
            raise
        raise _wished_already(wish) from error
    write_event(wish, "make", actor=actor, before="")
    return Wish.objects.with_stock().for_list().get(pk=wish.pk)


@transaction.atomic
def withdraw_wish(*, wish: Wish, actor: User) -> Wish:
    """The school needs it no longer."""
    fresh = _lock(wish)
    take_step(WISH, "withdraw", fresh, actor=actor)
    return fresh


@transaction.atomic
def promise_wish(*, wish: Wish, actor: User, period: Period, note: str = "") -> Wish:
    """Say when it comes: with the delivery of a period that is still planned.

    Raises InvalidInput (``other_programme``), Conflict (``period_over``), NotPermitted, TransitionRefused.
    """
    fresh = _lock(wish)
    WISH.ask("promise", fresh.status, roles_of(actor, fresh))
    wanted = Period.objects.select_related("programme").get(pk=period.pk)
    if (wanted.programme.lender_id, wanted.programme.partner_id) != (fresh.lender_id, fresh.partner_id):
        raise InvalidInput(
            "other_programme",
            _("Choose a delivery to %(school)s; this one goes to another school.")
            % {"school": fresh.partner},
            field="period",
        )
    if wanted.status != PeriodStatus.PLANNED:
        raise Conflict(
            "period_over",
            _("This delivery has already gone out or was cancelled. Choose a later one."),
            field="period",
        )
    take_step(
        WISH,
        "promise",
        fresh,
        actor=actor,
        note=note.strip(),
        period=wanted,
        answer=note.strip(),
        answered_on=clock.today(fresh.lender.zone),
    )
    announce_all([news_of_wishes(fresh.lender, fresh.partner)])
    return fresh


@transaction.atomic
def serve_wish(*, wish: Wish, actor: User, note: str = "") -> Wish:
    """It has been brought, by what no delivery can tell by itself: a subject, or a book in the school's own words."""
    fresh = _lock(wish)
    take_step(
        WISH,
        "serve",
        fresh,
        actor=actor,
        note=note.strip(),
        answer=note.strip() or fresh.answer,
        answered_on=clock.today(fresh.lender.zone),
    )
    announce_all([news_of_wishes(fresh.lender, fresh.partner)])
    return fresh


@transaction.atomic
def decline_wish(*, wish: Wish, actor: User, note: str) -> Wish:
    """Say no, with a reason that the school reads. Raises InvalidInput (``reason_missing``)."""
    return _decline([wish], actor, note)[0]


@transaction.atomic
def decline_wishes(*, wishes: Sequence[Wish], actor: User, note: str) -> int:
    """Say no to several with one reason, or to none when one of them cannot be declined. Returns how many."""
    return len(_decline(wishes, actor, note))


def _decline(wishes: Sequence[Wish], actor: User, note: str) -> list[Wish]:
    done = []
    for wish in sorted(wishes, key=lambda row: row.pk):
        fresh = _lock(wish)
        WISH.ask("decline", fresh.status, roles_of(actor, fresh))
        if not note.strip():
            raise InvalidInput(
                "reason_missing", _("Give the reason; the school reads it as the answer."), field="note"
            )
        take_step(
            WISH,
            "decline",
            fresh,
            actor=actor,
            note=note.strip(),
            answer=note.strip(),
            answered_on=clock.today(fresh.lender.zone),
        )
        done.append(fresh)
    schools = {(row.lender_id, row.partner_id): row for row in done}
    announce_all(news_of_wishes(row.lender, row.partner) for row in schools.values())
    return done


def open_wishes(lender: Institution) -> Iterable[tuple[UUID, UUID, int]]:
    """What the planner is told: (partner, title, priority) of every title that is waited for. One query, in one order.

    Only of schools with a running programme: to the others nothing is brought.
    """
    running = Programme.objects.filter(
        lender=lender, partner=OuterRef("partner"), status=ProgrammeStatus.RUNNING
    )
    rows = Wish.objects.open().filter(Exists(running), lender=lender, title__isnull=False)
    found: Iterator[tuple[UUID, UUID, int]] = (
        rows.order_by("partner_id", "title_id")
        .values_list("partner_id", "title_id", "priority")
        .iterator(5000)
    )
    return found


def remark(wish: Wish) -> str:
    """What can be said about a waiting wish at once, from the stock (``with_stock``) alone; "" when there is nothing."""
    if wish.title_id is None or wish.stock:  # type: ignore[attr-defined]
        return ""
    return _("%(library)s has no copy of it that can travel. The wish is noted for the next purchase.") % {
        "library": wish.lender
    }


def lenders_of(partner: Institution) -> QuerySet[Institution]:
    """Libraries that a school can wish from now: those with a running programme for it."""
    running = Programme.objects.filter(lender=OuterRef("pk"), partner=partner, status=ProgrammeStatus.RUNNING)
    return Institution.objects.filter(Exists(running)).order_by("name", "pk")


def require_running(lender: Institution, partner: Institution) -> Programme:
    """The running programme, locked: wishes of one school at one library are counted one after the other."""
    programme = (
        Programme.objects.select_for_update(of=("self",), no_key=True)
        .filter(lender=lender, partner=partner, status=ProgrammeStatus.RUNNING)
        .order_by("pk")
        .first()
    )
    if programme is None:
        raise NotPermitted(
            "no_programme",
            _(
                "%(library)s has no running lending programme for %(school)s, so it cannot bring what is wished. "
                "Ask the library about lending first."
            )
            % {"library": lender, "school": partner},
        )
    return programme


def _require_sense(wish: Wish) -> None:
    if (wish.title_id is not None) + bool(wish.subject) + bool(wish.words) != 1:
        raise InvalidInput(
            "one_thing",
            _("Wish for one thing: choose a title, or choose a subject, or write which book you mean."),
            field="words",
        )
    if wish.subject and wish.subject not in Subject.values:
        raise InvalidInput("subject", _("Choose one of the ten subjects."), field="subject")
    if wish.reading_level and (not wish.subject or wish.reading_level not in ReadingLevel.values):
        raise InvalidInput(
            "reading_level", _("Choose a reading level together with a subject."), field="reading_level"
        )
    if wish.priority not in WishPriority.values:
        raise InvalidInput(
            "priority",
            _("Say how much it is wanted: 1 would be nice, 2 wanted, 3 needed for lessons."),
            field="priority",
        )


def _require_room(wish: Wish) -> None:
    """Not twice, not what the school had, and not more than can be answered."""
    waiting = Wish.objects.open().filter(partner=wish.partner)
    own = waiting.filter(lender=wish.lender)
    if wish.title_id is not None:
        same = waiting.filter(title=wish.title_id)
    elif wish.subject:
        same = own.filter(subject=wish.subject, reading_level=wish.reading_level)
    else:
        same = own.filter(words__iexact=wish.words)
    if same.exists():
        raise _wished_already(wish)
    had = LoanLine.objects.filter(
        consignment__partner=wish.partner, consignment__lender=wish.lender, copy__title=wish.title_id
    ).exclude(status=LineStatus.DROPPED)
    if wish.title_id is not None and had.exists():
        raise Conflict(
            "title_had",
            _(
                "“%(title)s” was with %(school)s before, or is on the list of its next delivery. "
                "Each title comes once; wish for another one."
            )
            % {"title": wish, "school": wish.partner},
            field="title",
        )
    if own.count() >= MOST_WISHES:
        raise LimitReached(
            "too_many_wishes",
            _(
                "%(n)s wishes are waiting, and more are not possible at a time. Take one back that you no longer "
                "need, or wait for an answer."
            )
            % {"n": MOST_WISHES},
            facts={"limit": MOST_WISHES},
        )


def _wished_already(wish: Wish) -> Conflict:
    return Conflict(
        "wished_already",
        _("“%(what)s” is on your list of wishes already.") % {"what": wish},
        field="title" if wish.title_id else "subject" if wish.subject else "words",
    )


def _lock(wish: Wish) -> Wish:
    return (
        Wish.objects.select_for_update(of=("self",), no_key=True)
        .select_related("lender", "partner", "title", "period")
        .get(pk=wish.pk)
    )
