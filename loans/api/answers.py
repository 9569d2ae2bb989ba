"""Answers that are no rows: to a scan, to many, to many books coming back."""

from typing import Any

from rest_framework import serializers

from loans.choices import ScanOutcome


class ScanAnswerShape(serializers.Serializer):
    """The answer to one scan, for a screen to show at once."""

    outcome = serializers.ChoiceField(choices=ScanOutcome.choices)
    reason = serializers.CharField(help_text="Stable; for programs.")
    sentence = serializers.CharField(help_text="For people, in the language of Accept-Language.")
    barcode = serializers.CharField()
    title = serializers.CharField()
    scan_id = serializers.UUIDField(allow_null=True)
    line_id = serializers.UUIDField(allow_null=True)
    count = serializers.IntegerField(help_text="Scanned, or back.")
    total = serializers.IntegerField(help_text="Wanted, or still out and back together.")
    may_add = serializers.BooleanField(help_text="Whether the copy could be put on the list (`add_line`).")
    may_take_back = serializers.BooleanField(
        help_text="Whether another school has it, and it could be taken back for that one (`for_others`)."
    )
    to_review = serializers.BooleanField(
        help_text="Refused, and recorded without a connection: it is kept, and a person decides (`mend`, `note`)."
    )

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {name: getattr(instance, name) for name in SCAN_ANSWER}


SCAN_ANSWER = tuple(ScanAnswerShape().fields)


class BatchItemShape(serializers.Serializer):
    status = serializers.IntegerField(help_text="As if it had been sent alone.")
    client_event_id = serializers.CharField(allow_null=True)
    answer = ScanAnswerShape(required=False)
    problem = serializers.DictField(required=False, help_text="Where it was malformed or not permitted.")


class BatchAnswerShape(serializers.Serializer):
    results = BatchItemShape(many=True, help_text="In the order in which they were sent.")


class ReturnReportShape(serializers.Serializer):
    """How many came back, and an answer for every barcode that did not simply come back."""

    returned = serializers.IntegerField()
    answers = ScanAnswerShape(many=True)


class CountReportShape(serializers.Serializer):
    """A list of codes, answered code by code."""

    batch = serializers.UUIDField(help_text="Send it again with the same list to get these answers again.")
    answers = ScanAnswerShape(many=True, help_text="In the order in which they were sent, each code once.")


class ReportedCaseShape(serializers.Serializer):
    id = serializers.UUIDField()
    code = serializers.CharField()
    line = serializers.UUIDField(source="line_id")


class MissingReportShape(serializers.Serializer):
    cases = ReportedCaseShape(many=True, help_text="One for each book that was reported.")


class ReplanShape(serializers.Serializer):
    moved = serializers.IntegerField(help_text="Planned periods that were moved.")


class MoveLookShape(serializers.Serializer):
    """What a move would meet; nothing is changed."""

    starts_on = serializers.DateField()
    possible = serializers.BooleanField()
    problem = serializers.CharField(help_text="Why not; empty when it is possible.")
    code = serializers.CharField(help_text="The same for programs; empty when it is possible.")
    first = serializers.DateField(help_text="The first day that it may be moved to.")
    last = serializers.DateField()
    remarks = serializers.ListField(child=serializers.CharField(), help_text="What does not forbid it.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        refusal = instance.refusal
        return {
            "starts_on": instance.starts_on.isoformat(),
            "possible": refusal is None,
            "problem": str(refusal or ""),
            "code": refusal.code if refusal else "",
            "first": instance.first.isoformat(),
            "last": instance.last.isoformat(),
            "remarks": list(instance.remarks),
        }


class SwapShape(serializers.Serializer):
    """What the swap brought to paper; a side on which nothing was scanned is null."""

    return_visit = serializers.UUIDField(allow_null=True)
    return_record = serializers.CharField(
        help_text="Number of the return record; empty when nothing came back."
    )
    consignment = serializers.UUIDField(allow_null=True)
    handover_record = serializers.CharField(help_text="Number of the BAST; empty when nothing new went.")
