"""Answers as pages show them: now, beside the time before (D6). Shared by desk and portal."""

from dataclasses import dataclass

from kerjasama.domain.errors import Sentence
from libraries import questions
from libraries.choices import AnswerValue
from libraries.models import Answer, Assessment
from libraries.services.readiness import previous_of

TONES = {AnswerValue.YES: "good", AnswerValue.PARTLY: "warn", AnswerValue.NO: "bad"}


@dataclass(frozen=True, slots=True)
class Compared:
    """One condition: its answer, and the word of the time before ("" when there was none, or it was the same)."""

    question: questions.Question
    answer: Answer | None
    tone: str
    before: Sentence


@dataclass(frozen=True, slots=True)
class Result:
    share: int
    share_before: int | None
    previous: Assessment | None
    conditions: list[Compared]


def result_of(assessment: Assessment) -> Result | None:
    """What was answered; None before that. Four queries at most."""
    if assessment.answered_on is None:
        return None
    asked = assessment.question_set
    given = {row.question: row for row in assessment.answers.select_related("evidence")}
    previous = previous_of(assessment)
    earlier = {row.question: row.value for row in previous.answers.all()} if previous else {}
    words = dict(AnswerValue.choices)
    conditions = []
    for question in asked.questions:
        answer = given.get(question.code)
        before = earlier.get(question.code, "")
        changed = bool(before) and (answer is None or answer.value != before)
        conditions.append(
            Compared(
                question,
                answer,
                TONES[AnswerValue(answer.value)] if answer else "quiet",
                words[before] if changed else "",
            )
        )
    return Result(
        questions.readiness({code: row.value for code, row in given.items()}, asked),
        questions.readiness(earlier, asked) if previous else None,
        previous,
        conditions,
    )
