"""The readiness questions as a form, for both faces: a school's phone, and the desk that writes down what it is told (D6).

What has been chosen is kept on the way (U6), files too, so that an answer left open costs nobody the others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.errors import DomainError, InvalidInput
from libraries.choices import AnswerValue, FilePurpose
from libraries.models import Assessment, StoredFile, User
from libraries.questions import Question
from libraries.services.drafts import draft_of, drop_draft, keep_draft
from libraries.services.readiness import NOTE_LENGTH, GivenAnswer, answer_assessment, keep_evidence

FORM = "readiness"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question as the page shows it: its boxes, and the file that was handed in with it already."""

    question: Question
    value: forms.BoundField
    note: forms.BoundField
    evidence: forms.BoundField
    kept: StoredFile | None


class AnswersForm(forms.Form):
    """Three boxes to a question: the answer, a note, a file."""

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in assessment.question_set.questions:
            self.fields[question.code] = forms.ChoiceField(
                label=question.wording,
                help_text=question.help,
                choices=AnswerValue.choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose yes, partly or no.")},
            )
            self.fields[f"{question.code}_note"] = forms.CharField(
                label=_("Note"),
                required=False,
                max_length=NOTE_LENGTH,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"{question.code}_evidence"] = forms.FileField(
                label=_("File or photograph"),
                required=False,
                help_text=_("A PDF, JPEG or PNG file of at most 10 MB. No pupil on it, please."),
                widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
            )


class Sheet:
    """One person filling in one assessment. ``form`` is what they see, ``kept`` the files handed in so far."""

    def __init__(
        self,
        assessment: Assessment,
        actor: User,
        data: Any = None,
        files: Any = None,
        carried: Mapping[str, Any] | None = None,
    ) -> None:
        self.assessment = assessment
        self.actor = actor
        self.draft = draft_of(user=actor, form=FORM, subject_id=assessment.pk)
        self.form = AnswersForm(
            data,
            files,
            assessment=assessment,
            # What a file box holds is never shown again; the files handed in stand beside it.
            initial={
                name: value
                for name, value in {**self.draft, **(carried or {})}.items()
                if not name.endswith("_evidence")
            },
            auto_id="q_%s",
        )
        self.refusal: DomainError | None = None
        wanted = [
            self.draft[name] for name in self._names("evidence") if isinstance(self.draft.get(name), str)
        ]
        found = StoredFile.objects.filter(
            pk__in=wanted, purpose=FilePurpose.EVIDENCE, uploaded_by=actor
        ).in_bulk()
        self.kept = {str(key): row for key, row in found.items()}

    def asked(self) -> Iterator[AskedQuestion]:
        for question in self.assessment.question_set.questions:
            code = question.code
            yield AskedQuestion(
                question,
                self.form[code],
                self.form[f"{code}_note"],
                self.form[f"{code}_evidence"],
                self._file(code),
            )

    def done(self) -> int:
        """How many questions have an answer that is kept."""
        codes = self.assessment.question_set.codes
        return sum(self.draft.get(code) in AnswerValue.values for code in codes)

    def keep(self, typed: Mapping[str, Any]) -> None:
        """Keep what is chosen and typed so far; nothing is checked and nothing is sent."""
        answers = {name: self.draft[name] for name in self._names("evidence") if name in self.draft}
        for code in self.assessment.question_set.codes:
            value, note = typed.get(code), typed.get(f"{code}_note")
            if value in AnswerValue.values:
                answers[code] = value
            if isinstance(note, str) and note:
                answers[f"{code}_note"] = note[:NOTE_LENGTH]
        self.draft = answers
        keep_draft(user=self.actor, form=FORM, subject_id=self.assessment.pk, answers=answers)

    def send(self, typed: Mapping[str, Any]) -> bool:
        """Hand the answers in. False when something is missing; everything else is kept then, and ``form`` says what."""
        self.form.is_valid()
        self.keep(typed)
        self._keep_files()
        if self.form.errors:
            return False
        given = [
            GivenAnswer(
                code, self.form.cleaned_data[code], self.form.cleaned_data[f"{code}_note"], self._file(code)
            )
            for code in self.assessment.question_set.codes
        ]
        try:
            with transaction.atomic():
                answer_assessment(assessment=self.assessment, actor=self.actor, answers=given)
                drop_draft(user=self.actor, form=FORM, subject_id=self.assessment.pk)
        except DomainError as refusal:
            self.refusal = refusal
            return False
        return True

    def _keep_files(self) -> None:
        for code in self.assessment.question_set.codes:
            name = f"{code}_evidence"
            upload = getattr(self.form, "cleaned_data", {}).get(name)
            if not upload:
                continue
            try:
                row = keep_evidence(assessment=self.assessment, actor=self.actor, upload=upload, field=name)
            except InvalidInput as refusal:
                self.form.add_error(name, str(refusal.message))
                continue
            self.kept[str(row.pk)] = row
            self.draft[name] = str(row.pk)
        keep_draft(user=self.actor, form=FORM, subject_id=self.assessment.pk, answers=self.draft)

    def _file(self, code: str) -> StoredFile | None:
        return self.kept.get(str(self.draft.get(f"{code}_evidence", "")))

    def _names(self, part: str) -> list[str]:
        return [f"{code}_{part}" for code in self.assessment.question_set.codes]
