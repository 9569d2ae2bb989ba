from django.db import models

from kerjasama.domain.models import StatusEvent


class AgreementEvent(StatusEvent):
    """One step in the life of an agreement."""

    subject = models.ForeignKey("agreements.Agreement", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"
