"""What is taken about lending."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from agreements.choices import ReplacementWay
from agreements.models import Agreement
from kerjasama.api.inputs import Input, NoteInput, Visible
from libraries.catalogue.choices import Condition, ReadingLevel
from libraries.models import Institution
from loans.choices import CaseKind, DiscrepancyKind, ScanDesk, Settlement
from loans.models import Consignment, LoanLine, Period, QuotaProfile, ReturnVisit, Stocktake
from loans.services.receiving import Difference
from loans.services.scanning import MOST_AT_ONCE


def weekdays_field(**kwargs: Any) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        max_length=7,
        help_text="Weekdays on which swaps are planned, 0 is Monday; empty means every open day.",
        **kwargs,
    )


class ProgrammeInput(Input):
    agreement = Visible(Agreement, help_text="One in force with lending terms.")
    reading_levels = serializers.ListField(
        child=serializers.ChoiceField(choices=ReadingLevel.choices),
        required=False,
        help_text="Levels to choose books from; empty means all.",
    )

    label = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=60,
        help_text="Needed for a further programme of the same agreement, such as “Kelas 1–3”.",
    )
    quantity = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=5000,
        help_text="Books per delivery; what the agreement has left when not given.",
    )
    interval_months = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=60,
        help_text="That of the agreement when not given.",
    )
    weekdays = weekdays_field(required=False)
    profile = Visible(QuotaProfile, required=False, allow_null=True)


class WeekdaysInput(Input):
    weekdays = weekdays_field()


class TermsInput(Input):
    label = serializers.CharField(allow_blank=True, max_length=60)
    quantity = serializers.IntegerField(min_value=1, max_value=5000)
    interval_months = serializers.IntegerField(min_value=1, max_value=60)


class PauseInput(NoteInput):
    until = serializers.DateField(
        required=False,
        allow_null=True,
        help_text="Deliveries planned before this day are left out; the programme goes on by itself on it.",
    )
    call_home = serializers.BooleanField(
        default=False, help_text="Books that are out come back now, not on their day."
    )
    home_on = serializers.DateField(
        required=False, allow_null=True, help_text="By when; in two weeks on an open day when not given."
    )


class HomeInput(NoteInput):
    home_on = serializers.DateField(
        required=False, allow_null=True, help_text="By when; in two weeks on an open day when not given."
    )


class LastDayInput(Input):
    ends_on = serializers.DateField(help_text="The new last day, within the agreement.")


class MoveInput(Input):
    starts_on = serializers.DateField(help_text="The new day of the swap.")
    expected = serializers.DateField(
        required=False,
        allow_null=True,
        help_text="The day on which you saw it; 409 when somebody has moved it meanwhile.",
    )


class LookInput(Input):
    starts_on = serializers.DateField(help_text="The day to be looked at.")


class ConsignmentInput(Input):
    period = Visible(
        Period, help_text="A planned period; its delivery is proposed, or topped up while it is being picked."
    )


class DispatchInput(Input):
    on = serializers.DateField(
        required=False, allow_null=True, help_text="The day of the handover; today when not given."
    )
    leave_out_missing = serializers.BooleanField(
        default=False, help_text="Leave out what is on the list but was not scanned."
    )


class SwapInput(Input):
    leave_out_missing = serializers.BooleanField(
        default=False, help_text="Leave out what is on the new list but was not scanned."
    )


class LineOrBarcode(Input):
    """One book of a delivery, by the id of its line or by its barcode."""

    line = serializers.UUIDField(required=False)
    barcode = serializers.CharField(required=False, max_length=80)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        consignment = data.pop("consignment", None) or self.context["row"]
        line = line_of(consignment, data)
        return {**data, "line": line}


class LossInput(LineOrBarcode):
    kind = serializers.ChoiceField(choices=CaseKind.choices)
    account = serializers.CharField(
        required=False, allow_blank=True, max_length=4000, help_text="What happened."
    )


class CaseInput(LossInput):
    consignment = Visible(Consignment, help_text="The delivery that the book came with.")


def line_of(consignment: Consignment, data: dict[str, Any]) -> LoanLine:
    """Takes ``line`` and ``barcode`` out of ``data``; raises 400 unless exactly one names a book of the delivery."""
    key, barcode = data.pop("line", None), data.pop("barcode", None)
    if (key is None) == (barcode is None):
        raise serializers.ValidationError(_("Name the book either by its line or by its barcode."), "which")
    wanted = {"pk": key} if key is not None else {"copy__barcode": barcode.strip()}
    line = LoanLine.objects.filter(consignment=consignment, **wanted).select_related("consignment").first()
    if line is None:
        raise serializers.ValidationError(
            {"line" if key is not None else "barcode": _("This book is not on the list of this delivery.")},
            "not_here",
        )
    return line


class DifferenceInput(Input):
    kind = serializers.ChoiceField(choices=DiscrepancyKind.choices)
    line = serializers.UUIDField(
        required=False, help_text="The line of the book; not for one that is not on the list."
    )
    description = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class ReceiptInput(Input):
    received_by = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=120,
        help_text="Who counted; your own name when not given.",
    )
    differences = DifferenceInput(many=True, required=False, help_text="What is not named here was received.")

    def validate_differences(self, rows: list[dict[str, Any]]) -> list[Difference]:
        return [Difference(row["kind"], row.get("line"), row.get("description", "")) for row in rows]


class BarcodeInput(Input):
    barcode = serializers.CharField(max_length=80)


class VisitInput(Input):
    lender = Visible(Institution)
    partner = Visible(Institution)
    on = serializers.DateField(
        required=False, allow_null=True, help_text="The day of the visit; today when not given."
    )


class ReturnedInput(Input):
    barcode = serializers.CharField(max_length=80)
    condition = serializers.ChoiceField(choices=Condition.choices, default=Condition.GOOD)


class TakeBackInput(Input):
    copies = ReturnedInput(many=True, allow_empty=False, max_length=MOST_AT_ONCE)
    for_others = serializers.BooleanField(
        default=False, help_text="Take back what another school has, for that school; it is told."
    )


class ScanInput(Input):
    desk = serializers.ChoiceField(choices=ScanDesk.choices)
    consignment = Visible(Consignment, required=False, help_text="For the packing desk.")
    return_visit = Visible(ReturnVisit, required=False, help_text="For the return desk.")
    stocktake = Visible(Stocktake, required=False, help_text="For stocktaking (`count`).")
    barcode = serializers.CharField(max_length=80, allow_blank=True)
    client_event_id = serializers.UUIDField(
        required=False,
        help_text="Made by the scanner, once per scan; sent again it gets its first answer again.",
    )
    condition = serializers.ChoiceField(choices=Condition.choices, default=Condition.GOOD)
    recorded_offline = serializers.BooleanField(
        required=False,
        help_text="It was scanned without a connection: kept even where a rule says no, for a person to decide.",
    )
    scanned_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="By the clock of the device, where it waited to be sent."
    )
    for_others = serializers.BooleanField(
        default=False, help_text="At the return desk: take back what another school has, for that school."
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        wanted = {
            ScanDesk.PICK: "consignment",
            ScanDesk.RETURN: "return_visit",
            ScanDesk.COUNT: "stocktake",
        }.get(data["desk"])
        if wanted and wanted not in data:
            raise serializers.ValidationError({wanted: _("This desk needs it.")}, "required")
        for other in {"consignment", "return_visit", "stocktake"} - {wanted}:
            if other in data:
                raise serializers.ValidationError({other: _("This belongs to the other desk.")}, "not_here")
        return data


class ScanBatchInput(Input):
    scans = serializers.ListField(
        child=serializers.DictField(),
        allow_empty=False,
        max_length=MOST_AT_ONCE,
        help_text="Each as it would be sent alone. One that is malformed or refused does not hold up the others.",
    )


class ResolveInput(Input):
    outcome = serializers.ChoiceField(
        choices=["was_in_box", "stayed_here", "open_case", "noted"],
        help_text="Missing: was_in_box, stayed_here or open_case. Damaged: noted or open_case. Extra: noted.",
    )
    resolution = serializers.CharField(required=False, allow_blank=True, max_length=150)


class AssessInput(Input):
    demand = serializers.ChoiceField(choices=ReplacementWay.choices)
    amount = serializers.DecimalField(
        max_digits=12,
        decimal_places=2,
        required=False,
        allow_null=True,
        help_text="Rupiah, where a price is demanded.",
    )
    due_on = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class SettleInput(Input):
    settlement = serializers.ChoiceField(choices=Settlement.choices)
    replacement_barcode = serializers.CharField(
        required=False, allow_blank=True, max_length=40, help_text="Of the new copy that takes its place."
    )
    replacement_title = serializers.CharField(
        required=False, allow_blank=True, max_length=500, help_text="Where an equal title takes its place."
    )
    paid_amount = serializers.DecimalField(max_digits=12, decimal_places=2, required=False, allow_null=True)
    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, help_text="Needed for a waiver."
    )
    on = serializers.DateField(required=False, allow_null=True)


class FindInput(Input):
    condition = serializers.ChoiceField(choices=Condition.choices, default=Condition.GOOD)
