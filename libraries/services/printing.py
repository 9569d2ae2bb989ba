"""Readiness on paper: from rows to the frozen paper of ``libraries.papers`` (D6)."""

from django.utils import translation

from kerjasama.documents.rendering import render_pdf
from libraries import questions
from libraries.models import Assessment
from libraries.papers import Condition, Measure, ReadinessPaper
from libraries.services.letters import letterhead_of
from libraries.services.readiness import previous_of


def readiness_pdf(assessment: Assessment, *, language: str = "id") -> bytes:
    """One page: the answers as bars, those of the time before beside them, and what follows. Kept nowhere."""
    with translation.override(language):
        paper = compose(assessment)
    return render_pdf("readiness", paper, language=language)


def compose(assessment: Assessment) -> ReadinessPaper:
    """Everything the paper says, read from the rows. Before it is answered, the bars are empty."""
    asked = assessment.question_set
    given = {row.question: row for row in assessment.answers.all()}
    values = {code: row.value for code, row in given.items()}
    before = previous_of(assessment)
    earlier = {row.question: row.value for row in before.answers.all()} if before else {}
    return ReadinessPaper(
        letterhead=letterhead_of(assessment.office),
        about=getattr(assessment.about, "name", str(assessment.about)),
        title=asked.title,
        answered_on=assessment.answered_on or assessment.asked_on,
        share=questions.readiness(values, asked),
        share_before=questions.readiness(earlier, asked) if before else None,
        before_on=before.answered_on if before else None,
        conditions=[
            Condition(
                label=question.label,
                wording=question.wording,
                value=values.get(question.code, ""),
                before=earlier.get(question.code, ""),
                note=given[question.code].note if question.code in given else "",
            )
            for question in asked.questions
        ],
        measures=[
            Measure(what=row.what, who=row.who, due_on=row.due_on, state=row.get_status_display())
            for row in assessment.follow_ups.all()
        ],
        review_note=assessment.review_note,
    )
