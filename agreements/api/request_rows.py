"""What is sent and taken about requests to cooperate."""

from rest_framework import serializers

from agreements.choices import AgreementKind, CooperationForm
from agreements.lifecycle import KEEPS, REQUEST
from agreements.models import CooperationRequest, RequestMessage
from agreements.services.requesting.stepping import PARTNER, roles_of
from agreements.services.requesting.talking import SPOKEN_OF
from kerjasama.api.inputs import Input, ModelInput, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from libraries.models import Institution


def _actions(row: CooperationRequest, audience: Audience) -> list[str]:
    if not audience.user:
        return []
    roles = roles_of(audience.user, row)
    may_write = row.status in SPOKEN_OF and roles & (KEEPS | PARTNER)
    return [*REQUEST.available(row.status, roles), *(["write"] if may_write else [])]


class CooperationRequestRow(Row):
    url = Url("cooperation-requests")
    display = Display()
    office = Link("institutions")
    institution = Link("institutions", allow_null=True)
    asker = Computed(
        serializers.CharField(help_text="Who the other side is, also where it is not in the directory."),
        lambda row, audience: row.asker_name,
    )
    forms = serializers.ListField(child=serializers.ChoiceField(choices=CooperationForm.choices))
    available_actions = Computed(
        serializers.ListField(
            child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
        ),
        _actions,
    )

    class Meta:
        model = CooperationRequest
        example = {
            "display": "Pojok baca untuk kelas rendah",
            "subject": "Pojok baca untuk kelas rendah",
            "office": "Perpustakaan Bung Hatta",
            "institution": "SDN 01",
            "asker": "SDN 01",
            "came_by": "portal",
            "status": "received",
            "turn": "office",
            "forms": ["collection_loan", "joint_events"],
            "available_actions": ["discuss", "meet", "link", "accept", "decline", "write"],
            "wishes": "Seratus buku cerita, ditukar setiap tiga bulan.",
            "meeting_place": "",
            "institution_name": "",
            "contact_name": "",
            "agreement": None,
        }
        fields: tuple[str, ...] = (
            "id",
            "url",
            "display",
            "subject",
            "office",
            "institution",
            "asker",
            "came_by",
            "status",
            "turn",
            "forms",
            "asked_at",
            "closed_at",
            "available_actions",
            "created_at",
            "updated_at",
        )


class CooperationRequestDetail(CooperationRequestRow):
    agreement = Link(
        "agreements",
        allow_null=True,
        help_text="The draft that it became; a partner may read it once it is sent for signature.",
    )

    class Meta(CooperationRequestRow.Meta):
        fields = (
            *CooperationRequestRow.Meta.fields,
            "wishes",
            "wanted_from",
            "wanted_months",
            "pupils",
            "books",
            "meeting_on",
            "meeting_time",
            "meeting_place",
            "institution_name",
            "institution_kind",
            "institution_city",
            "contact_name",
            "contact_position",
            "contact_email",
            "contact_phone",
            "contact_erased_at",
            "closing_note",
            "agreement",
        )


class RequestMessageRow(Row):
    author = Computed(
        serializers.CharField(help_text="Who; empty when it came by the link in a mail."),
        lambda row, audience: str(row.author) if row.author_id else "",
    )
    attachment = Computed(
        serializers.CharField(help_text="The name of the attached file; empty when there is none."),
        lambda row, audience: row.attachment.original_name if row.attachment_id else "",
    )

    class Meta:
        model = RequestMessage
        example = {"author": "Dewi Anggraini", "side": "office", "text": "Berapa kelas?", "attachment": ""}
        fields = ("id", "side", "author", "at", "text", "attachment")


class CooperationRequestInput(ModelInput):
    office = Visible(Institution, help_text="The library that is asked, or that asks.")
    institution = Visible(
        Institution,
        help_text="The partner. From the partner's own people it is a request, from the library's an invitation.",
    )
    forms = serializers.ListField(
        child=serializers.ChoiceField(choices=CooperationForm.choices), required=False
    )

    class Meta:
        model = CooperationRequest
        fields = (
            "office",
            "institution",
            "subject",
            "wishes",
            "forms",
            "wanted_from",
            "wanted_months",
            "pupils",
            "books",
        )


class MessageInput(Input):
    text = serializers.CharField(max_length=4000)
    file = serializers.FileField(
        required=False, help_text="A PDF, JPEG or PNG file; send the body as multipart then."
    )


class MeetingInput(Input):
    on = serializers.DateField()
    at = serializers.TimeField(required=False, allow_null=True)
    place = serializers.CharField(max_length=200)


class LinkInput(Input):
    institution = Visible(
        Institution, help_text="The institution of the directory that the stranger speaks for."
    )


class AcceptInput(Input):
    kind = serializers.ChoiceField(choices=AgreementKind.choices)
    title = serializers.CharField(max_length=200, required=False, help_text="Empty: the subject.")
    starts_on = serializers.DateField(required=False, help_text="Left out: as wished.")
    ends_on = serializers.DateField(required=False, help_text="Left out: as wished.")


class WithdrawInput(Input):
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)
