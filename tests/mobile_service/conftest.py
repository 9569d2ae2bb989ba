"""What the files of the mobile library share."""

import pytest

from libraries.models import Institution, User
from tests.mobile_service.road import Road


@pytest.fixture
def road(library: Institution, school_library: Institution, circulation: User, crew: User) -> Road:
    return Road(library, school_library, circulation, account=crew)
