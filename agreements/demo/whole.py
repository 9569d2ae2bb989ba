"""The demo's agreements in the order in which they can be told: who may sign, what is signed above, then everybody else."""

from datetime import date, timedelta

from agreements.choices import AgreementKind
from agreements.demo import cases, payakumbuh, rules
from agreements.demo.telling import Plan, conclude
from agreements.models import Agreement
from kerjasama.domain import clock
from kerjasama.house import DemoCast
from libraries.models import Institution, User

# Days until a running period ends, per Bukittinggi school: so that every screen has something due, late or fresh.
# SDN 01 received its second delivery yesterday; SDN 03 is swapped today; 04 and 07 are late.
RUNNING_ENDS = (89, 3, 0, -9, 84, 82, -33, 40, 12, 55, 21, 68, 75, 47, 88)


def load(cast: DemoCast) -> None:
    """Past and running agreements of both libraries; put on as "past", "running" and "payakumbuh running"."""
    officer: User = cast.made["users"]["petugas.kerjasama"]
    library: Institution = cast.made["bung-hatta"]
    schools: list[Institution] = cast.made["bukittinggi schools"]
    rules.lay_down(cast)
    above = cases.sign_at_the_top(cast)
    cast.made["past"] = [
        conclude(library, _past(school, index), officer) for index, school in enumerate(schools)
    ]
    cast.made["running"] = [
        conclude(library, _running(cast.today, school, index, above["dinas-pendidikan-bukittinggi"]), officer)
        for index, school in enumerate(schools)
    ]
    cast.made["payakumbuh running"] = payakumbuh.tell(cast)
    cases.perintis(cast, above["universitas-perintis"])
    cases.sawahlunto(cast)
    cases.unfinished(cast, above["uin-batusangkar"])


def _past(school: Institution, index: int) -> Plan:
    """Ten agreements of 2021, five of 2022, for half a year or a year; since 2022 the unit signs none any more."""
    year = 2021 if index < 10 else 2022
    starts = date(year, 2, 1) + timedelta(days=3 * index)
    months = 12 if index % 3 == 0 else 6
    kind = AgreementKind.PKS if year == 2021 else AgreementKind.IMPLICIT
    return Plan(school, starts, clock.add_months(starts, months) - timedelta(days=1), kind)


def _running(today: date, school: Institution, index: int, above: Agreement) -> Plan:
    """An agreement whose present period ends so many days from today: work plans under Perpusnas' memorandum with the
    city's education office, and between them agreements by word of mouth."""
    ends_in = RUNNING_ENDS[index]
    periods = 2 if index in (0, 2, 8) else 1
    starts = clock.add_months(today + timedelta(days=ends_in), -3 * periods)
    length = 6 if index in (8, 10) else 12
    derived = index % 2 == 0
    return Plan(
        school,
        starts,
        clock.add_months(starts, length) - timedelta(days=1),
        AgreementKind.WORK_PLAN if derived else AgreementKind.IMPLICIT,
        parent=above if derived else None,
    )
