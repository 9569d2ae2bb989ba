from datetime import datetime

from django.db import models


class IdempotencyKeyQuerySet(models.QuerySet["IdempotencyKey"]):
    def visible_to(self, user: object) -> "IdempotencyKeyQuerySet":
        return self.filter(user_id=getattr(user, "pk", None))

    def forget(self, before: datetime) -> int:
        """Delete what was kept before a moment; returns how many."""
        return self.filter(created_at__lt=before).delete()[0]


class IdempotencyKey(models.Model):
    """The answer to a POST that carried a key: sent again, it is answered again and not done again (R1).

    Written in the transaction of the work itself, so neither exists without the other. Kept for 30 days: a van may come back
    into the network after a week.
    """

    user = models.ForeignKey("libraries.User", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = IdempotencyKeyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key
