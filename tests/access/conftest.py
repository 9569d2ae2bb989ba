"""The world is built once for all of these tests; whatever a request writes is undone after it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from kerjasama.api import throttling
from tests.access.asking import sign_in
from tests.access.world import World, build


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    from django.conf import settings
    from django.test.utils import override_settings

    # The files of the world must still be there when a later test asks for them.
    quiet = override_settings(
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STAFF_SECOND_FACTOR=False,
        STORAGES=settings.STORAGES
        | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
    )
    with quiet, django_db_blocker.unblock(), transaction.atomic():
        made = build()
        for name in made.people:
            sign_in(made, name)
        yield made
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _quiet_settings(world: World) -> None:
    """In place of the one for all tests, which gives each test a folder of its own."""


@pytest.fixture(autouse=True)
def _fresh_brakes() -> None:
    throttling.requests.counts.clear()
    throttling.failures.counts.clear()
