"""Everything that the demo's libraries do together besides lending."""

from agreements.demo import gatherings, internships, tools
from agreements.models import Activity, Equipment
from kerjasama.house import DemoCast
from libraries.models import Institution, User


def load(cast: DemoCast) -> None:
    """Everything that Bung Hatta and Payakumbuh do together with others besides lending."""
    officer: User = cast.made["users"]["petugas.kerjasama"]
    library: Institution = cast.made["bung-hatta"]
    universities = internships.universities_of(cast)
    internships.tell_2020(library, officer, universities)
    internships.tell_today(cast, library, officer, universities)
    gatherings.tell_visits_and_courses(cast, library, officer)
    gatherings.tell_meetings(cast, library, officer)
    gatherings.tell_payakumbuh(cast)
    tools.tell(cast, library, officer)
    Activity.objects.update(is_demo=True)
    Equipment.objects.update(is_demo=True)
