"""Who is answered what at every address of the house: the one table (S1).

A row names an address, the thing of SDN 01 that stands in it, and what each actor is answered to GET and POST:

- ``in``: dealt with (a page, a redirect onward, a form shown again because nothing was sent)
- ``login``: sent to sign in; ``away``: sent to one's own home; ``404``, ``403``, ``405``: just that

An address that is not in the table fails the tests, and so does a row whose address is gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

OFFICE = ("officer", "circulation", "crew", "head", "coordinator", "administrator")
DESK = ("officer", "circulation", "administrator")
KEEPERS = ("officer", "head", "administrator")
CATALOGUERS = ("circulation", "administrator")
ADMINISTRATOR = ("administrator",)


def answers(default: str, **others: str) -> Mapping[str, str]:
    """What each actor is answered. ``office`` stands for all of Bung Hatta's people who are not named themselves."""
    named = dict(others)
    office = named.pop("office", default)
    everybody = dict.fromkeys(OFFICE, office) | dict.fromkeys(
        ("anonymous", "school", "other_school", "perpusnas"), default
    )
    return everybody | named


def roles(
    who: tuple[str, ...], allowed: str = "in", refused: str = "403", **others: str
) -> Mapping[str, str]:
    """Bung Hatta's people by role, everybody else as named."""
    return {name: allowed if name in who else refused for name in OFFICE} | others


@dataclass(frozen=True)
class Row:
    """``about``: URL argument to the name of a thing of the world, or ``=`` and a literal.

    ``guess``: to strangers, GET must answer the same as for an id that nothing has.
    """

    get: Mapping[str, str]
    post: Mapping[str, str]
    about: Mapping[str, str] = field(default_factory=dict)
    guess: bool = False


OPEN = answers("in")
NO = answers("405")
SIGNED_IN = answers("in", anonymous="login")
NOT_FOR_POST = answers("405", anonymous="login")

TABLE: dict[str, Row] = {}


def add(
    name: str, get: Mapping[str, str], post: Mapping[str, str], guess: bool = False, **about: str
) -> None:
    assert name not in TABLE, f"{name} stands in the table twice"
    TABLE[name] = Row(get, post, about, guess)


# --- the public, and everybody who signs in ----------------------------------------------------------------------

for name in (
    "front", "privacy", "healthz", "readyz", "verify_lookup", "directory", "directory_points", "directory_paper",
):  # fmt: skip
    add(name, OPEN, NO)
add("verify", OPEN, NO, code="code of document")
# An institution that is not listed is not there, whoever asks.
add("directory_entry", answers("404"), NO, slug="=sdn-01")
add("set_language", OPEN, OPEN)
add("home", answers("away", school="in", other_school="in", anonymous="login"), NOT_FOR_POST)
for name in ("account_logout", "account_reset_password"):
    add(name, OPEN, OPEN)
# Who is signed in has nothing to do where people sign in.
ALREADY_IN = answers("away", anonymous="in", school="in", other_school="in")
for name in ("account_login", "account_signup", "account_request_login_code"):
    add(name, ALREADY_IN, ALREADY_IN)
for name in (
    "account_inactive",
    "account_email_verification_sent",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
):
    add(name, OPEN, NO)
add("account_confirm_email", OPEN, answers("404"), key="=none")
add("account_reset_password_from_key", OPEN, OPEN, uidb36="=1", key="=none-none")
for name in (
    "account_reauthenticate",
    "account_email",
    "account_change_password",
    "account_set_password",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_generate_recovery_codes",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "usersessions_list",
):
    add(name, SIGNED_IN, SIGNED_IN)
# Steps of a signing in that is not under way: back to where one belongs, which for a school is its portal.
NOT_UNDER_WAY = answers("away", anonymous="login", school="in", other_school="in")
for name in ("account_confirm_login_code", "mfa_authenticate", "mfa_login_webauthn"):
    add(name, NOT_UNDER_WAY, NOT_UNDER_WAY)
for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
    add(name, SIGNED_IN, SIGNED_IN, pk="=1")
for name in ("mfa_index", "mfa_list_webauthn"):
    add(name, SIGNED_IN, NOT_FOR_POST)
# Nobody of the cast has a second factor to look at or to take away.
for name, post in (
    ("mfa_deactivate_totp", "404"),
    ("mfa_view_recovery_codes", "405"),
    ("mfa_download_recovery_codes", "404"),
):
    add(name, answers("404", anonymous="login"), answers(post, anonymous="login"))

# --- networks: the list and the pages of those at work are open to everybody; this one is not at work -----------------

add("public_networks", OPEN, NO)
add("public_network", answers("404"), NO, slug="=jaringan-sdn-01")

# --- files and documents -----------------------------------------------------------------------------------------

OF_BOTH_SIDES = answers("404", office="in", school="in", anonymous="login")
add("file", OF_BOTH_SIDES, NOT_FOR_POST, guess=True, pk="file")
add("document", OF_BOTH_SIDES, NOT_FOR_POST, guess=True, pk="document")

# --- the portal: SDN 01's own pages; whoever has no school is told so, about nobody -------------------------------

# Who works at a desk is led back to it.
OF_SCHOOLS = answers("away", school="in", other_school="in", anonymous="login")
OWN_SCHOOL = answers("away", school="in", other_school="404", anonymous="login")
DONE_BY_SCHOOL = answers("403", school="in", other_school="404", anonymous="login")

for name in ("home", "holdings", "cases", "balance", "agreements", "notices", "documents", "school"):
    add(f"portal:{name}", OF_SCHOOLS, NOT_FOR_POST)
for name, thing in (
    ("consignment", "delivered"),
    ("confirm_differences", "delivered"),
    ("confirm_done", "delivered"),
    ("book", "line"),
    ("case", "case"),
    ("agreement", "agreement"),
):
    add(f"portal:{name}", OWN_SCHOOL, NOT_FOR_POST, guess=True, pk=thing)
for name, thing in (
    ("confirm", "delivered"),
    ("confirm_missing", "delivered"),
    ("confirm_damaged", "delivered"),
    ("confirm_extra", "delivered"),
    ("confirm_check", "delivered"),
    ("report_loss", "line"),
    ("report_loss_check", "line"),
    ("offer", "case"),
    ("offer_condition", "case"),
    ("offer_check", "case"),
    ("appeal", "case"),
    ("appeal_check", "case"),
    ("case_retract", "case"),
    ("contact", "person"),
):
    add(f"portal:{name}", OWN_SCHOOL, DONE_BY_SCHOOL, guess=True, pk=thing)
add("portal:confirm_damage", OWN_SCHOOL, DONE_BY_SCHOOL, guess=True, pk="delivered", line_pk="line")
add("portal:confirm_extra_again", OWN_SCHOOL, DONE_BY_SCHOOL, guess=True, pk="delivered", number="=1")
add("portal:confirm_drop", NOT_FOR_POST, DONE_BY_SCHOOL, pk="delivered")
for name, thing in (("agreement_text", "agreement"), ("agreement_agree", "agreement"), ("duty", "duty")):
    add(f"portal:{name}", OWN_SCHOOL, DONE_BY_SCHOOL, guess=True, pk=thing)
add("portal:agreement_draft", OWN_SCHOOL, NOT_FOR_POST, guess=True, pk="agreement")
add("portal:contact_data", OWN_SCHOOL, NOT_FOR_POST, guess=True, pk="person")
add("portal:contact_erase", OWN_SCHOOL, DONE_BY_SCHOOL, guess=True, pk="person")
ITS_OWN = answers("403", school="in", other_school="in", anonymous="login")
for name in ("entry", "hours", "contact_new"):
    add(f"portal:{name}", OF_SCHOOLS, ITS_OWN)
for name in ("activities", "equipment"):
    add(f"portal:{name}", OF_SCHOOLS, NOT_FOR_POST)
for name, thing in (("activity", "activity"), ("tool", "tool"), ("booking", "booking")):
    add(f"portal:{name}", OWN_SCHOOL, DONE_BY_SCHOOL, guess=True, pk=thing)
# Nothing is issued and no picture is kept, so even SDN 01 finds none.
NOTHING_THERE = answers("away", school="404", other_school="404", anonymous="login")
for name, thing in (("activity_minutes", "activity"), ("tool_picture", "tool")):
    add(f"portal:{name}", NOTHING_THERE, NOT_FOR_POST, guess=True, pk=thing)
for name in ("language", "act_for"):
    add(f"portal:{name}", NOT_FOR_POST, answers("403", school="in", other_school="in", anonymous="login"))

for name in ("networks", "assessments"):
    add(f"portal:{name}", OF_SCHOOLS, NOT_FOR_POST)
for name, thing in (("network", "network"), ("assessment_pdf", "assessment")):
    add(f"portal:{name}", OWN_SCHOOL, NOT_FOR_POST, guess=True, pk=thing)
for name, thing in (("assessment", "questions"), ("follow_up_done", "follow-up")):
    add(f"portal:{name}", OWN_SCHOOL, DONE_BY_SCHOOL, guess=True, pk=thing)
add("portal:assessment_keep", NOT_FOR_POST, DONE_BY_SCHOOL, pk="questions")

add("portal:wishes", OF_SCHOOLS, NOT_FOR_POST)
add("portal:wish_new", OF_SCHOOLS, answers("403", school="in", other_school="in", anonymous="login"))
add("portal:wish_withdraw", OWN_SCHOOL, DONE_BY_SCHOOL, guess=True, pk="wish")
add("portal:reading_lists", OF_SCHOOLS, NOT_FOR_POST)
add(
    "portal:reading_list_new",
    OF_SCHOOLS,
    answers("403", school="in", other_school="in", anonymous="login"),
)
for name in ("reading_list", "reading_list_pdf"):
    add(f"portal:{name}", OWN_SCHOOL, NOT_FOR_POST, guess=True, pk="reading list")
for name in ("reading_list_edit", "reading_list_remove"):
    add(f"portal:{name}", OWN_SCHOOL, DONE_BY_SCHOOL, guess=True, pk="reading list")
add("portal:reading_list_add", NOT_FOR_POST, DONE_BY_SCHOOL, pk="reading list")
add(
    "portal:reading_list_item",
    NOT_FOR_POST,
    DONE_BY_SCHOOL,
    pk="reading list",
    item="listed book",
    act="=turun",
)

# --- the work pages: Bung Hatta's desk, by role --------------------------------------------------------------------

STRANGERS = {"school": "404", "other_school": "404", "perpusnas": "404", "anonymous": "login"}
ANOTHER_DESK = {**STRANGERS, "perpusnas": "in"}
SEEN = roles(OFFICE, **STRANGERS)
# A form sent empty is shown again to whoever may see it; what a role may not do, its service refuses.
EMPTY_FORM = SEEN
READ_ONLY = roles((), refused="405", **STRANGERS) | {"perpusnas": "405"}

for name in (
    "agreements", "programmes", "consignments", "receipts", "tracking", "cases", "search",
    "balances", "late_books", "silent_deliveries", "title_heat", "write_off",
):  # fmt: skip
    add(f"work:{name}", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
for name, thing in (
    ("agreement", "agreement"),
    ("agreement_draft", "agreement"),
    ("programme", "programme"),
    ("consignment", "packing"),
    ("pick_list", "packing"),
    ("box_labels", "packing"),
    ("copy", "copy"),
    ("case", "case"),
):
    add(f"work:{name}", SEEN, READ_ONLY, guess=True, pk=thing)
for name in ("permission",):
    add(f"work:{name}", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
add("work:desk_check", roles(OFFICE, **ANOTHER_DESK), roles(OFFICE, **ANOTHER_DESK))
for name in ("desk_check_institutions", "desk_check_regions"):
    add(f"work:{name}", READ_ONLY, roles(OFFICE, **ANOTHER_DESK))
add("work:borrowing_rule", roles(OFFICE, **ANOTHER_DESK), roles(OFFICE, **ANOTHER_DESK))
for name in ("agreement_new",):
    add(f"work:{name}", roles(KEEPERS, **ANOTHER_DESK), roles(KEEPERS, **ANOTHER_DESK))
add("work:return_open", roles(DESK, **ANOTHER_DESK), roles(DESK, **ANOTHER_DESK))
for name, thing in (
    ("agreement_edit", "draft"),
    ("agreement_scan", "agreement"),
    ("agreement_party_add", "draft"),
    ("period_move", "period"),
    ("period_cancel", "period"),
    ("line_add", "packing"),
    ("dispatch", "packing"),
    ("consignment_cancel", "packing"),
    ("report_loss", "line"),
    ("discrepancy", "discrepancy"),
    ("case_assess", "case"),
    ("case_settle", "case"),
    ("case_find", "case"),
):
    add(f"work:{name}", SEEN, EMPTY_FORM, guess=True, pk=thing)
for name in ("agreement_board", "agreement_rules", "agreement_templates", "authority"):
    add(f"work:{name}", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
for name in ("agreement_template_new", "authority_add"):
    add(f"work:{name}", roles(KEEPERS, **ANOTHER_DESK), roles(KEEPERS, **ANOTHER_DESK))
# Who may sign is public law to every office.
add("work:authority_edit", roles(KEEPERS, **ANOTHER_DESK), roles(KEEPERS, **ANOTHER_DESK), pk="authority")
for name, thing in (
    ("agreement_renew", "agreement"),
    ("agreement_write_down", "agreement"),
    ("agreement_amend", "agreement"),
    ("agreement_derive", "agreement"),
    ("agreement_copy", "agreement"),
    ("agreement_template", "agreement"),
    ("agreement_template_edit", "template"),
    ("agreement_duty_add", "agreement"),
):
    add(f"work:{name}", SEEN, EMPTY_FORM, guess=True, pk=thing)
add("work:agreement_rule", SEEN, EMPTY_FORM, guess=True, pk="library", kind="=pks")
add("work:agreement_unsign", SEEN, EMPTY_FORM, guess=True, pk="draft", party="draft party")
add("work:agreement_duty", SEEN, EMPTY_FORM, guess=True, pk="agreement", duty="duty")
add("work:agreement_duty_step", SEEN, EMPTY_FORM, guess=True, pk="agreement", duty="duty", action="=lapse")
add("work:agreement_step", SEEN, EMPTY_FORM, guess=True, pk="agreement", action="=terminate")
add("work:case_step", SEEN, EMPTY_FORM, guess=True, pk="case", action="=write_off")
add("work:programme_step", SEEN, EMPTY_FORM, guess=True, pk="programme", action="=pause")
add("work:agreement_sign", SEEN, EMPTY_FORM, guess=True, pk="draft", party="draft party")
KEPT = roles(KEEPERS, **STRANGERS)
for name in ("agreement_party", "agreement_party_remove"):
    add(f"work:{name}", SEEN, KEPT, guess=True, pk="draft", party="draft party")
DONE_BY_DESK = roles(DESK, **STRANGERS)
for name, thing in (
    ("programme_replan", "programme"),
    ("programme_open", "agreement without programme"),
    ("swap", "programme"),
    ("propose", "period"),
    ("scan", "packing"),
    ("scan_add", "packing"),
    ("line_drop", "packing line"),
    ("return_desk", "visit"),
    ("return_finish", "visit"),
):
    add(f"work:{name}", SEEN, DONE_BY_DESK, guess=True, pk=thing)
# A refusal is said on the list that the press came from.
add("work:bulk_list", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
add("work:bulk", SEEN, READ_ONLY, guess=True, pk="bulk act")
add("work:bulk_undo", READ_ONLY, SEEN, pk="bulk act")
# Without a tick there is nothing to do, and one is led back to the list.
add("work:bulk_ask", roles(OFFICE, **ANOTHER_DESK), roles(OFFICE, **ANOTHER_DESK), kind="=write_off")
add("work:silence_remind", READ_ONLY, SEEN, pk="delivered")
add("work:scan_undo", READ_ONLY, DONE_BY_DESK, pk="scan")

# --- networks and readiness: read by the office, kept by officer and coordinator ---------------------------------------

for name in ("wishes", "wishes_wanted"):
    add(f"work:{name}", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
# Nothing is ticked, so it leads back to the list.
add("work:wishes_decline", roles(OFFICE, **ANOTHER_DESK), roles(OFFICE, **ANOTHER_DESK))
add("work:wish", SEEN, READ_ONLY, guess=True, pk="wish")
for name in ("wish_promise", "wish_decline"):
    add(f"work:{name}", SEEN, EMPTY_FORM, guess=True, pk="wish")
add("work:wish_note", SEEN, EMPTY_FORM, guess=True, pk="programme")
add("work:wish_serve", SEEN, DONE_BY_DESK, guess=True, pk="wish")
add("work:reading_lists", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
for name in ("reading_list", "reading_list_pdf"):
    add(f"work:{name}", SEEN, READ_ONLY, guess=True, pk="reading list")

NETWORKERS = ("officer", "coordinator", "administrator")
for name in ("networks", "readiness", "follow_ups"):
    add(f"work:{name}", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
for name, thing in (("network", "network"), ("assessment", "assessment"), ("assessment_pdf", "assessment")):
    add(f"work:{name}", SEEN, READ_ONLY, guess=True, pk=thing)
for name in ("network_new", "readiness_send"):
    add(f"work:{name}", roles(NETWORKERS, **ANOTHER_DESK), roles(NETWORKERS, **ANOTHER_DESK))
for name, thing in (
    ("network_edit", "network"),
    ("network_admit", "network"),
    ("network_ask", "network"),
    ("follow_up_add", "assessment"),
    ("follow_up_edit", "follow-up"),
):
    add(f"work:{name}", SEEN, EMPTY_FORM, guess=True, pk=thing)
add("work:network_step", SEEN, EMPTY_FORM, guess=True, pk="network", action="=dissolve")
for name in ("network_role", "network_leave"):
    add(f"work:{name}", SEEN, EMPTY_FORM, guess=True, pk="network", member="member")
DONE_BY_NETWORKERS = roles(NETWORKERS, **STRANGERS)
add("work:network_focal", SEEN, DONE_BY_NETWORKERS, guess=True, pk="network", member="member")
add("work:assessment_step", SEEN, DONE_BY_NETWORKERS, guess=True, pk="assessment", action="=review")
add("work:assessment_answer", SEEN, DONE_BY_NETWORKERS, guess=True, pk="questions")
add("work:follow_up_step", SEEN, DONE_BY_NETWORKERS, guess=True, pk="follow-up", action="=complete")
# --- requests to cooperate: on the public page, behind the secret link, in the portal and at the desk ---------------

add("ask", OPEN, OPEN)
add("ask_sent", OPEN, NO)
# Whoever holds the link is let in, whoever that is; a link that is none is not found (tests/agreements/test_public.py).
NO_LINK = answers("404")
add("ask_follow", NO_LINK, NO_LINK, token="=none")
for name in ("ask_confirm", "ask_message", "ask_withdraw"):
    add(name, NO_LINK, NO_LINK, token="=none")
add("ask_file", NO_LINK, NO_LINK, token="=none", pk="file")
add("portal:requests", OF_SCHOOLS, NOT_FOR_POST)
add("portal:request_new", OF_SCHOOLS, answers("403", school="in", other_school="in", anonymous="login"))
add("portal:request", OWN_SCHOOL, DONE_BY_SCHOOL, guess=True, pk="request")
add("portal:request_step", OWN_SCHOOL, DONE_BY_SCHOOL, guess=True, pk="request", action="=withdraw")
add("work:requests", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
add("work:request_new", roles(KEEPERS, **ANOTHER_DESK), roles(KEEPERS, **ANOTHER_DESK))
for name in ("request", "request_meet", "request_accept", "request_link", "request_register"):
    add(f"work:{name}", SEEN, EMPTY_FORM, guess=True, pk="request")
add("work:request_step", SEEN, EMPTY_FORM, guess=True, pk="request", action="=decline")
# --- how a cooperation is judged ---------------------------------------------------------------------------------------

add("work:evaluations", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
for name, thing in (
    ("indicators", "agreement"),
    ("evaluation", "evaluation"),
    ("evaluation_obstacles", "evaluation draft"),
    ("evaluation_draft", "evaluation draft"),
):
    add(f"work:{name}", SEEN, READ_ONLY, guess=True, pk=thing)
for name, thing in (
    ("evaluation_time", "evaluation draft"),
    ("evaluation_words", "evaluation draft"),
    ("evaluation_reopen", "evaluation"),
    ("evaluation_begin", "agreement"),
    ("indicator_add", "agreement"),
    ("count_now", "agreement"),
    ("obstacle_add", "agreement"),
    ("indicator", "indicator"),
    ("measurement_add", "indicator"),
    ("obstacle", "obstacle"),
    ("obstacle_resolve", "obstacle"),
):
    add(f"work:{name}", SEEN, EMPTY_FORM, guess=True, pk=thing)
# Nothing is typed here, so the service itself is asked, and it asks for the role.
for name, thing in (
    ("evaluation_finish", "evaluation draft"),
    ("indicator_drop", "indicator"),
    ("measurement_drop", "measurement"),
):
    add(f"work:{name}", SEEN, KEPT, guess=True, pk=thing)
add("portal:evaluations", OF_SCHOOLS, NOT_FOR_POST)
add("portal:evaluation", OWN_SCHOOL, NOT_FOR_POST, guess=True, pk="evaluation")
# The directory is common to all offices; who keeps it may change the entry of any partner.
DIRECTORY_KEEPERS = ("officer", "coordinator", "administrator")
SEEN_BY_OFFICES = roles(OFFICE, **ANOTHER_DESK)
KEPT_TOGETHER = roles(DIRECTORY_KEEPERS, **ANOTHER_DESK)
for name in ("directory", "directory_points", "directory_paper"):
    add(f"work:{name}", SEEN_BY_OFFICES, READ_ONLY)
add("work:partner", SEEN_BY_OFFICES, READ_ONLY, pk="institution")
add("work:contact", SEEN_BY_OFFICES, READ_ONLY, pk="person")
for name, thing in (
    ("partner_hours", "institution"),
    ("contact_new", "institution"),
    ("contact_edit", "person"),
    ("contact_withdraw", "person"),
):
    add(f"work:{name}", KEPT_TOGETHER, KEPT_TOGETHER, pk=thing)
# What is kept about people is for those who work with their institution.
GUARDED = roles(DIRECTORY_KEEPERS, **STRANGERS) | {"perpusnas": "403"}
add("work:contact_erase", GUARDED, GUARDED, pk="person")
add("work:contact_data", GUARDED, READ_ONLY, pk="person")
add("work:sheets", KEPT_TOGETHER, KEPT_TOGETHER)
OF_KEEPERS = roles(DIRECTORY_KEEPERS, **STRANGERS)
NOT_POSTED = roles(DIRECTORY_KEEPERS, allowed="405", **STRANGERS) | {"perpusnas": "405"}
for name in ("sheet", "sheet_progress"):
    add(f"work:{name}", OF_KEEPERS, NOT_POSTED, guess=True, pk="sheet")
add("work:sheet_columns", OF_KEEPERS, OF_KEEPERS, guess=True, pk="sheet")
for name in ("sheet_adopt", "sheet_aside"):
    add(f"work:{name}", NOT_POSTED, OF_KEEPERS, pk="sheet")
# What is done together: everybody of the office looks, and those who lead it act.
RUNNERS = ("officer", "circulation", "head", "coordinator", "administrator")
RUN = roles(RUNNERS, **STRANGERS)
for name in ("activities", "activity_calendar", "equipment_list", "bookings"):
    add(f"work:{name}", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
for name in ("activity_new", "equipment_new"):
    add(f"work:{name}", roles(RUNNERS, **ANOTHER_DESK), roles(RUNNERS, **ANOTHER_DESK))
for name, thing in (("activity", "activity"), ("equipment", "tool"), ("booking", "booking")):
    add(f"work:{name}", SEEN, READ_ONLY, guess=True, pk=thing)
for name, thing in (
    ("activity_edit", "activity"),
    ("activity_cohort", "internship"),
    ("activity_intern_add", "internship"),
    ("activity_attendance", "internship"),
    ("activity_contact_add", "activity"),
    ("activity_evidence_add", "activity"),
    ("equipment_edit", "tool"),
    ("equipment_picture", "tool"),
):
    add(f"work:{name}", RUN, RUN, guess=True, pk=thing)
add("work:activity_step", RUN, RUN, guess=True, pk="activity", action="=cancel")
add("work:activity_paper", RUN, RUN, guess=True, pk="internship", paper="=penerimaan")
add("work:activity_interns", RUN, READ_ONLY, guess=True, pk="internship")
add("work:activity_intern_remove", RUN, RUN, guess=True, pk="internship", intern="intern")
add("work:activity_contact_remove", RUN, RUN, guess=True, pk="activity", attendee="attendee")
add("work:activity_evidence_remove", RUN, RUN, guess=True, pk="activity", evidence="evidence")
add("work:booking_new", SEEN, EMPTY_FORM, guess=True, pk="tool")
add("work:booking_step", SEEN, EMPTY_FORM, guess=True, pk="booking", action="=decline")

# --- the record pages: the admin, by role ---------------------------------------------------------------------------

NOT_STAFF = {"school": "login", "other_school": "login", "anonymous": "login"}


def records(
    model: str,
    thing: str,
    *,
    reading: tuple[str, ...] = OFFICE,
    adding: tuple[str, ...] = (),
    changing: tuple[str, ...] = (),
    deleting: tuple[str, ...] = (),
    common: bool = False,
    perpusnas_adds: bool = True,
    perpusnas_changes: bool | None = None,
    of_its_own: bool = False,
) -> None:
    """The six addresses of one model. ``common``: every office sees the row; else perpusnas is sent away like by a guess,
    and so is Bung Hatta's office itself from what is SDN 01's alone (``of_its_own``)."""
    stranger = "in" if common else "away"

    def who(allowed: tuple[str, ...], perpusnas: str) -> Mapping[str, str]:
        return roles(allowed, **NOT_STAFF) | {"perpusnas": perpusnas}

    changes = common if perpusnas_changes is None else perpusnas_changes
    listed = who(reading, "in")
    add(f"admin:{model}_changelist", listed, listed)
    may_add = who(adding, "in" if adding and perpusnas_adds else "403")
    add(f"admin:{model}_add", may_add, may_add)
    add(
        f"admin:{model}_change",
        roles(reading, allowed="away", **NOT_STAFF, perpusnas="away")
        if of_its_own
        else who(reading, stranger),
        who(
            changing,
            ("in" if changes else "403")
            if common and changing
            else "403"
            if common or not changing
            else stranger,
        ),
        guess=not common,
        object_id=thing,
    )
    gone = ("in" if changes else "403") if common and deleting else "403"
    may_delete = who(deleting, gone)
    add(f"admin:{model}_delete", may_delete, may_delete, object_id=thing)
    read = answers("404", **NOT_STAFF) if of_its_own else roles(reading, refused="404", **NOT_STAFF)
    seen = read | {"perpusnas": "in" if common else "404"}
    add(f"admin:{model}_history", seen, seen, guess=not common, object_id=thing)
    app, name = model.split("_", 1)
    onward = answers("in", **NOT_STAFF)
    add(f"admin:admin/{app}/{name}/<path:object_id>/", onward, onward, object_id=thing)


records(
    "libraries_user",
    "account",
    reading=ADMINISTRATOR,
    adding=ADMINISTRATOR,
    changing=ADMINISTRATOR,
)
records("libraries_institution", "institution", adding=KEEPERS, changing=KEEPERS, common=True)
records("libraries_person", "person", common=True)
records(
    "libraries_closure",
    "closure",
    adding=KEEPERS,
    changing=KEEPERS,
    deleting=KEEPERS,
    common=True,
    perpusnas_changes=False,
)
records("libraries_region", "region", common=True)
records("libraries_apitoken", "key", reading=ADMINISTRATOR, adding=ADMINISTRATOR, of_its_own=True)
records("libraries_numberpattern", "pattern", adding=KEEPERS, changing=KEEPERS)
records("libraries_document", "document")
records("libraries_notice", "notice", of_its_own=True)
records("libraries_message", "message")
records("catalogue_title", "title", adding=CATALOGUERS, changing=CATALOGUERS, common=True)
records("catalogue_copy", "copy", adding=CATALOGUERS, changing=CATALOGUERS)
records("agreements_agreement", "agreement")
records("agreements_activity", "activity")
records("agreements_equipment", "tool")
records("agreements_booking", "booking")
records("loans_programme", "programme")
records("loans_consignment", "delivered")
records("loans_case", "case")
records("loans_wish", "wish")
records("loans_returnvisit", "finished visit")
records("loans_custodymove", "move")

# An administrator of another office reaches no account of a partner of ours.
BY_ADMINISTRATOR = roles(ADMINISTRATOR, **NOT_STAFF, perpusnas="404")
for name, thing in (("user_role", "account"), ("user_factor", "account"), ("membership_end", "membership")):
    add(f"admin:libraries_{name}", BY_ADMINISTRATOR, BY_ADMINISTRATOR, guess=True, pk=thing)
nobodys = answers("404", **NOT_STAFF)  # a key is its owner's alone
add("admin:libraries_apitoken_revoke", nobodys, nobodys, pk="key")
of_officers = roles(KEEPERS, **NOT_STAFF, perpusnas="in")
add("admin:libraries_region_import", of_officers, of_officers)
again = roles(OFFICE, **NOT_STAFF, perpusnas="404")
add("admin:libraries_message_again", answers("405", **NOT_STAFF), again, pk="message")
importers = roles(CATALOGUERS, **NOT_STAFF, perpusnas="in")
add("admin:catalogue_importjob_changelist", importers, importers)
for name in ("change", "progress", "problems"):
    add(
        f"admin:catalogue_importjob_{name}",
        importers | {"perpusnas": "404"},
        roles(CATALOGUERS, allowed="405", **NOT_STAFF, perpusnas="405"),
        guess=True,
        pk="import",
    )
add(
    "admin:catalogue_importjob_resume",
    roles(CATALOGUERS, allowed="405", **NOT_STAFF, perpusnas="405"),
    importers | {"perpusnas": "404"},
    pk="import",
)

STAFF = answers("in", **NOT_STAFF)
for name in ("index", "password_change"):
    add(f"admin:{name}", STAFF, STAFF)
add("admin:password_change_done", STAFF, answers("405", **NOT_STAFF))
add("admin:jsi18n", STAFF, answers("405", **NOT_STAFF))
add("admin:autocomplete", answers("403", **NOT_STAFF), answers("405", **NOT_STAFF))
LOGGED_OUT = {"anonymous": "login", "school": "away", "other_school": "away"}
add("admin:logout", answers("405") | LOGGED_OUT, answers("in") | LOGGED_OUT)
