"""What is remembered of requests that programs may send again."""

from datetime import timedelta

from kerjasama.domain import clock
from libraries.models import IdempotencyKey
from libraries.services.sweeps import Swept, sweep

# A van may come back into the network after a week; what it sends again then must still be known.
KEPT_FOR = timedelta(days=30)


def forget_answers() -> Swept:
    """Delete the answers that nobody can be waiting for any more."""
    return sweep("forget_answers", lambda: Swept(IdempotencyKey.objects.forget(clock.now() - KEPT_FOR)))
