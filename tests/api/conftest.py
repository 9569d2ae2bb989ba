"""Programs: clients of the API with a key of one of the cast."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from kerjasama.api import throttling
from kerjasama.domain import clock
from libraries.models import ApiToken, User
from tests.support.ledger import ledger

__all__ = ["Program", "ledger"]

Program = Callable[..., APIClient]


@pytest.fixture(autouse=True)
def _fresh_brakes() -> None:
    throttling.requests.counts.clear()
    throttling.failures.counts.clear()


@pytest.fixture
def program(db: None) -> Program:
    """``program(user, "copies:read", …)``: a client whose key has these scopes; all when none are named."""

    def make(user: User, *scopes: str, **headers: Any) -> APIClient:
        row, key = ApiToken.objects.create(user=user, name="uji", scopes=list(scopes) or ["*:write"])
        # The first use of a key is written down; what follows costs what it always costs.
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=clock.now())
        client = APIClient(raise_request_exception=False)
        client.credentials(**{"HTTP_ACCEPT_LANGUAGE": "en", **headers, "HTTP_AUTHORIZATION": f"Bearer {key}"})
        return client

    return make
