"""Judging a cooperation over a time: begun, written, finished with its figures frozen, opened again (A10, A11)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from agreements import addresses, judging
from agreements.choices import AgreementStatus, EvaluationStatus, Recommendation
from agreements.evaluation_paper import EvaluationPaper
from agreements.judging import FigureLine, ObstacleLine
from agreements.lifecycle import EVALUATION
from agreements.models import Agreement, Evaluation, EvaluationEvent, Indicator, Obstacle
from agreements.services.measuring import require_keeper
from agreements.services.stepping import lock_agreement, roles_of
from kerjasama.documents.paper import Verification
from kerjasama.documents.rendering import render_pdf
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, TransitionRefused, refuse_unknown
from libraries.choices import PaperKind
from libraries.models import Person, User
from libraries.services.documents import issue_document, withdraw_document
from libraries.services.letters import letterhead_of, signatory_of
from libraries.services.notices import Announcement, announce_all, settle

# An evaluation should be finished so long before the end that there is time to agree on what follows.
LEAD = timedelta(days=30)
RULE_DUE = "evaluation_due"
BEGUN = (AgreementStatus.ACTIVE, AgreementStatus.EXPIRED, AgreementStatus.TERMINATED)
EDITABLE = frozenset({"starts_on", "ends_on", "conclusion", "recommendation"})


def finished_evaluation(agreement: Agreement) -> Evaluation | None:
    """The latest finished evaluation of this term; a renewal is a row of its own and asks for its own."""
    return Evaluation.objects.finished().filter(agreement=agreement).order_by("-ends_on", "-id").first()


def evaluation_due_on(agreement: Agreement) -> date | None:
    """The day by which an evaluation should be finished: 30 days before the end. None for an agreement without an end."""
    return agreement.ends_on - LEAD if agreement.ends_on else None


@transaction.atomic
def begin_evaluation(
    *, agreement: Agreement, actor: User, starts_on: date | None = None, ends_on: date | None = None
) -> Evaluation:
    """A draft about the term so far, or about the time given.

    Raises NotPermitted; TransitionRefused (``not_begun``) before the agreement was ever in force; Conflict
    (``already_begun``) while another draft is open; InvalidInput as for the time.
    """
    fresh = lock_agreement(agreement)
    require_keeper(fresh, actor)
    if fresh.status not in BEGUN:
        raise TransitionRefused(
            "not_begun",
            _("There is nothing to judge yet: the agreement has not been in force."),
            facts={"state": fresh.status},
        )
    other = Evaluation.objects.drafts().filter(agreement=fresh).first()
    if other is not None:
        raise Conflict(
            "already_begun",
            _("An evaluation of this agreement is already being written. Go on with that one."),
            facts={"evaluation": other.pk},
        )
    today = clock.today(fresh.office.zone)
    row = Evaluation(
        agreement=fresh,
        starts_on=starts_on or fresh.starts_on or today - timedelta(days=1),
        ends_on=ends_on or min(fresh.ends_on or today, today),
    )
    _require_time(row)
    row.full_clean(exclude=["agreement", "record"])
    row.save(force_insert=True)
    _write_event(row, "begin", actor, before="")
    return row


@transaction.atomic
def revise_evaluation(
    *, evaluation: Evaluation, actor: User, version: int | None = None, **changes: Any
) -> Evaluation:
    """Change the time judged, the conclusion or the recommendation of a draft.

    Raises Conflict (``stale``), TransitionRefused (``not_a_draft``), InvalidInput (``unknown_field`` and as for the time).
    """
    fresh = lock_evaluation(evaluation)
    require_keeper(fresh.agreement, actor)
    if fresh.status != EvaluationStatus.DRAFT:
        raise TransitionRefused(
            "not_a_draft",
            _("This evaluation is finished and its figures are frozen. Open it again to change it."),
            facts={"state": fresh.status},
        )
    if version is not None and version != fresh.version:
        raise Conflict(
            "stale",
            _("Somebody else has saved this evaluation while you were writing. Compare, then save again."),
            facts={"version": fresh.version},
        )
    refuse_unknown(changes, EDITABLE)
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.version += 1
    _require_time(fresh)
    fresh.full_clean(exclude=["agreement", "record"])
    fresh.save(update_fields=[*changes, "version", "updated_at"])
    return fresh


@transaction.atomic
def finish_evaluation(*, evaluation: Evaluation, actor: User) -> Evaluation:
    """Freeze the figures and obstacles as they stand and issue the paper; from now on the partner sees it.

    Raises InvalidInput (``incomplete``) naming all that is missing: an indicator, a measurement in the time judged, the
    conclusion, the recommendation.
    """
    fresh = lock_evaluation(evaluation)
    agreement = fresh.agreement
    step = EVALUATION.ask("finish", fresh.status, roles_of(actor, agreement))
    figures, obstacles = figures_of(fresh), obstacles_of(fresh)
    _require_complete(fresh, figures)
    today = clock.today(agreement.office.zone)
    fresh.record = {
        "figures": [judging.frozen(line) for line in figures],
        "obstacles": [judging.frozen(line) for line in obstacles],
    }
    fresh.finished_on = today
    fresh.document = issue_document(
        issuer=agreement.office,
        recipient=agreement.partner,
        kind=PaperKind.EVALUATION,
        title=lambda: _("Evaluation of the cooperation with %(partner)s") % {"partner": agreement.partner},
        template="evaluation",
        compose=lambda number, verification: compose(fresh, number, verification),
        on=today,
        actor=actor,
        number=fresh.number,
    )
    fresh.number = fresh.document.number
    before, fresh.status = fresh.status, step.target or fresh.status
    fresh.version += 1
    fresh.save(
        update_fields=["record", "finished_on", "document", "number", "status", "version", "updated_at"]
    )
    _write_event(fresh, "finish", actor, before=before)
    settle(agreement.pk, [RULE_DUE])
    _tell_partners(fresh)
    return fresh


@transaction.atomic
def reopen_evaluation(*, evaluation: Evaluation, actor: User, note: str) -> Evaluation:
    """Back to a draft, with a reason: its paper is withdrawn, the partner does not see it, and figures are live again.

    Raises Conflict (``already_begun``) while another evaluation of the agreement is being written.
    """
    fresh = lock_evaluation(evaluation)
    step = EVALUATION.ask("reopen", fresh.status, roles_of(actor, fresh.agreement))
    if not note.strip():
        raise InvalidInput("reason_missing", _("Say why it is opened again."), field="note")
    if Evaluation.objects.drafts().filter(agreement=fresh.agreement_id).exists():
        raise Conflict(
            "already_begun",
            _("Another evaluation of this agreement is being written. Finish that one first."),
            facts={"state": fresh.status},
        )
    if fresh.document is not None:
        withdraw_document(document=fresh.document)
    settle(fresh.pk)
    before, fresh.status = fresh.status, step.target or fresh.status
    fresh.document, fresh.finished_on, fresh.record = None, None, {}
    fresh.version += 1
    fresh.save(update_fields=["document", "finished_on", "record", "status", "version", "updated_at"])
    _write_event(fresh, "reopen", actor, before=before, note=note)
    return fresh


def lock_evaluation(evaluation: Evaluation) -> Evaluation:
    """The fresh row, locked behind its agreement."""
    agreement = lock_agreement(evaluation.agreement)
    fresh = (
        Evaluation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("document")
        .get(pk=evaluation.pk)
    )
    fresh.agreement = agreement
    return fresh


def figures_of(evaluation: Evaluation) -> list[FigureLine]:
    """The lines of an evaluation: as frozen when it is finished, else from the rows as they are now."""
    if evaluation.is_finished:
        return [judging.thawed_figure(kept) for kept in evaluation.record.get("figures", ())]
    rows: Iterable[Indicator] = evaluation.agreement.indicators.all()
    return [_figure(row, evaluation.starts_on, evaluation.ends_on) for row in rows]


def obstacles_of(evaluation: Evaluation) -> list[ObstacleLine]:
    """Obstacles noted by the end of the time judged and not resolved before it began; frozen ones when it is finished."""
    if evaluation.is_finished:
        return [judging.thawed_obstacle(kept) for kept in evaluation.record.get("obstacles", ())]
    rows: Iterable[Obstacle] = evaluation.agreement.obstacles.all()
    return [
        ObstacleLine(
            kind=row.kind,
            description=row.description,
            remedy=row.remedy,
            owner=str(row.owner) if row.owner else "",
            due_on=row.due_on,
            resolved_on=row.resolved_on,
            resolution=row.resolution,
        )
        for row in rows
        if row.resolved_on is None or row.resolved_on >= evaluation.starts_on
    ]


def draft_pdf(evaluation: Evaluation, *, language: str = "id") -> bytes:
    """The paper as it would be now, with a watermark."""
    with translation.override(language):
        paper = compose(evaluation, evaluation.number, None)
    return render_pdf("evaluation", paper, language=language, draft=True)


def compose(evaluation: Evaluation, number: str, verification: Verification | None) -> EvaluationPaper:
    agreement = evaluation.agreement
    signs = Person.objects.filter(institution=agreement.office_id, signs=True).first()
    return EvaluationPaper(
        number=number,
        on=evaluation.finished_on,
        letterhead=letterhead_of(agreement.office),
        agreement=str(agreement),
        subject=agreement.title,
        partner=agreement.partner.name,
        starts_on=evaluation.starts_on,
        ends_on=evaluation.ends_on,
        figures=figures_of(evaluation),
        obstacles=obstacles_of(evaluation),
        conclusion=evaluation.conclusion,
        recommendation=evaluation.recommendation,
        signatory=signatory_of(agreement.office, signs),
        place=agreement.office.city,
        verification=verification,
    )


def missing(evaluation: Evaluation, figures: list[FigureLine] | None = None) -> list[str]:
    """What an evaluation cannot be finished without, in words; empty when it may be."""
    lines = figures_of(evaluation) if figures is None else figures
    gaps = []
    if not lines:
        gaps.append(_("an indicator"))
    elif all(line.measured is None for line in lines):
        gaps.append(_("a measurement in the time judged"))
    if not evaluation.conclusion.strip():
        gaps.append(_("the conclusion"))
    if evaluation.recommendation not in Recommendation.values:
        gaps.append(_("the recommendation"))
    return gaps


def _require_complete(evaluation: Evaluation, figures: list[FigureLine]) -> None:
    gaps = missing(evaluation, figures)
    if gaps:
        raise InvalidInput(
            "incomplete",
            _("The evaluation still lacks: %(gaps)s. Fill this in first.") % {"gaps": ", ".join(gaps)},
            facts={"missing": gaps, "state": evaluation.status},
        )


def _require_time(evaluation: Evaluation) -> None:
    """Raises InvalidInput (``time_reversed``, ``outside_term``, ``date_to_come``)."""
    agreement = evaluation.agreement
    if evaluation.ends_on <= evaluation.starts_on:
        raise InvalidInput("time_reversed", _("The last day must be after the first."), field="ends_on")
    if evaluation.ends_on > clock.today(agreement.office.zone):
        raise InvalidInput(
            "date_to_come", _("This time is not over yet. Judge until today at most."), field="ends_on"
        )
    for name, outside in (
        ("starts_on", agreement.starts_on and evaluation.starts_on < agreement.starts_on),
        ("ends_on", agreement.ends_on and evaluation.ends_on > agreement.ends_on),
    ):
        if outside:
            raise InvalidInput(
                "outside_term",
                _("The time judged must lie within the term of the agreement, %(start)s to %(end)s.")
                % {"start": agreement.starts_on, "end": agreement.ends_on},
                field=name,
            )


def _figure(row: Indicator, starts_on: date, ends_on: date) -> FigureLine:
    within = [
        each for each in row.measurements.all() if starts_on <= each.starts_on and each.ends_on <= ends_on
    ]
    values = [judging.Value(each.starts_on, each.ends_on, each.value) for each in within]
    aim = judging.Aim(
        direction=row.direction,
        gathering=row.gathering,
        baseline=row.baseline_value,
        baseline_from=row.baseline_from,
        baseline_until=row.baseline_until,
        target=row.target_value,
    )
    judged = judging.judge(aim, values)
    sources = {each.source for each in within}
    return FigureLine(
        name=row.name,
        unit=row.unit,
        direction=row.direction,
        baseline=row.baseline_value,
        baseline_from=row.baseline_from,
        baseline_until=row.baseline_until,
        baseline_source=row.baseline_source,
        target=row.target_value,
        target_on=row.target_on,
        measured=judged.measured,
        now=judged.now,
        days=judged.days,
        verdict=str(judged.verdict),
        source="both" if len(sources) > 1 else str(next(iter(sources), "")),
    )


def _tell_partners(row: Evaluation) -> None:
    """Every other party is told that there is something to read."""
    agreement = row.agreement
    others = agreement.parties.exclude(institution=agreement.office_id).select_related("institution")
    announce_all(
        Announcement(
            recipient=party.institution,
            sender=agreement.office,
            rule="evaluation_finished",
            rung=row.version,  # finished again, it is told again
            subject_kind="evaluation",
            subject_id=row.pk,
            due_on=row.finished_on or clock.today(agreement.office.zone),
            context={
                "lender": str(agreement.office),
                "agreement": str(agreement),
                "title": agreement.title,
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
            },
            path=addresses.evaluation_for_party(row.pk, is_office=party.institution.is_office),
        )
        for party in others
    )


def _write_event(row: Evaluation, action: str, actor: User, *, before: str, note: str = "") -> None:
    EvaluationEvent.objects.create(
        subject=row,
        action=action,
        from_state=before,
        to_state=row.status,
        actor=actor,
        at=clock.now(),
        note=note,
    )
