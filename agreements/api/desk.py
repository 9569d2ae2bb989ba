"""The desk over the API: whom we serve, what is permitted, and the offices' own rules (F6)."""

from typing import Any

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.choices import Audience as Who
from agreements.choices import CooperationForm, DeskOutcome, Proof
from agreements.models import BorrowingRule, DeskCount
from agreements.services.desk_check import DeskAnswer, check_at_desk
from agreements.services.permits import Permit, permission
from kerjasama.api.filtering import refuse_unknown
from kerjasama.api.inputs import Input, Visible
from kerjasama.api.rows import Audience, Display, Link, LinkShape, PlainRow, Row, Url, link
from kerjasama.api.viewsets import ReadViewSet
from kerjasama.domain import clock
from kerjasama.domain.errors import NotPermitted
from kerjasama.filters import RecordFilter, related
from libraries.access import access_of
from libraries.choices import OFFICE_ROLES
from libraries.models import Institution, Region

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"
PARTNER_ID = "01935c7e-9b11-7a02-8e41-5d2f6c7a9b20"
CHECK_EXAMPLE = {"institution": PARTNER_ID, "proof": "enrolment_letter"}


class BorrowedRegionRow(PlainRow):
    code = serializers.CharField()
    name = serializers.CharField()


class BorrowingRuleRow(Row):
    url = Url("borrowing-rules")
    display = Display()
    office = Link("institutions")
    regions = BorrowedRegionRow(many=True)

    class Meta:
        model = BorrowingRule
        example = {
            "display": "Perpustakaan Bung Hatta",
            "office": "Perpustakaan Bung Hatta",
            "regions": [{"code": "13.75", "name": "Kota Bukittinggi"}],
            "loan_limit": 2,
            "loan_days": 7,
            "note": "",
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "regions",
            "loan_limit",
            "loan_days",
            "note",
            "version",
            "created_at",
            "updated_at",
        )


class BorrowingRuleFilter(RecordFilter):
    office = related(Institution)

    class Meta:
        model = BorrowingRule
        fields = ["office", "updated_since"]


class BorrowingRuleViewSet(ReadViewSet):
    """Who may borrow from a library without any agreement: people whose identity card is of its regions."""

    scope_noun = "borrowing-rules"
    queryset = BorrowingRule.objects.select_related("office").prefetch_related("regions")
    serializer_class = BorrowingRuleRow
    filterset_class = BorrowingRuleFilter


class DeskCountRow(Row):
    url = Url("desk-checks")
    office = Link("institutions")

    class Meta:
        model = DeskCount
        example = {"office": "Perpustakaan Bung Hatta", "day": "2026-11-23", "outcome": "borrow", "count": 12}
        fields = ("id", "url", "office", "day", "outcome", "count", "updated_at")


class DeskCountFilter(RecordFilter):
    office = related(Institution)
    outcome = django_filters.MultipleChoiceFilter(choices=DeskOutcome.choices)
    day_from = django_filters.DateFilter(field_name="day", lookup_expr="gte")
    day_until = django_filters.DateFilter(field_name="day", lookup_expr="lte")

    class Meta:
        model = DeskCount
        fields = ["office", "outcome", "day_from", "day_until", "updated_since"]


class DeskCheckInput(Input):
    office = Visible(
        Institution, required=False, help_text="Whose desk; needed only by who works at several libraries."
    )
    institution = Visible(
        Institution,
        required=False,
        allow_null=True,
        help_text="Of which institution the person is; null: of none.",
    )
    proof = serializers.ChoiceField(
        choices=Proof.choices, help_text="What is shown. Its number is never asked for."
    )
    audience = serializers.ChoiceField(
        choices=Who.choices,
        required=False,
        allow_blank=True,
        help_text="Who it is, where the proof does not tell.",
    )
    region = serializers.PrimaryKeyRelatedField(
        queryset=Region.objects.all(),
        required=False,
        allow_null=True,
        help_text="Code of the region on the card.",
    )


class DeskAnswerShape(serializers.Serializer):
    """What the desk says."""

    outcome = serializers.ChoiceField(choices=DeskOutcome.choices)
    sentence = serializers.CharField(help_text="For people, in the language of Accept-Language.")
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Why.")
    changes = serializers.ListField(
        child=serializers.CharField(), help_text="What is missing and would change the answer."
    )
    on = serializers.DateField()
    loan_limit = serializers.IntegerField(allow_null=True, help_text="Items at a time; null: none.")
    loan_days = serializers.IntegerField(allow_null=True)
    until = serializers.DateField(allow_null=True, help_text="Back by this day.")
    agreement = LinkShape(allow_null=True)
    clause = serializers.CharField(help_text="The article of the agreement.")
    note = serializers.CharField(help_text="The office's own note for its desk.")


class PermitShape(serializers.Serializer):
    """Whether something is permitted, and on what this rests."""

    allowed = serializers.BooleanField()
    form = serializers.ChoiceField(choices=CooperationForm.choices)
    on = serializers.DateField()
    sentence = serializers.CharField(help_text="For people; when the answer is no, what to do.")
    agreement = LinkShape(allow_null=True)
    clause = serializers.CharField()
    limits = serializers.DictField(help_text="The terms as data, such as `quantity`, `loan_days`, `until`.")
    sentences = serializers.ListField(child=serializers.CharField(), help_text="What the article says.")


class DeskCheckViewSet(ReadViewSet):
    """The check at the desk. Nothing of it is kept but how many answers of each kind an office gave on a day."""

    scope_noun = "desk-checks"
    queryset = DeskCount.objects.select_related("office")
    serializer_class = DeskCountRow
    filterset_class = DeskCountFilter

    @extend_schema(
        request=DeskCheckInput,
        responses={200: DeskAnswerShape},
        examples=[OpenApiExample("Request", value=CHECK_EXAMPLE, request_only=True)],
        operation_id="desk_checks_create",
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """May somebody read or borrow here, how much, until when, under which agreement; and what would change that."""
        given = self.taken(DeskCheckInput)
        office = given.pop("office", None) or self.own_office()
        said = check_at_desk(
            actor=self.actor,
            office=office,
            institution=given.get("institution"),
            proof=given["proof"],
            audience=given.get("audience", ""),
            region=given.get("region"),
        )
        return Response(_told(said, ("outcome", "sentence", "reasons", "changes", "on", "loan_limit", "loan_days",
                                     "until", "clause", "note"), Audience(request)))  # fmt: skip

    def own_office(self) -> Institution:
        access = access_of(self.actor)
        offices = list(Institution.objects.offices().filter(pk__in=access.having(OFFICE_ROLES))[:2])
        if not offices:
            raise NotPermitted("role_missing", _("Only the staff of a library check at its desk."))
        if len(offices) > 1:
            raise serializers.ValidationError({"office": _("Say at whose desk.")}, code="required")
        return offices[0]


class PermissionQuestion(serializers.Serializer):
    """The parameters of the question."""

    form = serializers.ChoiceField(choices=CooperationForm.choices)
    office = Visible(Institution, help_text="The library that keeps the agreement.")
    partner = Visible(Institution)
    on = serializers.DateField(required=False, help_text="Today, when left out.")
    quantity = serializers.IntegerField(
        required=False, min_value=1, help_text="How many: books, interns, items."
    )


class PermissionMixin:
    """For the agreements themselves: the one place that says what is permitted, at an address of its own."""

    @extend_schema(
        parameters=[PermissionQuestion],
        responses={200: PermitShape},
        filters=False,
        operation_id="permissions_ask",
        description="Whether a form of cooperation is permitted between two institutions on a day, under which agreement "
        "and article, within which limits. Who asks belongs to one of them.",
    )
    def permission(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        known = set(PermissionQuestion().fields)
        refuse_unknown(set(request.query_params) - known, known)
        asked = PermissionQuestion(data=request.query_params, context={"request": request})
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        access = access_of(request.user)
        office, partner = given["office"], given["partner"]
        if not access.everything and not {office.pk, partner.pk} & set(access.institutions):
            raise NotPermitted("role_missing", _("Only the two who cooperate may ask this."))
        said = permission(
            form=given["form"],
            office=office,
            partner=partner,
            on=given.get("on") or clock.today(office.zone),
            quantity=given.get("quantity"),
        )
        names = ("allowed", "form", "on", "sentence", "clause", "limits", "sentences")
        return Response(_told(said, names, Audience(request)))


def _told(said: DeskAnswer | Permit, names: tuple[str, ...], audience: Audience) -> dict[str, Any]:
    told = {name: getattr(said, name) for name in names}
    return told | {"agreement": link("agreements", said.agreement, audience)}
