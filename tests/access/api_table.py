"""Who is answered what over the API (S1): the part of the table that programs meet.

Everybody here comes with a key of full scope; without a key it is 401, and with one of no scope 403, at every address.
``any`` stands where the role decides, which the lives of the things prove (tests/api, tests/loans): dealt with or 403.
"""

from tests.access.table import OFFICE, TABLE, Row

ANYBODY = dict.fromkeys((*OFFICE, "school", "other_school", "perpusnas"), "in")
NOBODY = dict.fromkeys(ANYBODY, "405")
# A thing of SDN 01 and its library: both sides see it, strangers do not.
BOTH_SIDES = ANYBODY | {"other_school": "404", "perpusnas": "404"}
# A thing of the library's own desk.
DESK_ONLY = BOTH_SIDES | {"school": "404"}
# What offices keep together, and schools see of themselves.
DIRECTORY = ANYBODY | {"other_school": "404"}
ASKED_FOR = {"in": "any", "404": "404"}


def noun(
    name: str,
    thing: str,
    sees: dict[str, str],
    *,
    creates: bool = False,
    revises: bool = False,
    verbs: tuple[str, ...] = (),
    reads: tuple[str, ...] = (),
) -> None:
    created = dict.fromkeys(ANYBODY, "any")
    TABLE[f"api:{name}-list"] = Row(ANYBODY, created if creates else NOBODY)
    TABLE[f"api:{name}-detail"] = Row(sees, NOBODY, {"pk": thing}, guess=True)
    for verb in verbs:
        asked = {actor: ASKED_FOR[answer] for actor, answer in sees.items()}
        TABLE[f"api:{name}-{verb}"] = Row(NOBODY, asked, {"pk": thing})
    for part in reads:
        TABLE[f"api:{name}-{part}"] = Row(sees, NOBODY, {"pk": thing}, guess=True)


noun("institutions", "institution", DIRECTORY, creates=True, revises=True, verbs=("set_hours",))
noun("people", "person", DIRECTORY, creates=True, revises=True, verbs=("erase", "withdraw_consent"))
# What is kept about a contact is for those who keep it, and for its own institution.
KEPT_BY = dict.fromkeys(ANYBODY, "403") | dict.fromkeys(
    ("officer", "coordinator", "administrator", "school"), "in"
)
TABLE["api:people-everything"] = Row(KEPT_BY | {"other_school": "404"}, NOBODY, {"pk": "person"}, guess=True)
noun("regions", "region", ANYBODY)
noun("documents", "document", BOTH_SIDES, reads=("pdf",))
noun("notices", "notice", dict.fromkeys(ANYBODY, "404") | {"school": "in"})
noun("titles", "title", ANYBODY, creates=True)
noun("copies", "copy", BOTH_SIDES, creates=True)
noun("imports", "import", DESK_ONLY, creates=True, verbs=("resume",), reads=("records",))
noun(
    "agreements",
    "agreement",
    BOTH_SIDES,
    creates=True,
    verbs=(
        "activate",
        "add_party",
        "agree",
        "amend",
        "attach_scan",
        "cancel",
        "confirm_review",
        "copy",
        "derive",
        "make_template",
        "negotiate",
        "pass_review",
        "remark",
        "remove_party",
        "renew",
        "reopen",
        "revise_party",
        "send_back",
        "send_to_review",
        "sign",
        "submit",
        "terminate",
        "unsign",
        "write_down",
    ),
    reads=("events",),
)
noun(
    "obligations",
    "duty",
    BOTH_SIDES,
    creates=True,
    verbs=("fulfil", "fulfil_partly", "lapse", "reopen"),
    reads=("events",),
)
# Who may sign is public law, looked up by every office.
noun("signing-authorities", "authority", ANYBODY | {"school": "404", "other_school": "404"}, creates=True)
noun(
    "cooperation-requests",
    "request",
    BOTH_SIDES,
    creates=True,
    verbs=("accept", "decline", "discuss", "link", "meet", "show_interest", "withdraw", "write"),
    reads=("events", "messages"),
)
noun(
    "evaluations",
    "evaluation",
    BOTH_SIDES,
    creates=True,
    verbs=("count", "finish", "note_obstacle", "reopen"),
    reads=("events",),
)
noun("indicators", "indicator", DESK_ONLY, creates=True, verbs=("remove",))
noun("measurements", "measurement", DESK_ONLY, creates=True, verbs=("remove",))
noun("obstacles", "obstacle", DESK_ONLY, creates=True, verbs=("resolve",))
noun(
    "activities",
    "activity",
    BOTH_SIDES,
    creates=True,
    verbs=(
        "accept",
        "accept_interns",
        "add_contact",
        "add_evidence",
        "add_intern",
        "cancel",
        "correct",
        "decline",
        "finish",
        "invite",
        "issue_certificates",
        "issue_minutes",
        "set_cohort",
        "take_attendance",
    ),
    reads=("events",),
)
noun("equipment", "tool", BOTH_SIDES, creates=True, verbs=("photograph",), reads=("busy",))
noun(
    "bookings",
    "booking",
    BOTH_SIDES,
    creates=True,
    verbs=("cancel", "confirm", "decline", "take_back"),
    reads=("events",),
)
noun(
    "programmes",
    "programme",
    BOTH_SIDES,
    creates=True,
    verbs=("bring_home", "end", "extend", "pause", "replan", "resume", "set_terms", "set_weekdays", "swap"),
    reads=("events",),
)
noun("periods", "period", BOTH_SIDES, verbs=("cancel", "look_at_move", "move", "propose"), reads=("events",))
noun(
    "consignments",
    "delivered",
    BOTH_SIDES,
    creates=True,
    verbs=(
        "add_line",
        "cancel",
        "claim_zone",
        "close_box",
        "leave_zone",
        "dispatch",
        "drop_line",
        "receive",
        "reopen_box",
        "report_loss",
        "report_missing",
        "take_back",
    ),
    reads=("events", "lines", "pick-list"),
)
TABLE["api:consignments-boxes"] = Row(
    BOTH_SIDES,
    {actor: ASKED_FOR[answer] for actor, answer in BOTH_SIDES.items()},
    {"pk": "delivered"},
    guess=True,
)
# Where books stand in the house is the desk's own matter.
TABLE["api:consignments-zones"] = Row(DESK_ONLY, NOBODY, {"pk": "packing"}, guess=True)
noun("shelf-zones", "zone", DESK_ONLY, creates=True, verbs=("change", "remove"))
noun("stray-books", "stray", DESK_ONLY, creates=True, verbs=("forget", "send_home"))
noun("missing-copies", "missing copy", DESK_ONLY, verbs=("find", "substitute"), reads=("substitutes",))
noun("discrepancies", "discrepancy", BOTH_SIDES, verbs=("resolve",))
noun("scans", "scan", DESK_ONLY, creates=True, verbs=("mend", "note", "undo"))
noun(
    "stocktakes",
    "stocktake",
    BOTH_SIDES,
    creates=True,
    verbs=("cancel", "close", "count", "report_missing"),
    reads=("events", "lines"),
)
noun("return-visits", "visit", DESK_ONLY, creates=True, verbs=("finish", "take_back"), reads=("events",))
noun(
    "cases",
    "case",
    BOTH_SIDES,
    creates=True,
    verbs=(
        "accept",
        "appeal",
        "assess",
        "extend",
        "find",
        "note_write_off",
        "offer",
        "reduce",
        "refuse",
        "retract",
        "settle",
        "uphold",
        "warn",
        "withdraw",
        "write_off",
    ),
    reads=("events",),
)
noun("bulk-acts", "bulk act", DESK_ONLY, creates=True, verbs=("undo",))
noun("balances", "programme", BOTH_SIDES)
noun("title-heat", "title", DESK_ONLY)
# Questions about today that nothing in this world is an answer to.
for question, thing in (
    ("late-books", "line"),
    ("silent-deliveries", "delivered"),
    ("write-off-candidates", "copy"),
):
    noun(question, thing, dict.fromkeys(ANYBODY, "404"))
noun("quota-profiles", "profile", DESK_ONLY, creates=True, verbs=("remove",))
noun(
    "rotation-plans",
    "plan",
    DESK_ONLY,
    creates=True,
    verbs=("adopt", "cancel", "discard", "replan", "retry", "undo"),
    reads=("events", "pdf"),
)
noun("planned-books", "planned book", DESK_ONLY, creates=True, verbs=("lock", "remove", "unlock"))
noun("title-bans", "ban", DESK_ONLY, creates=True, verbs=("lift",))
noun(
    "wishes",
    "wish",
    BOTH_SIDES,
    creates=True,
    verbs=("decline", "promise", "serve", "withdraw"),
    reads=("events",),
)
noun(
    "networks",
    "network",
    BOTH_SIDES,
    creates=True,
    revises=True,
    verbs=("activate", "admit", "appoint_focal_point", "assign_role", "dissolve", "leave"),
    reads=("events",),
)
noun(
    "assessments",
    "assessment",
    BOTH_SIDES,
    creates=True,
    verbs=("answer", "attach_evidence", "cancel", "review"),
    reads=("events", "pdf"),
)
noun(
    "follow-ups",
    "follow-up",
    BOTH_SIDES,
    creates=True,
    revises=True,
    verbs=("complete", "drop", "reopen"),
    reads=("events",),
)
noun(
    "reading-lists",
    "reading list",
    BOTH_SIDES,
    creates=True,
    revises=True,
    verbs=("add_item", "drop_item", "move_item", "remove"),
)
noun("agreement-templates", "template", DESK_ONLY, creates=True, verbs=("draft",))
noun("kind-rules", "kind rule", DESK_ONLY, creates=True)
noun(
    "school-lists",
    "sheet",
    DESK_ONLY,
    creates=True,
    verbs=("adopt", "choose_columns", "put_aside"),
)
# The rows name people, so they are for those who keep the directory.
TABLE["api:school-lists-rows"] = Row(
    DESK_ONLY | dict.fromkeys(("circulation", "crew", "head"), "403"), NOBODY, {"pk": "sheet"}, guess=True
)
noun("borrowing-rules", "borrowing rule", ANYBODY | {"school": "404", "other_school": "404"})
noun("desk-checks", "desk count", DESK_ONLY, creates=True)
# A question with all its parts left out is a wrong question, and answered as one.
TABLE["api:permissions"] = Row(ANYBODY, NOBODY)
TABLE["api:scans-batch"] = Row(NOBODY, dict.fromkeys(ANYBODY, "any"))

# Read without a key by whoever wants to write a program.
OPEN_DOORS = {"api:root", "api:description", "api:docs", "api:nothing"}
