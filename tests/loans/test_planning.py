"""Which copies go to which school (L2): the planner's promises, whatever the shelf. No database."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from loans.planning import Candidate, Wanted, propose


def copy(number: int, title: int, subject: str = "8", rests: date | None = None) -> Candidate:
    return Candidate(UUID(int=number), UUID(int=1000 + title), f"BH{number:04}", subject, rests)


def numbers(wanted: Wanted, shelf: list[Candidate]) -> list[int]:
    return [key.int for key in propose(wanted, shelf).copy_ids]


NOTHING_HAD: frozenset[UUID] = frozenset()

shelves = st.lists(
    st.builds(
        copy,
        number=st.integers(1, 400),
        title=st.integers(1, 60),
        subject=st.sampled_from("012345678"),
        rests=st.none() | st.integers(0, 900).map(lambda days: date(2024, 1, 1) + timedelta(days=days)),
    ),
    max_size=80,
    unique_by=lambda row: row.copy_id,
)
had = st.frozensets(st.integers(1, 60).map(lambda title: UUID(int=1000 + title)), max_size=30)


class TestPromises:
    @given(shelves, st.integers(0, 50), had)
    def test_never_a_title_had_never_one_twice_never_too_many(
        self, shelf: list[Candidate], quantity: int, known: frozenset[UUID]
    ) -> None:
        answer = propose(Wanted(quantity, known), shelf)
        title_of = {row.copy_id: row.title_id for row in shelf}
        titles = [title_of[key] for key in answer.copy_ids]
        assert not known & set(titles)
        assert len(titles) == len(set(titles)) <= quantity

    @given(shelves, st.integers(0, 50), had)
    def test_nothing_that_fits_is_left_and_what_lacks_is_told(
        self, shelf: list[Candidate], quantity: int, known: frozenset[UUID]
    ) -> None:
        answer = propose(Wanted(quantity, known), shelf)
        possible = len({row.title_id for row in shelf} - known)
        assert len(answer.copy_ids) == min(quantity, possible)
        assert sum(row.missing for row in answer.shortfalls) == quantity - len(answer.copy_ids)
        assert all(row.missing > 0 for row in answer.shortfalls)

    @given(shelves, st.integers(1, 50), st.randoms(use_true_random=False))
    def test_the_same_shelf_gives_the_same_proposal(
        self, shelf: list[Candidate], quantity: int, dice
    ) -> None:
        shuffled = list(shelf)
        dice.shuffle(shuffled)
        assert propose(Wanted(quantity, NOTHING_HAD), shelf) == propose(
            Wanted(quantity, NOTHING_HAD), shuffled
        )

    @given(st.integers(1, 40), st.dictionaries(st.sampled_from("012345678"), st.integers(1, 30), min_size=1))
    def test_subjects_take_turns(self, quantity: int, stock: dict[str, int]) -> None:
        """No subject gives two more than another that still has something to give."""
        shelf = []
        for subject, count in stock.items():
            shelf += [copy(len(shelf) + n + 1, len(shelf) + n + 1, subject) for n in range(count)]
        subject_of = {row.copy_id: row.subject for row in shelf}
        given_ = Counter(subject_of[key] for key in propose(Wanted(quantity, NOTHING_HAD), shelf).copy_ids)
        for subject, count in stock.items():
            if given_[subject] < count:
                assert given_[subject] >= max(given_.values(), default=0) - 1


class TestChoice:
    def test_what_has_rested_longest_goes_first(self) -> None:
        shelf = [
            copy(1, 1, rests=date(2026, 5, 1)),
            copy(2, 2, rests=date(2025, 5, 1)),
            copy(3, 3),
        ]
        assert numbers(Wanted(3, NOTHING_HAD), shelf) == [3, 2, 1]

    def test_of_two_copies_the_longer_resting_one_goes(self) -> None:
        shelf = [copy(1, 1, rests=date(2026, 5, 1)), copy(2, 1, rests=date(2026, 4, 1))]
        assert numbers(Wanted(2, NOTHING_HAD), shelf) == [2]

    def test_equal_rest_is_decided_by_barcode(self) -> None:
        assert numbers(Wanted(1, NOTHING_HAD), [copy(2, 2), copy(1, 1)]) == [1]

    def test_a_title_catalogued_under_two_subjects_goes_once(self) -> None:
        assert numbers(Wanted(2, NOTHING_HAD), [copy(1, 1, "2"), copy(2, 1, "8")]) == [1]


class TestShortfall:
    def test_an_empty_shelf_and_known_titles_are_told_apart(self) -> None:
        empty = propose(Wanted(3, NOTHING_HAD), [])
        assert [(row.reason, row.missing) for row in empty.shortfalls] == [("shelf_empty", 3)]
        shelf = [copy(1, 1)]
        known = propose(Wanted(3, frozenset({shelf[0].title_id})), shelf)
        assert [(row.reason, row.missing) for row in known.shortfalls] == [("no_new_titles", 3)]

    def test_nothing_lacks_nothing_is_told(self) -> None:
        assert propose(Wanted(1, NOTHING_HAD), [copy(1, 1)]).shortfalls == []
