from collections.abc import Iterator

import pytest

from tests.mobile_service.planning.planned import SOLVER


@pytest.fixture(autouse=True, scope="module")
def _one_solver() -> Iterator[None]:
    yield
    SOLVER.kill()
