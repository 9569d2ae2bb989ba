"""Small problems for the planner's tests. Random ones come from plain numbers, so that Hypothesis can make them smaller."""

from hypothesis import strategies as st

from loans.planning.problem import Ban, Copy, History, Problem, Quota, School, Title, Weights, Wish

LEVELS = ("low", "high")
SUBJECTS = ("story", "nature")


def town(schools: int = 3, size: int = 4, titles: int = 20, copies: int = 2, **more: object) -> Problem:
    """Schools that want half of each subject, and more books than they need."""
    rows = tuple(
        Title(f"t{at:02}", "low", SUBJECTS[at % 2], points=at, hot=at % 5 == 0, language="ind")
        for at in range(titles)
    )
    return Problem(
        schools=tuple(
            School(
                f"s{at}",
                size,
                ("low",),
                tuple(Quota(size // 2, "low", it) for it in SUBJECTS),
                latitude=0.01 * at,
                longitude=0.0,
            )
            for at in range(schools)
        ),
        titles=rows,
        copies=tuple(Copy(f"{title.key}-{number}", title.key) for title in rows for number in range(copies)),
        **more,  # type: ignore[arg-type]
    )


@st.composite
def towns(draw: st.DrawFn, *, mode: str = "personal") -> Problem:
    """Anything: too few books, free places, quotas within quotas, late copies, absent schools, finite memory."""
    periods = draw(st.integers(1, 4))
    titles = [
        Title(
            f"t{at:02}",
            draw(st.sampled_from(LEVELS)),
            draw(st.sampled_from(SUBJECTS)),
            points=draw(st.integers(0, 20)),
            hot=draw(st.booleans()),
        )
        for at in range(draw(st.integers(1, 14)))
    ]
    copies = [
        Copy(f"{title.key}-{number}", title.key, wear=number % 3, first=draw(st.sampled_from((1, 1, 1, 2))))
        for title in titles
        for number in range(draw(st.integers(1, 3)))
    ]
    cells = sorted({(title.level, title.subject) for title in titles})
    schools = []
    for at in range(draw(st.integers(1, 4))):
        size = draw(st.integers(0, 8))
        levels = tuple(sorted({level for level, _subject in cells}))
        quotas, left = [], size
        for level, subject in cells if draw(st.booleans()) else [(level, "") for level in levels]:
            places = draw(st.integers(0, left))
            left -= places
            quotas.append(Quota(places, level, subject))
            if not subject and places and draw(st.booleans()):
                inner = next(it for it in cells if it[0] == level)
                quotas.append(Quota(draw(st.integers(0, places)), level, inner[1]))
        absent = draw(st.sampled_from(((), (), (), (periods,))))
        schools.append(
            School(f"s{at}", size, levels, tuple(quotas), latitude=0.01 * at, longitude=0.0, absent=absent)
        )
    keys = st.sampled_from([title.key for title in titles])
    wishes = [
        Wish(school.key, title, draw(st.integers(1, 3)))
        for school in schools
        for title in sorted(draw(st.sets(keys, max_size=3)))
    ]
    history = [
        History(school.key, tuple(sorted(draw(st.sets(keys, max_size=4)))), ago)
        for school in schools
        for ago in (1, 2)
    ]
    bans = [Ban(school.key, tuple(sorted(draw(st.sets(keys, max_size=2))))) for school in schools]
    return Problem(
        tuple(schools),
        tuple(titles),
        tuple(copies),
        periods=periods,
        wishes=tuple(wishes),
        history=tuple(history),
        bans=tuple(bans),
        memory=draw(st.sampled_from((None, None, 2, 3))),
        mode=mode,
        weights=Weights(fairness=draw(st.sampled_from((0, 0, 10)))),
        seed=draw(st.integers(0, 3)),
    )
