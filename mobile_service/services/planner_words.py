"""What the route planner refuses, misses and proposes, in words. The planner itself knows codes and numbers only."""

from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from loans.services import planner_words as rotation_words
from mobile_service.planning.faults import Fault, NotPlanned
from mobile_service.planning.plan import Missed, Relaxation

_FAULTS = {
    "not_public": gettext_lazy("This is neither a problem in JSON nor a whole one in the text format of Solomon or Cordeau. Check the file."),
    "not_a_problem": gettext_lazy("The file must hold one object with the fields of one problem: {\"days\": …, \"stops\": …}. Put a list of problems into files of their own."),
    "not_a_plan": gettext_lazy("The file must hold one object with the fields of one plan, as --output writes it."),
    "no_days": gettext_lazy("There is no day to plan for. Choose days."),
    "no_vehicles": gettext_lazy("There is no vehicle to plan with. Add one."),
    "no_matrix": gettext_lazy("There are no driving times. Add them."),
    "too_many_days": gettext_lazy("%(days)s days cannot be planned at once. Choose at most %(most)s."),
    "too_many_stops": gettext_lazy("%(stops)s stops cannot be planned at once. Choose at most %(most)s."),
    "stop_twice": gettext_lazy("The stop %(key)s is listed twice. Take one out."),
    "vehicle_twice": gettext_lazy("The vehicle %(key)s is listed twice. Take one out."),
    "matrix_twice": gettext_lazy("The driving times “%(key)s” are listed twice. Take one out."),
    "day_twice": gettext_lazy("The day %(key)s is listed twice. Take one out."),
    "key_empty": gettext_lazy("A stop or a vehicle has an empty key. Give each a key of its own."),
    "day_out_of_range": gettext_lazy("Days are counted from 1. Correct the numbers of the days."),
    "unknown_windows": gettext_lazy("Windows cannot mean %(windows)s. Choose visit or start."),
    "cycle_not_weeks": gettext_lazy("A cycle of %(cycle)s days is not made of whole weeks. Choose 7, 14, 21 or 28 days."),
    "matrices_differ": gettext_lazy("The tables of driving times have different sizes. Each needs all places."),
    "matrix_not_square": gettext_lazy("The table of driving times is not square (row %(row)s of %(size)s). Complete it."),
    "matrix_value": gettext_lazy("Row %(row)s of the driving times holds a number below 0, or one that is too large. Correct it."),
    "weight_out_of_range": gettext_lazy("A weight is below 0 or too large. Correct it."),
    "limit_out_of_range": gettext_lazy("The time for planning is out of range. Choose more than 0 seconds, and at most a day."),
    "seed_out_of_range": gettext_lazy("The seed is out of range. Choose a whole number from 0 on."),
    "unknown_matrix": gettext_lazy("The vehicle %(vehicle)s uses driving times “%(matrix)s”, which are not listed. Add them."),
    "no_distances": gettext_lazy("Distances are counted, but the driving times have none. Add the distances, or do not count them."),
    "depot_outside_matrix": gettext_lazy("The place where %(vehicle)s starts or ends is not in the table of driving times. Correct it."),
    "vehicle_out_of_range": gettext_lazy("The room or a limit of the vehicle %(vehicle)s is below 0. Correct it."),
    "shift_backwards": gettext_lazy("A shift of %(vehicle)s ends before it begins, or is on no weekday. Correct its hours."),
    "rest_backwards": gettext_lazy("The break of %(vehicle)s has no length, or must end before it may begin. Correct it."),
    "stop_outside_matrix": gettext_lazy("%(stop)s has no row in the table of driving times. Enter where it is, then plan again."),
    "stop_out_of_range": gettext_lazy("A number of %(stop)s is out of range: its visit, its load, its priority or how often it is visited. Correct it."),
    "stop_unknown_vehicle": gettext_lazy("%(stop)s names the vehicle %(vehicle)s, which is not listed. Correct it."),
    "window_backwards": gettext_lazy("A window of %(stop)s ends before it begins, or is on no weekday. Correct its hours."),
    "rarer_than_horizon": gettext_lazy("%(stop)s is to be visited every %(every)s days, but only %(days)s are planned. Plan more weeks, or visit it more often."),
    "does_not_fit_cycle": gettext_lazy("How often %(stop)s is visited does not fit a cycle of %(cycle)s days. Choose another rhythm."),
    "more_visits_than_days": gettext_lazy("%(stop)s is to be visited %(times)s times, on more days than there are. Visit it less often."),
    "pin_unknown": gettext_lazy("A fixed visit of %(stop)s names a stop, day or vehicle that is not planned. Release it."),
    "pin_twice": gettext_lazy("%(stop)s is fixed twice on the day %(day)s. Release one of the two."),
    "pin_on_closed_day": gettext_lazy("%(stop)s is fixed on %(day)s, when nobody drives. Move or release it."),
    "pin_on_banned_day": gettext_lazy("%(stop)s is fixed on %(day)s, when it cannot be visited. Move or release it."),
    "pin_banned_vehicle": gettext_lazy("%(stop)s is fixed for %(vehicle)s, which may not go there. Choose another vehicle."),
    "pin_vehicle_off": gettext_lazy("%(stop)s is fixed for %(vehicle)s on %(day)s, when this vehicle is not out. Choose another."),
    "pin_position_without_vehicle": gettext_lazy("%(stop)s has a fixed place in a tour on %(day)s, but no vehicle. Name the vehicle too."),
    "pin_position_twice": gettext_lazy("%(stop)s and %(other)s are both fixed as number %(position)s on %(day)s. Release one."),
    "pins_above_visits": gettext_lazy("%(stop)s has %(pins)s fixed visits, but gets %(times)s. Release some, or visit it more often."),
    "pins_do_not_fit": gettext_lazy("The %(pins)s visits fixed for %(vehicle)s on %(day)s do not fit in its shift or its room. Release some."),
    "no_vehicle_may_come": gettext_lazy("No vehicle may go to %(stop)s. Allow one."),
    "all_days_banned": gettext_lazy("Every day is banned for %(stop)s. Allow one."),
    "window_too_short": gettext_lazy("The visit at %(stop)s takes %(service)s minutes, but its longest window has %(window)s. Widen it, or shorten the visit."),
    "demand_above_capacity": gettext_lazy("%(stop)s needs room for %(demand)s, more than any vehicle has. Lower it."),
    "too_far": gettext_lazy("%(stop)s cannot be reached and served within any shift: there and back takes %(minutes)s minutes, the visit %(service)s. Lengthen a shift or the window, or shorten the visit."),
    "no_tour": gettext_lazy("%(vehicle)s is not out on %(day)s. Choose another vehicle or day."),
    "unknown_stop": gettext_lazy("The stop %(stop)s is not part of this plan. Take it out."),
    # What the checker finds, in the planner's work or in a person's.
    "plan_unknown": gettext_lazy("A visit names the stop %(stop)s or the vehicle %(vehicle)s, which is not part of the problem."),
    "plan_visit_twice": gettext_lazy("%(stop)s is visited twice on %(day)s. Take one visit out."),
    "plan_closed_day": gettext_lazy("%(stop)s is visited on %(day)s, when %(vehicle)s is not out. Move the visit."),
    "plan_banned_day": gettext_lazy("%(stop)s cannot be visited on %(day)s. Move the visit."),
    "plan_banned_vehicle": gettext_lazy("%(vehicle)s may not go to %(stop)s. Choose another vehicle."),
    "plan_service": gettext_lazy("The visit at %(stop)s on %(day)s is not as long as it should be, or begins before the vehicle is there."),
    "plan_window": gettext_lazy("The visit at %(stop)s on %(day)s does not fit in the hours of the stop. Move it earlier, or to another day."),
    "plan_tour_twice": gettext_lazy("%(vehicle)s has two tours on %(day)s. Make them one."),
    "plan_tours_differ": gettext_lazy("The plan names %(tours)s tours, but its visits make %(driven)s."),
    "plan_positions": gettext_lazy("The visits of %(vehicle)s on %(day)s are not counted from 1 without a gap."),
    "plan_too_fast": gettext_lazy("%(vehicle)s cannot be at its next stop in time on %(day)s (%(stop)s). Drop a visit, or change the order."),
    "plan_rest": gettext_lazy("%(vehicle)s has no break on %(day)s in the hours that are meant for it. Drop or shorten a visit."),
    "plan_shift": gettext_lazy("The tour of %(vehicle)s on %(day)s does not fit in its shift. Drop a visit, or lengthen the shift."),
    "plan_too_long": gettext_lazy("The tour of %(vehicle)s on %(day)s is longer than it may be. Drop a visit."),
    "plan_too_far": gettext_lazy("The tour of %(vehicle)s on %(day)s goes further than it may. Drop a visit."),
    "plan_capacity": gettext_lazy("%(vehicle)s has too little room for its visits on %(day)s. Drop one."),
    "plan_tour_figures": gettext_lazy("The figures of the tour of %(vehicle)s on %(day)s are not those of its visits."),
    "plan_pattern": gettext_lazy("%(stop)s is not visited on one of the sets of days that it allows. Move its visits."),
    "plan_too_often": gettext_lazy("%(stop)s is visited more often than asked. Take a visit out."),
    "plan_gap": gettext_lazy("%(stop)s is visited on %(first)s and then on %(second)s, which is not its rhythm. Move one of the two."),
    "plan_pin_lost": gettext_lazy("A fixed visit of %(stop)s on %(day)s is not where it was fixed. Put it back, or release it."),
    "plan_missed_untold": gettext_lazy("%(stop)s lacks %(missed)s visits, but the plan says %(told)s."),
    "plan_missed_needless": gettext_lazy("%(stop)s is said to be missed, but fits in a tour on %(day)s. Plan again, or add the visit by hand."),
    "plan_figures": gettext_lazy("The figures of the plan are not those of its visits."),
}  # fmt: skip

_REASONS = {
    "never": gettext_lazy("no vehicle is out on a day on which it can be visited"),
    "window": gettext_lazy("its hours are too short for what else lies on the way"),
    "shift": gettext_lazy("the shifts are full"),
    "weekday": gettext_lazy("the days on which it can be visited are full"),
    "vans": gettext_lazy("all vehicles are full on its days"),
    "capacity": gettext_lazy("the vehicles are loaded to the brim"),
    "vehicle": gettext_lazy("the vehicles that may go there are full"),
    "holiday": gettext_lazy("its day is a holiday, and no day near it is free"),
    "pin": gettext_lazy("it had to give way to a visit that is fixed at its place"),
}

Name = Callable[[str], str]
DayName = Callable[[int], str]


def _same(key: str) -> str:
    return key


def sentence(fault: Fault, *, name: Name = _same, day: DayName = str) -> str:
    """What is wrong, and what to do. ``name`` turns keys of stops and vehicles into names, ``day`` numbers of days into dates."""
    words = _FAULTS.get(fault.code)
    if words is None:
        return rotation_words.sentence(fault)
    facts = dict(fault.facts)
    for field in ("stop", "other", "vehicle"):
        if field in facts:
            facts[field] = name(str(facts[field]))
    for field in ("day", "first", "second"):
        if field in facts:
            facts[field] = day(int(facts[field]))
    return str(words) % facts


def sentences(
    faults: Iterable[Fault], *, name: Name = _same, day: DayName = str, most: int = 10
) -> list[str]:
    """The first of them, and how many there are beside these."""
    rows = list(faults)
    said = [sentence(fault, name=name, day=day) for fault in rows[:most]]
    rest = len(rows) - len(said)
    if rest:
        said.append(ngettext("And %(count)s more.", "And %(count)s more.", rest) % {"count": rest})
    return said


def why_not(failure: NotPlanned) -> str:
    """Why there is no plan."""
    return rotation_words.why_not(failure)


def missed_words(missed: Missed, *, name: Name = _same) -> str:
    """What a stop misses and why: "SDN 3 misses 2 visits: the shifts are full."."""
    reason = str(_REASONS.get(missed.reason, missed.reason))
    return ngettext(
        "%(stop)s misses %(visits)s visit: %(reason)s.",
        "%(stop)s misses %(visits)s visits: %(reason)s.",
        missed.visits,
    ) % {"stop": name(missed.stop), "visits": missed.visits, "reason": reason}


def way_words(way: Relaxation, *, name: Name = _same, day: DayName = str) -> str:
    """A way to meet what is missed, and what driving it adds."""
    amount = round(way.amount)
    facts: Mapping[str, object] = {
        "amount": amount,
        "cost": round(way.cost),
        "day": day(way.day) if way.day else "",
        "vehicle": name(way.vehicle) if way.vehicle else "",
    }
    words = {
        "longer_shift": lambda: ngettext(
            "Lengthen the shift of %(vehicle)s on %(day)s by %(amount)s minute (%(cost)s more to drive).",
            "Lengthen the shift of %(vehicle)s on %(day)s by %(amount)s minutes (%(cost)s more to drive).",
            amount,
        ),
        "wider_window": lambda: ngettext(
            "Widen the hours of the stop on %(day)s by %(amount)s minute (%(cost)s more to drive).",
            "Widen the hours of the stop on %(day)s by %(amount)s minutes (%(cost)s more to drive).",
            amount,
        ),
        "other_day": lambda: _("Allow a visit on %(day)s (%(cost)s minutes more to drive)."),
        "another_van": lambda: ngettext(
            "Use one more vehicle like %(vehicle)s on %(day)s (%(cost)s minutes to drive).",
            "Use one more vehicle like %(vehicle)s on %(amount)s days, one of them %(day)s (%(cost)s minutes to drive).",
            amount,
        ),
        "other_vehicle": lambda: _("Let %(vehicle)s go there on %(day)s (%(cost)s minutes more to drive)."),
        "more_room": lambda: _(
            "Give %(vehicle)s room for %(amount)s more on %(day)s (%(cost)s minutes more to drive)."
        ),
        "fewer_visits": lambda: ngettext(
            "Be content with %(amount)s visit (%(cost)s minutes more to drive).",
            "Be content with %(amount)s visits (%(cost)s minutes more to drive).",
            amount,
        ),
    }.get(way.kind)
    return words() % facts if words else way.kind
