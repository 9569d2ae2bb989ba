"""Random days of two phones: answers are lost, entries come twice, in any order, one clock is a day wrong, and the house goes
down in between. What was counted and where every book is end as in the orderly day, or a listed conflict says why not.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, event, example, given, settings
from hypothesis import strategies as st

from libraries.catalogue.models import Copy
from libraries.models import Institution, User
from loans.models import Consignment, LoanLine
from loans.services.custody import check_custody
from loans.services.proposing import drop_line, propose_consignment
from loans.services.scanning import scan
from mobile_service.choices import EntryOutcome
from mobile_service.models import Entry, Tally
from mobile_service.services import syncing
from mobile_service.services.stop_lending import BOOKS
from tests.factories import shelve
from tests.mobile_service.road import Phone, Road

pytestmark = pytest.mark.django_db

KINDS = ("count", "count", "stock", "back", "back", "back", "undo", "arrive", "leave")
# What a phone writes, one after the other: (which phone, what, a number to choose by).
DAYS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(KINDS), st.integers(0, 9)), min_size=5, max_size=14
)
SWAP_KINDS = ("lend", "lend", "lend", "hand over", "back", "undo", "undo")
# By one phone, or by two: of one, the order is known.
SWAPS = st.sampled_from([(0,), (0, 1)]).flatmap(
    lambda phones: st.lists(
        st.tuples(st.sampled_from(phones), st.sampled_from(SWAP_KINDS), st.integers(0, 9)),
        min_size=6,
        max_size=12,
    )
)
# What a crew does at a gate: the old books come back, new ones into the box, one of them out again, and it is handed over.
ONE_CREW = [
    (0, "back", 0),
    (0, "lend", 1),
    (0, "lend", 2),
    (0, "undo", 0),
    (0, "hand over", 0),
    (0, "back", 1),
]
# Handed over, and taken back on the phone: whichever comes first.
THOUGHT_BETTER = [(0, "lend", 1), (0, "hand over", 0), (0, "undo", 1)]
# Two crews put the same book into the box, and one takes it out again.
TWO_CREWS = [(0, "lend", 1), (1, "lend", 1), (0, "undo", 0), (1, "lend", 2), (0, "lend", 3)]


class Down(Exception):
    """The house stops in the middle."""


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class World:
    """What a day may touch: books that are out, and the delivery that is being packed with the books that may go into it."""

    road: Road
    out: list[str]
    following: Consignment | None = None
    packed: list[str] = field(default_factory=list)


def written(world: World, phones: list[Phone], acts: list[tuple[int, str, int]]) -> list[Any]:
    """The day as the phones write it: (phone, entry) in the order of what happened."""
    rows: list[tuple[int, dict[str, Any]]] = []
    sure = "arrive" if acts[0][1] == "there" else ""
    for which, act, number in acts:
        phone, visit = phones[which], world.road.visit
        mine = [entry for owner, entry in rows if owner == which and entry["kind"] not in ("undo", sure)]
        if act == "count":
            entry = phone.write("count", visit, kind=("pupils", "adults")[number % 2], delta=1 + number)
        elif act == "stock":
            entry = phone.write(("stock_lend", "stock_return")[number % 2], visit, delta=1 + number)
        elif act == "back":
            entry = phone.write("take_back", visit, barcode=world.out[number % len(world.out)])
        elif act == "lend":
            entry = phone.write("lend", visit, barcode=world.packed[number % len(world.packed)])
        elif act == "hand over" and world.following is not None:
            entry = phone.write(
                "hand_over", visit, consignment=str(world.following.pk), received_by="Ibu Yus"
            )
        elif act == "undo" and mine:
            entry = phone.write("undo", visit, of=mine[number % len(mine)]["id"])
        else:
            entry = phone.write("leave" if act == "leave" else "arrive", visit)
        rows.append((which, entry))
    # The trip is told to its end: then nothing of it is still on its way.
    return rows


def truth(road: Road) -> dict[str, Any]:
    """What the house believes after the day."""
    road.visit.refresh_from_db()
    tally = Tally.objects.filter(visit=road.visit).first()
    return {
        "visit": road.visit.status,
        "tally": (tally.visitors, tally.lent, tally.returned) if tally else None,
        "books": set(Copy.objects.values_list("barcode", "place", "holder")),
        "lines": set(LoanLine.objects.values_list("copy__barcode", "status", "condition_back")),
        "undone": set(Entry.objects.filter(outcome=EntryOutcome.UNDONE).values_list("client_id", flat=True)),
    }


MACHINE = settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@MACHINE
@given(acts=DAYS, chance=st.randoms(use_true_random=False), wrong=st.sampled_from([-1, 0, 1]))
def test_any_history_ends_like_the_orderly_one(
    acts: list[tuple[int, str, int]],
    chance: Any,
    wrong: int,
    road: Road,
    barcodes: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with undone():
        replay(World(road, barcodes), acts, chance, wrong, monkeypatch)


@MACHINE
@example(acts=ONE_CREW, chance=Random(3), wrong=0)
@example(acts=THOUGHT_BETTER, chance=Random(1), wrong=0)
@example(acts=THOUGHT_BETTER, chance=Random(4), wrong=0)
@example(acts=TWO_CREWS, chance=Random(5), wrong=-1)
@given(acts=SWAPS, chance=st.randoms(use_true_random=False), wrong=st.sampled_from([-1, 0, 1]))
def test_any_history_of_swaps_ends_like_the_orderly_one(
    acts: list[tuple[int, str, int]],
    chance: Any,
    wrong: int,
    road: Road,
    barcodes: list[str],
    following: Consignment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Books are put into the next delivery at the stop, it is handed over, old ones come back: by two phones, in any order."""
    spare = Copy.objects.filter(place="shelf", loan_lines=None).order_by("barcode")[0].barcode
    with undone():
        listed = list(LoanLine.objects.filter(consignment=following).in_shelf_order())
        world = World(road, barcodes, following, [*(line.copy.barcode for line in listed[:4]), spare])
        # The van is there, whatever of the rest is in dispute.
        replay(world, [(0, "there", 0), *acts], chance, wrong, monkeypatch)


def replay(
    world: World, acts: list[tuple[int, str, int]], chance: Any, wrong: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    road, phones = world.road, [world.road.phone, world.road.second]
    for phone in phones:
        phone.counter = iter(range(1, 100))
    phones[1].error = timedelta(days=wrong)
    day = written(world, phones, acts)
    with undone():
        # Every entry goes once or more; pieces of any size, in any order.
        posts = day + [row for row in day if chance.random() < 0.4]
        chance.shuffle(posts)
        while posts:
            size = chance.randint(1, 4)
            batch, posts = posts[:size], posts[size:]
            for which in (0, 1):
                entries = [entry for owner, entry in batch if owner == which]
                if entries:
                    deliver(phones[which], entries, chance, monkeypatch)
        for which in (0, 1):
            # At last the network holds: the phone sends what it has no answer for.
            phones[which].send(*[entry for owner, entry in day if owner == which])
        assert Entry.objects.count() == len(day)
        assert list(check_custody()) == []
        assert not Entry.objects.filter(outcome=EntryOutcome.WAITING).exists()
        found, listed = truth(road), conflicted()
    orderly, conflicts = in_order(road, phones, day, found["undone"])
    assert found["visit"] == orderly["visit"]
    assert found["tally"] == orderly["tally"]
    event(f"{len(listed)} conflicts")
    if len({which for which, entry in day if entry["kind"] in BOOKS}) < 2:
        assert (found["books"], listed) == (orderly["books"], conflicts), "one phone's own order is kept"
    differing = {row[0] for row in found["books"] ^ orderly["books"]}
    assert differing <= listed | conflicts, "a book is elsewhere, and no conflict says so"


def in_order(
    road: Road, phones: list[Phone], day: list[tuple[int, Any]], taken_back: set[UUID]
) -> tuple[dict[str, Any], set[str]]:
    """What the day comes to, one entry after the other, and which books are listed. A handover whose taking back was known before
    it was done comes together with that: then neither may do anything."""
    undoing = {entry["data"]["of"]: entry for _which, entry in day if entry["kind"] == "undo"}
    with undone():
        for which, entry in day:
            known = entry["kind"] == "hand_over" and UUID(entry["id"]) in taken_back
            phones[which].send(entry, *([undoing[entry["id"]]] if known else []))
        assert list(check_custody()) == []
        return truth(road), conflicted()


def deliver(phone: Phone, entries: list[Any], chance: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over a bad network: it arrives or not, whole; or the house goes down between keeping and doing."""
    luck = chance.random()
    if luck < 0.15:
        return
    if luck < 0.4:

        def down(*_args: Any, **_more: Any) -> None:
            raise Down

        with monkeypatch.context() as patched:
            patched.setattr(syncing, "settle_stop" if luck < 0.3 else "settle_trips", down)
            try:
                phone.send(*entries)
            except Down:
                event("went down")
        return
    phone.send(*entries)


def conflicted() -> set[str]:
    """Books of which a conflict is listed; of a handover, all that are or were on its list."""
    rows = Entry.objects.filter(outcome=EntryOutcome.REVIEW)
    targets = {row.data.get("of") for row in rows if row.kind == "undo"}
    undone = Entry.objects.filter(client_id__in=[key for key in targets if key])
    told = [*rows, *undone]
    handed = [row.data["consignment"] for row in told if row.kind == "hand_over"]
    whole = LoanLine.objects.filter(consignment__in=handed).values_list("copy__barcode", flat=True)
    return {row.data["barcode"] for row in told if "barcode" in row.data} | set(whole)


@pytest.fixture
def road(library: Institution, school_library: Institution, circulation: User, crew: User) -> Road:
    road = Road(library, school_library, circulation, account=crew)
    assert road.second
    return road


@pytest.fixture
def barcodes(dispatched: Consignment) -> list[str]:
    rows = LoanLine.objects.filter(consignment=dispatched).in_shelf_order()
    found = [line.copy.barcode for line in rows][:3]
    assert Counter(found).most_common(1)[0][1] == 1
    return found


@pytest.fixture
def following(dispatched: Consignment, circulation: User) -> Consignment:
    """The next delivery, of which one book lies in the box and one place is free."""
    shelve(dispatched.lender, 8)
    second = dispatched.period.programme.periods.order_by("sequence")[1]
    consignment = propose_consignment(period=second, actor=circulation)
    lines = list(LoanLine.objects.filter(consignment=consignment).in_shelf_order())
    scan(desk="pick", consignment=consignment, barcode=lines[0].copy.barcode, actor=circulation)
    drop_line(line=lines[-1], actor=circulation)
    return consignment
