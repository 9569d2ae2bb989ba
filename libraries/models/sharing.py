"""Papers and files that more than two institutions may open, because an upper floor says that the matter is theirs too."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from kerjasama.house import collect


def shared_with(hook: str, institutions: Sequence[Any]) -> Q:
    """What the apps share with ``institutions`` beside the two sides that stand in the row itself.

    The hooks ``shared_documents(institutions)`` and ``shared_files(institutions)`` answer with queries for primary keys:
    who is a party is asked anew each time, so nobody keeps a right that has ended.
    """
    shared = Q(pk__in=[])
    if institutions:
        for keys in collect(hook, institutions):
            shared |= Q(pk__in=keys)
    return shared
