"""What counts much and what counts little in a plan, in three steps for whoever does not think in points (L2).

The points are the planner's (``planning.problem.Weights``); a program may give any number.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loans.planning.problem import Weights

# What a fair share of hot titles is worth, unless the asker weighs it otherwise (measured in loans/README.md).
FAIRNESS = 6
# What each is worth where it is important. Only what the house tells the planner about can be weighed: which languages a school
# reads is not known to it. A wish is worth more than all the others together even as usual.
IMPORTANT = {"wish": 400, "wear": 8, "variety": 28, "stay": 50}
USUAL = {**{name: getattr(Weights(), name) for name in IMPORTANT}, "fairness": FAIRNESS}
STEPS: list[tuple[str, Promise]] = [
    ("none", _("Unimportant")),
    ("usual", _("As usual")),
    ("much", _("Important")),
]
WORDS: dict[str, Promise] = {
    "wish": _("Titles that schools wish for"),
    "wear": _("Books in good condition first"),
    "variety": _("Different books for schools that are alike"),
    "stay": _("Keeping what the present plan has promised"),
    "fairness": _("Fair shares of new and popular titles"),
}


def weights_of(steps: Mapping[str, str]) -> dict[str, int]:
    """The points of what is not as usual."""
    worth = {"none": dict.fromkeys(IMPORTANT, 0), "much": IMPORTANT}
    return {name: worth[step][name] for name, step in steps.items() if step in worth}


def weighed(weights: Mapping[str, Any]) -> list[tuple[Promise, Promise]]:
    """What of a plan was not weighed as usual, and how."""
    told = dict(STEPS)
    found = []
    for name, usual in USUAL.items():
        given = weights.get(name, usual)
        if given != usual:
            step = told["much"] if given > usual else told["none"] if given == 0 else _("less than usual")
            found.append((WORDS[name], step))
    return found
