"""Activities on paper: letters of acceptance, certificates, lists, minutes (F9, F11)."""

from collections.abc import Callable
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Q
from django.utils import translation
from django.utils.translation import gettext as _

from agreements.activity_papers import (
    AcceptancePaper,
    CertificatePaper,
    CohortListPaper,
    Guest,
    ListedIntern,
    MinutesPaper,
)
from agreements.choices import ActivityStatus, InvitationAnswer
from agreements.grounds import CERTIFIED_KINDS
from agreements.models import Activity, AttendanceDay, Attendee, Cohort, Intern
from agreements.services.together import require_runs, write_event
from kerjasama.documents.paper import Signatory, Verification
from kerjasama.documents.rendering import render_pdf
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.choices import PaperKind
from libraries.models import Document, Institution, Person, User
from libraries.services.documents import issue_document, rewrite_document, withdraw_document
from libraries.services.letters import letterhead_of, signatory_of


@transaction.atomic
def accept_interns(*, activity: Activity, actor: User) -> Document:
    """The numbered letter that accepts the interns. Issued again, it keeps its number and the earlier one is withdrawn.

    Raises Conflict (``no_cohort``, ``called_off``, ``names_erased``).
    """
    fresh = _lock(activity, actor)
    cohort = _cohort_of(fresh)
    if fresh.status == ActivityStatus.CANCELLED:
        raise Conflict("called_off", _("The internship is called off."), facts={"state": fresh.status})
    cohort.acceptance = _issue(
        fresh,
        actor,
        PaperKind.ACCEPTANCE,
        "acceptance",
        lambda: _("Acceptance of interns"),
        lambda number, mark: compose_acceptance(cohort, number, _today(fresh), mark),
        recipient=cohort.sender,
        earlier=cohort.acceptance,
        items=cohort.interns.count(),
    )
    cohort.save(update_fields=["acceptance", "updated_at"])
    write_event(fresh, "accept_interns", actor=actor, note=cohort.acceptance.number)
    return cohort.acceptance


@transaction.atomic
def issue_certificates(*, activity: Activity, actor: User) -> list[Document]:
    """A numbered certificate for everybody on the list who has none yet: interns, or the contacts who took part.

    Raises Conflict (``not_done``, ``nobody_left``), InvalidInput (``no_certificates``).
    """
    fresh = _lock(activity, actor)
    if fresh.kind not in CERTIFIED_KINDS:
        raise InvalidInput("no_certificates", _("Activities of this kind end without certificates."))
    if fresh.status != ActivityStatus.DONE:
        raise Conflict(
            "not_done",
            _("Record first that it is done; certificates say what took place."),
            facts={"state": fresh.status},
        )
    cohort = Cohort.objects.filter(activity=fresh).select_related("sender").first()
    receivers: list[Intern | Attendee] = []
    if cohort is not None:
        receivers += list(cohort.interns.filter(certificate__isnull=True).exclude(name=""))
    receivers += list(fresh.attendees.filter(certificate__isnull=True).select_related("person__institution"))
    if not receivers:
        raise Conflict("nobody_left", _("Everybody on the list has a certificate already."))
    shares = attendance_shares(cohort)
    issued = []
    for row in receivers:
        row.certificate = _issue(
            fresh,
            actor,
            PaperKind.CERTIFICATE,
            "certificate",
            # No name in the title: the public page that vouches for the paper shows it.
            lambda: _("Certificate: %(title)s") % {"title": fresh.title},
            lambda number, mark, row=row: (  # type: ignore[misc]
                compose_intern_certificate(row, number, _today(fresh), mark, shares.get(row.pk))
                if isinstance(row, Intern)
                else compose_certificate(row, number, _today(fresh), mark)
            ),
            recipient=row.cohort.sender if isinstance(row, Intern) else row.person.institution,
        )
        row.save(update_fields=["certificate", "updated_at"])
        issued.append(row.certificate)
    write_event(fresh, "certify", actor=actor, note=str(len(issued)))
    return issued


@transaction.atomic
def issue_minutes(*, activity: Activity, actor: User) -> Document:
    """The numbered minutes with the attendance list of the institutions. Issued again, they keep their number.

    Raises Conflict (``not_done``), InvalidInput (``minutes_missing``).
    """
    fresh = _lock(activity, actor)
    if fresh.status != ActivityStatus.DONE:
        raise Conflict(
            "not_done",
            _("Record first that it is done; minutes say what took place."),
            facts={"state": fresh.status},
        )
    if not fresh.minutes:
        raise InvalidInput("minutes_missing", _("Write the minutes first."), field="minutes")
    fresh.minutes_document = _issue(
        fresh,
        actor,
        PaperKind.MINUTES,
        "minutes",
        lambda: _("Minutes: %(title)s") % {"title": fresh.title},
        lambda number, mark: compose_minutes(fresh, number, _today(fresh), mark),
        recipient=None,
        earlier=fresh.minutes_document,
    )
    fresh.version += 1
    fresh.save(update_fields=["minutes_document", "version", "updated_at"])
    write_event(fresh, "issue_minutes", actor=actor, note=fresh.minutes_document.number)
    return fresh.minutes_document


def cohort_list_pdf(cohort: Cohort, *, language: str = "id") -> bytes:
    """All interns with their attendance and certificates, as of now."""
    activity = cohort.activity
    office = activity.office
    shares = attendance_shares(cohort)
    with translation.override(language):
        interns = [
            ListedIntern(
                name=str(row),
                programme=row.programme,
                share=shares.get(row.pk),
                certificate=row.certificate.number if row.certificate else "",
            )
            for row in cohort.interns.select_related("certificate").defer("certificate__content")
        ]
        paper = CohortListPaper(
            letterhead=letterhead_of(office),
            title=activity.title,
            sender=cohort.sender.name,
            begins_on=activity.begins_on,
            ends_on=activity.ends_on,
            printed_on=_today(activity),
            signatory=signatory_for(office),
            interns=interns,
            days=AttendanceDay.objects.filter(intern__cohort=cohort).values("on").distinct().count(),
            place=office.city,
        )
    return render_pdf("cohort_list", paper, language=language)


def rewrite_without_names(cohort: Cohort) -> None:
    """After the names are erased: the letter and the certificates say the same without them."""
    if cohort.acceptance is not None:
        paper = cohort.acceptance
        rewrite_document(
            document=paper,
            compose=lambda mark: compose_acceptance(cohort, paper.number, paper.issued_on, mark),
        )
    for intern in cohort.interns.filter(certificate__isnull=False).select_related(
        "certificate", "cohort__activity__office", "cohort__sender"
    ):
        certificate = intern.certificate
        assert certificate is not None
        kept = certificate.content.get("paper", {}).get("share")
        rewrite_document(
            document=certificate,
            compose=lambda mark, intern=intern, paper=certificate, kept=kept: (  # type: ignore[misc]
                compose_intern_certificate(intern, paper.number, paper.issued_on, mark, kept)
            ),
        )


def compose_acceptance(cohort: Cohort, number: str, on: date, mark: Verification) -> AcceptancePaper:
    activity = cohort.activity
    return AcceptancePaper(
        number=number,
        on=on,
        letterhead=letterhead_of(activity.office),
        sender=signatory_for(activity.office),
        recipient=cohort.sender.name,
        recipient_address=cohort.sender.address,
        letter_number=cohort.letter_number,
        letter_on=cohort.letter_on,
        title=activity.title,
        begins_on=activity.begins_on,
        ends_on=activity.ends_on,
        at=activity.place,
        places=cohort.places,
        interns=[ListedIntern(name=str(row), programme=row.programme) for row in cohort.interns.all()],
        agreement=str(activity.agreement) if activity.agreement else "",
        place=activity.office.city,
        verification=mark,
    )


def compose_intern_certificate(
    intern: Intern, number: str, on: date, mark: Verification, share: int | None
) -> CertificatePaper:
    activity = intern.cohort.activity
    return CertificatePaper(
        number=number,
        on=on,
        letterhead=letterhead_of(activity.office),
        signatory=signatory_for(activity.office),
        name=str(intern),
        belongs_to=f"{intern.programme}, {intern.cohort.sender.name}",
        kind=activity.get_kind_display(),
        title=activity.title,
        begins_on=activity.begins_on,
        ends_on=activity.ends_on,
        intern=True,
        share=share,
        place=activity.office.city,
        verification=mark,
    )


def compose_certificate(attendee: Attendee, number: str, on: date, mark: Verification) -> CertificatePaper:
    activity, person = attendee.activity, attendee.person
    return CertificatePaper(
        number=number,
        on=on,
        letterhead=letterhead_of(activity.office),
        signatory=signatory_for(activity.office),
        name=person.name,
        belongs_to=", ".join(filter(None, (person.position, person.institution.name))),
        kind=activity.get_kind_display(),
        title=activity.title,
        begins_on=activity.begins_on,
        ends_on=activity.ends_on,
        place=activity.office.city,
        verification=mark,
    )


def compose_minutes(activity: Activity, number: str, on: date, mark: Verification) -> MinutesPaper:
    office = activity.office
    contacts: dict[str, list[str]] = {}
    for row in activity.attendees.select_related("person__institution"):
        contacts.setdefault(row.person.institution.name, []).append(row.person.name)
    came = activity.participations.exclude(answer=InvitationAnswer.DECLINED).select_related("institution")
    guests = [Guest(institution=office.name, persons=contacts.pop(office.name, ()))]
    for guest in came:
        name = guest.institution.name
        if guest.attended != 0:
            guests.append(Guest(institution=name, people=guest.attended, persons=contacts.pop(name, ())))
    guests += [Guest(institution=name, persons=persons) for name, persons in contacts.items()]
    zone = ZoneInfo(office.zone)
    return MinutesPaper(
        number=number,
        on=on,
        letterhead=letterhead_of(office),
        signatory=signatory_for(office),
        title=activity.title,
        kind=activity.get_kind_display(),
        held_on=activity.begins_on,
        time=f"{activity.begins_at.astimezone(zone):%H.%M} – {activity.ends_at.astimezone(zone):%H.%M}",
        at=activity.place,
        minutes=activity.minutes,
        guests=guests,
        result=activity.result,
        place=office.city,
        verification=mark,
    )


def signatory_for(office: Institution) -> Signatory:
    """Who signs for the office; dots where nobody is known."""
    return signatory_of(office, Person.objects.filter(institution=office, signs=True).first())


def _issue(
    activity: Activity,
    actor: User,
    kind: str,
    template: str,
    title: Callable[[], str],
    compose: Callable[[str, Verification], AcceptancePaper | CertificatePaper | MinutesPaper],
    *,
    recipient: Institution | None,
    earlier: Document | None = None,
    items: int = 0,
) -> Document:
    if earlier is not None:
        withdraw_document(document=earlier)
    return issue_document(
        issuer=activity.office,
        recipient=recipient,
        kind=kind,
        title=title,
        template=template,
        compose=compose,
        on=_today(activity),
        actor=actor,
        item_count=items,
        number=earlier.number if earlier is not None else "",
    )


def _lock(activity: Activity, actor: User) -> Activity:
    fresh = (
        Activity.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office", "agreement", "minutes_document")
        .get(pk=activity.pk)
    )
    require_runs(actor, fresh.office)
    return fresh


def _cohort_of(activity: Activity) -> Cohort:
    cohort = Cohort.objects.filter(activity=activity).select_related("sender", "acceptance").first()
    if cohort is None:
        raise Conflict("no_cohort", _("Say first which institution sends the interns."))
    if cohort.erased_on is not None:
        raise Conflict(
            "names_erased", _("The names of this internship are erased; its papers stay as they are.")
        )
    cohort.activity = activity
    return cohort


def attendance_shares(cohort: Cohort | None) -> dict[UUID, int]:
    """Per intern, on how many per cent of the days taken down he or she was there. One query."""
    if cohort is None:
        return {}
    days = AttendanceDay.objects.filter(intern__cohort=cohort).order_by().values("intern")
    rows = days.annotate(all=Count("pk"), there=Count("pk", filter=Q(present=True)))
    return {row["intern"]: round(100 * row["there"] / row["all"]) for row in rows}


def _today(activity: Activity) -> date:
    return clock.today(activity.office.zone)
