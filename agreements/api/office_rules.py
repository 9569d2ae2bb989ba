"""What an office rules for itself over the API: templates of drafts, and what each kind of agreement must say (A2, A8)."""

from typing import Any

from rest_framework import serializers

from agreements.api.inputs import ProvisionInput
from agreements.api.rows import AgreementRow
from agreements.choices import AgreementKind, Factor, ReplacementWay
from agreements.filters import KindRuleFilter, TemplateFilter
from agreements.models import Agreement, AgreementTemplate, KindRule, LendingTerm
from agreements.services import ruling, templates
from agreements.services.continuing import WORDS
from kerjasama.api.inputs import Input, ModelInput, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet, ReviseMixin
from libraries.models import Institution

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"
PARTNER_ID = "01935c7e-9b11-7a02-8e41-5d2f6c7a9b20"


def _provisions(row: AgreementTemplate, audience: Audience) -> list[dict[str, Any]]:
    return [{"form": form, **terms} for form, terms in sorted(row.provisions.items())]


class TemplateRow(Row):
    url = Url("agreement-templates")
    display = Display()
    office = Link("institutions", allow_null=True)
    words = Computed(
        serializers.DictField(help_text="Name of a field of the agreement and its text."),
        lambda row, audience: row.words,
    )
    lending = Computed(
        serializers.DictField(allow_null=True, help_text="Terms of lending; null where nothing is lent."),
        lambda row, audience: row.lending,
    )
    provisions = Computed(
        serializers.ListField(
            child=serializers.DictField(), help_text="Terms of the other forms of cooperation."
        ),
        _provisions,
    )

    class Meta:
        model = AgreementTemplate
        example = {
            "display": "PKS sekolah",
            "office": "Perpustakaan Bung Hatta",
            "kind": "pks",
            "name": "PKS sekolah",
            "words": {"aims": "Murid membaca lebih banyak."},
            "lending": {"quantity": 100, "interval_months": 3},
            "provisions": [{"form": "mobile_library", "visits_per_month": 2}],
            "months": 12,
            "is_active": True,
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "kind",
            "name",
            "words",
            "lending",
            "provisions",
            "months",
            "is_active",
            "version",
            "created_at",
            "updated_at",
        )


class KindRuleRow(Row):
    url = Url("kind-rules")
    display = Display()
    office = Link("institutions")

    class Meta:
        model = KindRule
        example = {
            "display": "Perjanjian kerja sama (PKS)",
            "office": "Perpustakaan Bung Hatta",
            "kind": "pks",
            "required": ["aims", "scope", "financing"],
            "needs_review": True,
            "notice_days": 30,
            "review_months": 6,
            "legal_basis": "Undang-Undang Nomor 43 Tahun 2007 tentang Perpustakaan",
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "kind",
            "required",
            "needs_review",
            "notice_days",
            "review_months",
            "legal_basis",
            "version",
            "created_at",
            "updated_at",
        )


class TemplateWords(ModelInput):
    """The fields of a draft that are no days, no parties and no numbers."""

    class Meta:
        model = Agreement
        fields = WORDS


class TemplateLending(ModelInput):
    replacement_ways = serializers.ListField(
        child=serializers.ChoiceField(choices=ReplacementWay.choices), required=False
    )

    class Meta:
        model = LendingTerm
        fields = templates.TERMS_OF_LOAN


class TemplateChange(ModelInput):
    words = TemplateWords(required=False, help_text="What is given replaces all there is.")
    lending = TemplateLending(required=False, allow_null=True, help_text="Null: nothing is lent.")
    provisions = ProvisionInput(many=True, required=False, help_text="What is given replaces all there are.")

    class Meta:
        model = AgreementTemplate
        fields: tuple[str, ...] = ("name", "kind", "words", "lending", "provisions", "months", "is_active")


class TemplateInput(TemplateChange):
    office = Visible(Institution, help_text="The library whose template it is; you must keep its agreements.")

    class Meta(TemplateChange.Meta):
        fields = ("office", *TemplateChange.Meta.fields)


class TemplateNameInput(Input):
    name = serializers.CharField(max_length=120)


class TemplateDraftInput(Input):
    office = Visible(Institution, help_text="The library that keeps the agreement; you must work there.")
    partner = Visible(Institution)
    title = serializers.CharField(max_length=200)
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False, help_text="As long as usual, if left out.")


class KindRuleChange(ModelInput):
    required = serializers.ListField(
        child=serializers.ChoiceField(choices=Factor.choices),
        required=False,
        help_text="What must be filled in before it can come into force.",
    )

    class Meta:
        model = KindRule
        fields: tuple[str, ...] = (
            "required",
            "needs_review",
            "notice_days",
            "review_months",
            "legal_basis",
        )


class KindRuleInput(KindRuleChange):
    office = Visible(Institution, help_text="The library that rules; you must keep its agreements.")
    kind = serializers.ChoiceField(choices=AgreementKind.choices)

    class Meta(KindRuleChange.Meta):
        fields = ("office", "kind", *KindRuleChange.Meta.fields)


def _as_kept(data: dict[str, Any]) -> dict[str, Any]:
    """Plain dictionaries without what was left open, as the template keeps them."""
    kept = dict(data)
    for name in ("words", "lending"):
        if kept.get(name) is not None:
            kept[name] = _filled(kept[name])
    if "provisions" in kept:
        kept["provisions"] = {
            terms["form"]: _filled({name: value for name, value in terms.items() if name != "form"})
            for terms in kept["provisions"]
        }
    return kept


def _filled(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value not in (None, "")}


class TemplateViewSet(CreateMixin, ReviseMixin, ReadViewSet):
    """Words and terms that new drafts begin with: an office's own, and those of every office."""

    scope_noun = "agreement-templates"
    queryset = AgreementTemplate.objects.select_related("office")
    serializer_class = TemplateRow
    filterset_class = TemplateFilter
    create_input = TemplateInput
    revise_input = TemplateChange
    create_example = {
        "office": SOME_ID,
        "kind": "pks",
        "name": "PKS sekolah",
        "months": 12,
        "words": {"aims": "Murid membaca lebih banyak."},
        "lending": {"quantity": 100, "interval_months": 3, "replacement_days": 30, "receipt_days": 3},
        "provisions": [{"form": "mobile_library", "visits_per_month": 2}],
    }
    revise_example = {"is_active": False}
    subject = "template"
    acts = {
        "draft": Act(
            templates.draft_from_template,
            TemplateDraftInput,
            says="Begin a draft with its words and terms.",
            example={
                "office": SOME_ID,
                "partner": PARTNER_ID,
                "title": "Peminjaman koleksi bergilir",
                "starts_on": "2027-01-04",
            },
            answers=AgreementRow,
            status=201,
        )
    }

    def do_create(self, data: dict[str, Any]) -> AgreementTemplate:
        return templates.save_template(actor=self.actor, **_as_kept(data))

    def do_revise(self, row: AgreementTemplate, data: dict[str, Any]) -> AgreementTemplate:
        return templates.save_template(
            actor=self.actor, office=row.office, template=row, version=row.version, **_as_kept(data)
        )


class KindRuleViewSet(CreateMixin, ReviseMixin, ReadViewSet):
    """What offices ask of each kind of agreement where it is not the usual. A POST for a kind that has its rule changes it."""

    scope_noun = "kind-rules"
    queryset = KindRule.objects.select_related("office")
    serializer_class = KindRuleRow
    filterset_class = KindRuleFilter
    create_input = KindRuleInput
    revise_input = KindRuleChange
    create_example = {
        "office": SOME_ID,
        "kind": "pks",
        "required": ["aims", "scope", "financing"],
        "needs_review": True,
        "legal_basis": "Undang-Undang Nomor 43 Tahun 2007 tentang Perpustakaan",
    }
    revise_example = {"notice_days": 60}

    def do_create(self, data: dict[str, Any]) -> KindRule:
        return ruling.set_kind_rule(actor=self.actor, **data)

    def do_revise(self, row: KindRule, data: dict[str, Any]) -> KindRule:
        return ruling.set_kind_rule(actor=self.actor, office=row.office, kind=row.kind, **data)
