"""How each kind of act on many is done to one thing, and how it is taken back where nothing has happened since (U14)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict
from libraries.catalogue.choices import CopyPlace
from libraries.catalogue.models import Copy
from libraries.choices import MessageStatus
from libraries.models import Institution, Message, Notice, User
from libraries.services.notices import settle_where
from loans.choices import CaseKind, CaseStatus, MoveKind
from loans.lifecycle import CASE
from loans.models import Case, Consignment, CustodyMove, LoanLine
from loans.services.claiming import lock_case, report_loss
from loans.services.custody import Move, move_copies
from loans.services.ending_cases import extend_case, reopen_case, retract_report, write_off_case
from loans.services.prompting import remind_of_silence
from loans.services.stepping import take_step

# How a thing is called that does not belong to the library: nothing is told about it.
UNKNOWN = "–"


def write_off(
    *, key: UUID, office: Institution, actor: User, number: str, note: str
) -> tuple[str, dict[str, Any]]:
    """A lost copy through its case; one on the shelf straight from the stock. The record of a case is made later."""
    copy = _copy(key, office)
    case = Case.objects.open().filter(copy=copy).select_related("line__consignment").first()
    if case is not None:
        write_off_case(case=case, actor=actor, number=number, note=note, with_record=False)
    elif copy.place != CopyPlace.SHELF:
        raise Conflict(
            "not_home",
            _("It is not on the shelf now (%(place)s), so it cannot be written off.")
            % {"place": copy.get_place_display()},
        )
    else:
        move_copies(
            [Move(copy.pk, None)],
            kind=MoveKind.WITHDRAW,
            partner_id=office.pk,
            actor=actor,
            on=clock.today(office.zone),
            note=number.strip(),
        )
    return _named(copy), {"move": _last_move(copy), "case": str(case.pk) if case else ""}


def restore(*, key: UUID, office: Institution, actor: User, before: dict[str, Any]) -> None:
    """Back to the shelf, or to being lost with its case open as before."""
    copy = _copy(key, office)
    if _last_move(copy) != before["move"]:
        raise _moved_on()
    if before["case"]:
        case = lock_case(Case.objects.select_related("line__consignment").get(pk=before["case"]))
        if case.status != CaseStatus.WRITTEN_OFF:
            raise _moved_on()
        reopen_case(case, actor=actor)
        return
    move_copies(
        [Move(copy.pk, None)],
        kind=MoveKind.RESTORE,
        partner_id=office.pk,
        actor=actor,
        on=clock.today(office.zone),
    )


def report_lost(*, key: UUID, office: Institution, actor: User, account: str) -> tuple[str, dict[str, Any]]:
    line = _line(key, office)
    case = report_loss(line=line, actor=actor, kind=CaseKind.LOST, account=account)
    return _named(line.copy), {"case": str(case.pk)}


def take_report_back(*, key: UUID, office: Institution, actor: User, before: dict[str, Any]) -> None:
    case = Case.objects.select_related("line__consignment").get(pk=before["case"])
    if case.status != CaseStatus.REPORTED:
        raise _moved_on()
    retract_report(case=case, actor=actor, note=_("Taken back at the desk."))


def remind(*, key: UUID, office: Institution, actor: User) -> tuple[str, dict[str, Any]]:
    row = _delivery(key, office)
    remind_of_silence(consignment=row, actor=actor)
    return f"{row.code}: {row.partner}", {"day": str(clock.today(office.zone))}


def unsay(*, key: UUID, office: Institution, actor: User, before: dict[str, Any]) -> None:
    """A reminder that nobody was sent yet leaves the page; one that is on its way stays."""
    row = _delivery(key, office)
    about = Q(rule="receipt", subject_id=row.pk, recipient=row.partner)
    told = Notice.objects.open().filter(about).order_by("-created_at").first()
    if told is None:
        raise _moved_on()
    gone = Message.objects.filter(notice=told).exclude(
        status__in=[MessageStatus.PENDING, MessageStatus.SILENCED]
    )
    if gone.exists():
        raise Conflict("sent", _("The school has been sent the reminder already."))
    settle_where(Q(pk=told.pk))


def extend(*, key: UUID, office: Institution, actor: User, due_on: date) -> tuple[str, dict[str, Any]]:
    case = _case(key, office)
    was = case.due_on
    extend_case(case=case, actor=actor, due_on=due_on)
    return f"{case.code}: {case.copy.title}", {"due_on": was.isoformat(), "now": due_on.isoformat()}


def shorten(*, key: UUID, office: Institution, actor: User, before: dict[str, Any]) -> None:
    """The day of before holds again, if nothing but this has happened to the case."""
    case = lock_case(_case(key, office))
    last = case.events.order_by("at", "id").last()
    if case.due_on.isoformat() != before["now"] or last is None or last.action != "extend":
        raise _moved_on()
    due_on = date.fromisoformat(before["due_on"])
    take_step(CASE, "extend", case, actor=actor, note=_("Taken back at the desk."), due_on=due_on)
    settle_where(Q(subject_id=case.pk, rule="case_assessed"))


def copy_label(key: UUID, office: Institution) -> str:
    copy = Copy.objects.select_related("title").filter(pk=key, owner=office).first()
    return _named(copy) if copy else UNKNOWN


def line_label(key: UUID, office: Institution) -> str:
    line = LoanLine.objects.select_related("copy__title").filter(pk=key, consignment__lender=office).first()
    return _named(line.copy) if line else UNKNOWN


def delivery_label(key: UUID, office: Institution) -> str:
    row = Consignment.objects.select_related("partner").filter(pk=key, lender=office).first()
    return f"{row.code}: {row.partner}" if row else UNKNOWN


def case_label(key: UUID, office: Institution) -> str:
    row = Case.objects.select_related("copy__title").filter(pk=key, lender=office).first()
    return f"{row.code}: {row.copy.title}" if row else UNKNOWN


def of_copies(keys: list[UUID]) -> Q:
    """The deliveries that acting on these copies will lock."""
    return Q(pk__in=LoanLine.objects.filter(cases__copy__in=keys).values("consignment"))


def of_lines(keys: list[UUID]) -> Q:
    return Q(pk__in=LoanLine.objects.filter(pk__in=keys).values("consignment"))


def of_cases(keys: list[UUID]) -> Q:
    return Q(pk__in=LoanLine.objects.filter(cases__in=keys).values("consignment"))


def _named(copy: Copy) -> str:
    return f"{copy.title} ({copy.barcode})"


def _last_move(copy: Copy) -> int:
    last = CustodyMove.objects.filter(copy=copy).order_by("-sequence").first()
    return last.sequence if last else 0


def _copy(key: UUID, office: Institution) -> Copy:
    copy = Copy.objects.select_related("title").filter(pk=key, owner=office).first()
    if copy is None:
        raise _unknown()
    return copy


def _line(key: UUID, office: Institution) -> LoanLine:
    line = (
        LoanLine.objects.filter(pk=key, consignment__lender=office)
        .select_related("copy__title", "consignment")
        .first()
    )
    if line is None:
        raise _unknown()
    return line


def _delivery(key: UUID, office: Institution) -> Consignment:
    row = Consignment.objects.filter(pk=key, lender=office).select_related("partner").first()
    if row is None:
        raise _unknown()
    return row


def _case(key: UUID, office: Institution) -> Case:
    row = (
        Case.objects.filter(pk=key, lender=office).select_related("copy__title", "line__consignment").first()
    )
    if row is None:
        raise _unknown()
    return row


def _moved_on() -> Conflict:
    return Conflict("moved_on", _("Something has happened to it since; it stays as it is."))


def _unknown() -> Conflict:
    return Conflict("unknown", _("It does not belong to this library."))
