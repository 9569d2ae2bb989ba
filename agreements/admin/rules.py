"""What an office rules for itself: what each kind must say, legal review, notice, review, and how it is numbered (A2, A8)."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from agreements.admin.fields import KEEPERS
from agreements.admin.wording import KINDS
from agreements.choices import AgreementKind, Factor
from agreements.clauses import typed_lines
from agreements.models import KindRule
from agreements.services.ruling import rule_of, set_kind_rule, usual_basis
from agreements.terms import LABELS, REQUIRED
from kerjasama.domain import clock, numbering
from libraries.choices import NUMBERED_AS_AGREEMENTS, PaperKind
from libraries.desk import ActPage, DeskPage
from libraries.models import Institution, NumberPattern
from libraries.services.documents import PAPER_LANGUAGE
from libraries.services.numbering import USUAL_PATTERNS


class KindRuleForm(forms.ModelForm):
    required = forms.MultipleChoiceField(
        label=KindRule._meta.get_field("required").verbose_name,
        choices=Factor.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=KindRule._meta.get_field("required").help_text,
    )

    class Meta:
        model = KindRule
        fields = ("required", "needs_review", "notice_days", "review_months", "legal_basis")
        widgets = {"legal_basis": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only an unwritten one is reviewed; only a written one goes to the lawyers, and cites the law.
        unasked = (
            ("needs_review", "legal_basis")
            if self.instance.kind == AgreementKind.IMPLICIT
            else ("review_months",)
        )
        for name in unasked:
            del self.fields[name]
        if "legal_basis" in self.fields and not self.instance.legal_basis:
            # Whoever adds a line sees those that stand there already, as the paper says them.
            with translation.override(PAPER_LANGUAGE):
                self.initial["legal_basis"] = "\n".join(usual_basis())

    def clean_legal_basis(self) -> str:
        """What is left as usual stays the usual, whatever becomes of it later."""
        typed = typed_lines(self.cleaned_data["legal_basis"])
        with translation.override(PAPER_LANGUAGE):
            return "" if typed == usual_basis() else "\n".join(typed)


class Rules(DeskPage):
    """Each kind with its rule, per office that the reader works at."""

    def get(self, request: HttpRequest) -> HttpResponse:
        offices = list(Institution.objects.offices().filter(pk__in=self.access.offices))
        if self.access.everything:
            offices = list(Institution.objects.offices())
        return self.show(
            "admin/agreements/rules.html", offices=[(office, self.lines(office)) for office in offices]
        )

    def lines(self, office: Institution) -> list[dict[str, Any]]:
        """Two queries to an office."""
        kinds = [*NUMBERED_AS_AGREEMENTS, PaperKind.AGREEMENT]
        today = clock.today(office.zone)
        # A number as it will stand on the paper says more than the pattern behind it.
        patterns = {
            row.kind: numbering.expand(row.pattern, number=1, on=today, code=row.code, unit=row.unit)
            for row in NumberPattern.objects.filter(institution=office, kind__in=kinds)
        }
        rules = {rule.kind: rule for rule in KindRule.objects.filter(office=office)}
        may_keep = bool(self.access.at(office.pk) & KEEPERS)
        found = []
        for kind, text in KINDS.items():
            rule = rules.get(kind) or KindRule(office=office, kind=kind, required=list(REQUIRED[kind]))
            apart = kind in NUMBERED_AS_AGREEMENTS and kind in patterns
            found.append(
                {
                    "rule": rule,
                    "text": text,
                    "required": [LABELS[name] for name in Factor.values if name in rule.required],
                    "basis": typed_lines(rule.legal_basis),
                    "pattern": patterns.get(kind if apart else PaperKind.AGREEMENT)
                    or numbering.expand(USUAL_PATTERNS[PaperKind.AGREEMENT], number=1, on=today, unit="…"),
                    "usual": not apart and PaperKind.AGREEMENT not in patterns,
                    "apart": apart,
                    "url": reverse("work:agreement_rule", args=[office.pk, kind]) if may_keep else "",
                }
            )
        return found


class RuleEdit(ActPage):
    office: Institution
    form_class = KindRuleForm

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.office = get_object_or_404(
            Institution.objects.offices(),
            pk=pk if self.access.everything or pk in self.access.offices else None,
        )
        if kwargs["kind"] not in AgreementKind.values:
            raise Http404
        return rule_of(self.office, kwargs["kind"])

    def make_form(self, *data: Any) -> forms.ModelForm:
        return KindRuleForm(*data, instance=rule_of(self.office, self.subject.kind))

    def title(self) -> str:
        return str(self.subject.get_kind_display())

    def text(self) -> str:
        return _("What %(office)s asks of this kind. Agreements already in force keep what they have.") % {
            "office": self.office
        }

    def label(self) -> str:
        return _("Save")

    def back(self) -> str:
        return reverse("work:agreement_rules")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Rules of agreements"), self.back())]

    def act(self, cleaned: dict[str, Any]) -> str:
        set_kind_rule(actor=self.actor, office=self.office, kind=self.subject.kind, **cleaned)
        return _("Saved.")
