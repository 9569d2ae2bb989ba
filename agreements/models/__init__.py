from agreements.models.agreement import Agreement
from agreements.models.event import AgreementEvent
from agreements.models.party import Party
from agreements.models.term import LendingTerm

__all__ = ["Agreement", "AgreementEvent", "LendingTerm", "Party"]
