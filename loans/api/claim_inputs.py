"""What is taken about a case after the demand (L8)."""

from rest_framework import serializers

from agreements.choices import ReplacementWay
from kerjasama.api.inputs import Input
from libraries.catalogue.choices import Condition

PHOTOGRAPH = "A photograph, JPEG or PNG; send the whole as multipart/form-data then."


class OfferInput(Input):
    title = serializers.CharField(max_length=300, help_text="Of the book that the school would bring.")
    isbn = serializers.CharField(required=False, allow_blank=True, max_length=20)
    condition = serializers.ChoiceField(
        choices=[Condition.GOOD.value, Condition.WORN.value], default=Condition.GOOD.value
    )
    words = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    photograph = serializers.FileField(required=False, help_text=PHOTOGRAPH)


class AppealInput(Input):
    words = serializers.CharField(max_length=2000, help_text="Why the demand should be looked at again.")
    photograph = serializers.FileField(required=False, help_text=PHOTOGRAPH)


class DecisionInput(Input):
    """The library's answer to what a school says."""

    note = serializers.CharField(max_length=2000, help_text="The reason; the school reads it in the letter.")
    due_on = serializers.DateField(
        required=False, allow_null=True, help_text="When not given, the days that the answer took are added."
    )


class AcceptOfferInput(DecisionInput):
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class ReduceInput(DecisionInput):
    demand = serializers.ChoiceField(choices=ReplacementWay.choices, required=False)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, required=False, allow_null=True)


class ExtendInput(Input):
    due_on = serializers.DateField(help_text="Later than the day that holds now.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class WarnInput(Input):
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class WriteOffInput(Input):
    number = serializers.CharField(max_length=120, help_text="Of the write-off list or of the decision.")
    note = serializers.CharField(max_length=2000, help_text="Why nothing can be had; printed on the record.")


class WriteOffNumberInput(Input):
    number = serializers.CharField(max_length=120, help_text="Of the write-off list or of the decision.")
