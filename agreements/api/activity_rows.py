"""What is sent about what is done together, and what is taken."""

from typing import Any

from rest_framework import serializers

from agreements.choices import InvitationAnswer
from agreements.grounds import GROUPS
from agreements.lifecycle import ACTIVITY
from agreements.models import Activity, Agreement
from agreements.services.grounding import usable_agreements
from agreements.services.together import roles_of
from kerjasama.api.inputs import Input, ModelInput, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, LinkShape, Row, Url, link
from libraries.access import access_of
from libraries.models import Institution, Person

COUNTS = tuple(GROUPS)


def runs(row: Activity, audience: Audience) -> bool:
    """Whether the reader works at the office that runs it."""
    return row.office_id in access_of(audience.user).offices or access_of(audience.user).everything


def _actions(row: Activity, audience: Audience) -> list[str]:
    return ACTIVITY.available(row.status, roles_of(audience.user, row)) if audience.user else []


def _office_only(noun: str, name: str) -> Any:
    """A link that only the office that runs the activity may follow, so only it is told."""
    shape = LinkShape(allow_null=True, help_text="For the office that runs it; null for guests.")
    return Computed(
        shape,
        lambda row, audience: link(noun, getattr(row, name), audience) if runs(row, audience) else None,
    )


class ParticipationShape(serializers.Serializer):
    institution = LinkShape()
    answer = serializers.ChoiceField(choices=InvitationAnswer.choices)
    expected = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()
    attended = serializers.IntegerField(allow_null=True)


class InternShape(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField(help_text="Empty once the name was erased.")
    programme = serializers.CharField()
    certificate = LinkShape(allow_null=True)


class CohortShape(serializers.Serializer):
    sender = LinkShape()
    places = serializers.IntegerField()
    letter_number = serializers.CharField()
    letter_on = serializers.DateField(allow_null=True)
    acceptance = LinkShape(allow_null=True)
    erased_on = serializers.DateField(allow_null=True)
    interns = InternShape(many=True)


class ContactShape(serializers.Serializer):
    id = serializers.UUIDField()
    person = LinkShape()
    certificate = LinkShape(allow_null=True)


def _participations(row: Activity, audience: Audience) -> list[dict[str, Any]]:
    """All of them for the office; for a guest its own."""
    everybody = runs(row, audience)
    own = set(access_of(audience.user).institutions)
    return [
        {
            "institution": link("institutions", it.institution, audience),
            "answer": it.answer,
            "expected": it.expected,
            "note": it.note,
            "attended": it.attended,
        }
        for it in row.participations.all()
        if everybody or it.institution_id in own
    ]


def _cohort(row: Activity, audience: Audience) -> dict[str, Any] | None:
    cohort = getattr(row, "cohort", None)
    if cohort is None:
        return None
    own = cohort.sender_id in access_of(audience.user).institutions
    if not own and not runs(row, audience):
        return None
    return {
        "sender": link("institutions", cohort.sender, audience),
        "places": cohort.places,
        "letter_number": cohort.letter_number,
        "letter_on": cohort.letter_on,
        "acceptance": link("documents", cohort.acceptance, audience),
        "erased_on": cohort.erased_on,
        "interns": [
            {
                "id": it.pk,
                "name": it.name,
                "programme": it.programme,
                "certificate": link("documents", it.certificate, audience),
            }
            for it in cohort.interns.all()
        ],
    }


def _contacts(row: Activity, audience: Audience) -> list[dict[str, Any]]:
    if not runs(row, audience):
        return []
    return [
        {
            "id": it.pk,
            "person": link("people", it.person, audience),
            "certificate": link("documents", it.certificate, audience),
        }
        for it in row.attendees.all()
    ]


class ActivityRow(Row):
    url = Url("activities")
    display = Display()
    office = Link("institutions")
    people = Computed(
        serializers.IntegerField(help_text="Everybody who took part."), lambda row, audience: row.people
    )
    available_actions = Computed(
        serializers.ListField(
            child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
        ),
        _actions,
    )

    class Meta:
        model = Activity
        example = {
            "display": "Rapat kerja sama sekolah mitra",
            "kind": "meeting",
            "title": "Rapat kerja sama sekolah mitra",
            "office": "Perpustakaan Bung Hatta",
            "ground": "free",
            "place": "Aula lantai 2",
            "status": "invited",
            "people": 0,
            "available_actions": ["invite", "finish", "cancel"],
            "begins_at": "2026-12-01T02:00:00Z",
            "ends_at": "2026-12-01T04:00:00Z",
            "begins_on": "2026-12-01",
            "ends_on": "2026-12-01",
        }
        fields: tuple[str, ...] = (
            "id",
            "url",
            "display",
            "kind",
            "title",
            "status",
            "ground",
            "office",
            "begins_at",
            "ends_at",
            "begins_on",
            "ends_on",
            "place",
            "people",
            "available_actions",
            "version",
            "created_at",
            "updated_at",
        )


class ActivityDetail(ActivityRow):
    agreement = _office_only("agreements", "agreement")
    minutes_document = _office_only("documents", "minutes_document")
    participations = Computed(
        ParticipationShape(many=True, help_text="All for the office; for a guest its own."), _participations
    )
    cohort = Computed(
        CohortShape(allow_null=True, help_text="The interns, for the office and for who sends them."), _cohort
    )
    contacts = Computed(
        ContactShape(many=True, help_text="Official contacts who took part, for the office."), _contacts
    )

    class Meta(ActivityRow.Meta):
        fields = (
            *ActivityRow.Meta.fields,
            "plan",
            *COUNTS,
            "minutes",
            "result",
            "agreement",
            "minutes_document",
            "participations",
            "cohort",
            "contacts",
        )


# --- what is taken -----------------------------------------------------------------------------------------------


class UsableAgreement(serializers.PrimaryKeyRelatedField):
    """An agreement that an activity of one of the sender's offices may stand on, one of a body above it included."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Agreement.objects.none(), **kwargs)

    def get_queryset(self) -> Any:
        request = self.context.get("request")
        access = access_of(request.user) if request is not None else None
        if access is None:
            return Agreement.objects.none()
        return Agreement.objects.all() if access.everything else usable_agreements(access.offices)


class ActivityChange(ModelInput):
    agreement = UsableAgreement(
        required=False, allow_null=True, help_text="Needed for internship, training, joint event, exhibition."
    )

    class Meta:
        model = Activity
        fields: tuple[str, ...] = ("kind", "title", "agreement", "begins_at", "ends_at", "place", "plan")


class ActivityInput(ActivityChange):
    office = Visible(Institution, help_text="The library that runs it; you must work there.")

    class Meta(ActivityChange.Meta):
        fields = ("office", *ActivityChange.Meta.fields)


class InviteInput(Input):
    institutions = serializers.ListField(child=Visible(Institution), allow_empty=False, max_length=200)


class InvitationInput(Input):
    institution = Visible(
        Institution, required=False, help_text="For whom you answer, where you speak for several."
    )
    expected = serializers.IntegerField(required=False, min_value=1, max_value=30_000)
    note = serializers.CharField(required=False, max_length=2000)


class DeclineInput(Input):
    institution = Visible(Institution, required=False)
    note = serializers.CharField(max_length=2000, help_text="Why; the library reads it.")


class AttendanceLine(Input):
    institution = Visible(Institution)
    people = serializers.IntegerField(min_value=0, max_value=30_000)


class RecordInput(Input):
    result = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    minutes = serializers.CharField(required=False, allow_blank=True, max_length=100_000)
    pupils = serializers.IntegerField(required=False, min_value=0, max_value=1_000_000)
    students = serializers.IntegerField(required=False, min_value=0, max_value=1_000_000)
    teachers = serializers.IntegerField(required=False, min_value=0, max_value=1_000_000)
    librarians = serializers.IntegerField(required=False, min_value=0, max_value=1_000_000)
    parents = serializers.IntegerField(required=False, min_value=0, max_value=1_000_000)
    public = serializers.IntegerField(required=False, min_value=0, max_value=1_000_000)
    attendance = AttendanceLine(many=True, required=False, help_text="With how many each institution came.")


class CohortInput(Input):
    sender = Visible(Institution)
    places = serializers.IntegerField(min_value=1, max_value=500)
    letter_number = serializers.CharField(required=False, allow_blank=True, max_length=120)
    letter_on = serializers.DateField(required=False, allow_null=True)


class InternInput(Input):
    name = serializers.CharField(max_length=120)
    programme = serializers.CharField(max_length=120)
    of_age = serializers.BooleanField(help_text="Must be true: only adults are taken down by name.")


class AttendanceInput(Input):
    on = serializers.DateField()
    present = serializers.ListField(child=serializers.UUIDField(), max_length=500)


class ContactInput(Input):
    person = Visible(Person)


class EvidenceInput(Input):
    file = serializers.FileField(help_text="PDF, JPEG or PNG.")
    caption = serializers.CharField(required=False, allow_blank=True, max_length=200)
