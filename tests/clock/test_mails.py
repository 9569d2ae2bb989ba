"""What mails say: in the reader's language, to the point, in one short first line, and never by night."""

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from inspect import signature
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings as django_settings
from django.urls import resolve
from django.utils import translation

from agreements import addresses as agreement_addresses
from kerjasama.domain import clock
from libraries import addresses as library_addresses
from libraries.choices import MessageStatus, Role
from libraries.emails import FIRST_LINE, compose, headline
from libraries.models import Institution, Message, Notice, User
from libraries.services.addressing import address_notices
from libraries.services.delivering import deliver_messages
from libraries.services.messages import new_message
from libraries.services.notices import announce, settle
from loans import addresses as loan_addresses
from loans.services.reminding import send_due_reminders
from mobile_service import addresses as visit_addresses
from tests.clock.post_office import PostOffice, html_of, open_post_office, text_of
from tests.factories import InstitutionFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

Days = Callable[[int], AbstractContextManager[object]]

RULES = {
    "swap": {"school": "SDN 01", "lender": "Bung Hatta", "books": 100, "final": False},
    "delivery": {"school": "SDN 01", "lender": "Bung Hatta", "books": 100},
    "receipt": {
        "school": "SDN 01",
        "lender": "Bung Hatta",
        "books": 100,
        "code": "KRM-1",
        "dispatched_on": "2026-11-10",
    },
    "replacement": {
        "school": "SDN 01",
        "lender": "Bung Hatta",
        "title": "Si Kancil",
        "code": "KHR-1",
        "kind": "lost",
    },
    "agreement_ends": {
        "school": "SDN 01",
        "lender": "Bung Hatta",
        "agreement": "001/PKS/2026",
        "title": "Peminjaman koleksi",
    },
    **{
        rule: {
            "school": "SDN 01",
            "lender": "Bung Hatta",
            "network": "",
            "questions": 8,
            "message": "Mohon diisi sebelum kunjungan kami.",
        }
        for rule in ("assessment_sent", "assessment_due")
    },
    "assessment_answered": {"about": "SDN 01", "readiness": 75, "gaps": 2, "on": "2026-11-23"},
    "evaluation_finished": {
        "lender": "Bung Hatta",
        "agreement": "001/PKS/2026",
        "title": "Peminjaman koleksi",
        "starts_on": "2026-01-23",
        "ends_on": "2026-12-23",
    },
    "evaluation_due": {
        "school": "SDN 01",
        "lender": "Bung Hatta",
        "agreement": "001/PKS/2026",
        "title": "Peminjaman koleksi",
        "ends_on": "2026-12-23",
    },
    **{
        rule: {
            "school": "SDN 01",
            "lender": "Bung Hatta",
            "agreement": "001/PKS/2026",
            "title": "Peminjaman koleksi",
            "parent": "7/MOU/2025",
            "ends_on": "2027-07-12",
            "party": "SDN 01",
            "duty": "Menyediakan rak",
            "note": "Rak sudah dipesan.",
            "by": "Yusnimar",
        }
        for rule in (
            "agreement_notice",
            "agreement_review",
            "agreement_answer",
            "agreement_negotiation",
            "agreement_remark",
            "agreement_parent_ended",
            "obligation_due",
        )
    },
    "delivered": {
        "partner": "SDN 01",
        "lender": "Bung Hatta",
        "count": 100,
        "code": "KRM-1",
        "on": "2026-11-23",
        "number": "001/BAST/2026",
    },
    **{
        rule: {
            "school": "SDN 01",
            "partner": "SDN 01",
            "office": "Bung Hatta",
            "title": "Rapat kerja sama",
            "begins_on": "2026-11-24",
            "time": "09.00",
            "place": "Aula",
            "comes": True,
            "reason": "Hujan",
        }
        for rule in (
            "activity_invited",
            "activity_answered",
            "activity_moved",
            "activity_cancelled",
            "activity_soon",
        )
    },
    **{
        rule: {
            "partner": "SDN 01",
            "office": "Bung Hatta",
            "tool": "Proyektor",
            "begins_on": "2026-11-24",
            "time": "09.00",
            "outcome": "confirmed",
            "reason": "",
            "back_on": "2026-11-25",
            "until": "16.00",
            "phase": "before",
            "days": 1,
            "side": "borrower",
        }
        for rule in ("booking_requested", "booking_answered", "booking_cancelled", "booking_back")
    },
    "stray_found": {"office": "Bung Hatta", "owner": "Perpusnas", "title": "Si Kancil", "barcode": "PN-1"},
    "returned_elsewhere": {
        "lender": "Bung Hatta",
        "partner": "SDN 02",
        "school": "SDN 01",
        "count": 2,
        "titles": ["Si Kancil", "Malin Kundang"],
        "left": 97,
    },
    "contact_expires": {"school": "SDN 01"},
    "wishes_answered": {"partner": "SDN 01", "lender": "Bung Hatta"},
    **{
        rule: {
            "what": "moved",
            "side": "partner",
            "office": "Bung Hatta",
            "school": "SDN 01",
            "stop": "SDN 01",
            "vehicle": "Pusling 1",
            "on": "2026-11-24",
            "time": "09.00",
            "until": "10.00",
            "count": 2,
            "more": [{"stop": "SDN 01", "on": "2026-12-01", "time": "09.00", "until": "10.00"}],
            "reason": "Hujan",
            "rule": "",
            "before": {"on": "2026-11-23", "time": "08.00"},
            "phase": "before",
            "bring": True,
        }
        for rule in ("van_changed", "van_soon")
    },
    "van_left_out": {
        "office": "Bung Hatta",
        "stop": "SDN 01",
        "count": 1,
        "on": "2026-12-25",
        "left_out": [{"on": "2026-12-25", "why": "Hari Natal."}],
    },
    "programme_changed": {
        "what": "ending",
        "partner": "SDN 01",
        "lender": "Bung Hatta",
        "reason": "Sekolah pindah gedung.",
        "until": None,
        "home": "2026-12-07",
    },
    "received": {"partner": "SDN 01", "code": "KRM-1", "differences": 2, "received_by": "Yusnimar"},
    "returned": {
        "partner": "SDN 01",
        "lender": "Bung Hatta",
        "count": 98,
        "left": 1,
        "lost": 1,
        "number": "002/BAST/2026",
    },
    **{
        rule: {
            "partner": "SDN 01",
            "lender": "Bung Hatta",
            "title": "Si Kancil",
            "code": "KHR-1",
            "kind": "lost",
            "demand": "same_title",
            "settlement": "price",
        }
        for rule in ("case_reported", "case_assessed", "case_settled")
    },
    **{
        rule: {
            "partner": "SDN 01",
            "lender": "Bung Hatta",
            "title": "Si Kancil",
            "code": "KHR-1",
            "answer": answer,
        }
        for rule, answer in (("case_pleaded", "offer"), ("case_answered", "accepted"), ("case_warned", ""))
    },
    **{
        rule: {
            "library": "Bung Hatta",
            "partner": "SDN 01",
            "subject": "Buku bacaan",
            "outcome": outcome,
            "on": "2026-11-23",
            "time": "10.00",
            "place": "Ruang baca",
        }
        for rule, outcome in (
            ("request_confirm", ""),
            ("request_received", ""),
            ("request_invitation", ""),
            ("request_message", ""),
            ("request_meeting", ""),
            ("request_answered", "declined"),
        )
    },
    **{
        rule: {
            "library": "Bung Hatta",
            "place": "Balai Nagari Koto Tangah",
            "who": "SDN 01",
            "school": "SDN 01",
            "stop": "SDN 01",
            "note": "Mulai Januari.",
            "reason": "Hari itu penuh.",
            "outcome": outcome,
            "on": "2026-11-23",
            "time": "10.00",
        }
        for rule, outcome in (
            ("stop_hours_proposed", ""),
            ("stop_hours_answered", "accepted"),
            ("visit_asked", "asked"),
            ("visit_asker_answered", "asked_again"),
            ("visit_request_confirm", ""),
            ("visit_request_answered", "proposed"),
        )
    },
}


@pytest.fixture
def post(settings: Any) -> Iterator[PostOffice]:
    with open_post_office(settings) as office:
        yield office


def variants(facts: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for side in ("partner", "lender"):
        for phase in ("before", "today", "after"):
            for final in (False, True):
                yield {
                    **facts,
                    "side": side,
                    "phase": phase,
                    "days": 3,
                    "due_on": "2026-11-23",
                    "final": final,
                }


def a_notice(rule: str, facts: dict[str, Any], to: Institution, **fields: Any) -> Notice:
    return Notice.objects.create(
        recipient=to,
        rule=rule,
        subject_kind="period",
        subject_id=uuid4(),
        due_on=date(2026, 11, 23),
        context=facts,
        path="/portal/",
        **fields,
    )


def a_message(notice: Notice, language: str = "id", **fields: Any) -> Message:
    message = new_message(
        address="guru@contoh.test",
        template=notice.rule,
        notice=notice,
        dedupe_key=str(uuid4()),
        language=language,
        **fields,
    )
    message.save()
    return message


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_its_words(rule: str, language: str, school_library: Institution) -> None:
    for facts in variants(RULES[rule]):
        mail = compose(a_message(a_notice(rule, facts, school_library), language))
        assert mail is not None
        words = f"{mail.subject}\n{mail.body}"
        assert not re.search(r"%\(|{{|{%|None|2026-11", words), words
        assert len(str(mail.body).splitlines()[0]) <= FIRST_LINE
        assert len(str(mail.body).split()) > 25, "a mail must say what to do"


def test_every_rule_announced_in_code_has_templates() -> None:
    root = Path(django_settings.BASE_DIR)
    announced = set()
    for app in ("libraries", "agreements", "loans", "mobile_service"):
        announced |= rules_announced([path.read_text() for path in (root / app).rglob("*.py")])
    assert {"swap", "delivered", "van_soon", "visit_asked", "visit_request_confirm"} <= announced
    for rule in announced:
        for part in ("subject", "body"):
            assert (root / "templates" / "emails" / f"{rule}_{part}.txt").is_file(), f"{rule}_{part}"
    assert announced <= set(RULES) | {"agreement_ends"}


def rules_announced(sources: list[str]) -> set[str]:
    """What is given as ``rule=``, or as the first word to one of the functions that announce; also by the name of a constant,
    or by one that is chosen between two words."""
    telling = re.compile(r"\brule\b|_(tell|announce|mail)\(")
    trees = [ast.parse(text) for text in sources if telling.search(text)]
    named: dict[str, set[str]] = {}
    for node in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Assign)):
        for target in node.targets:
            pairs = (
                zip(target.elts, node.value.elts, strict=True)
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                else [(target, node.value)]
            )
            for name, value in pairs:
                if isinstance(name, ast.Name) and (name.id == "rule" or name.id.isupper()):
                    named.setdefault(name.id, set()).update(words_in(value))
    found: set[str] = set()
    for call in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)):
        given = [it.value for it in call.keywords if it.arg == "rule"]
        if isinstance(call.func, ast.Name) and call.func.id in ("_tell", "_announce", "_mail"):
            given += [it for it in call.args if words_in(it)][:1]
        for value in given:
            found |= words_in(value) | (named.get(value.id, set()) if isinstance(value, ast.Name) else set())
    return {rule for rule in found if re.fullmatch(r"[a-z][a-z_]+", rule)}


def words_in(value: ast.expr) -> set[str]:
    options = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
    return {it.value for it in options if isinstance(it, ast.Constant) and isinstance(it.value, str)}


def test_links_lead_to_pages() -> None:
    """They stand in mails that people keep, so they are written out; here they are held against the routes."""
    for module in (loan_addresses, agreement_addresses, library_addresses, visit_addresses):
        written = [it for name, it in vars(module).items() if name.endswith(("_partner", "_desk"))]
        assert written
        for address in written:
            path = address(*(uuid4() for _name in signature(address).parameters))
            assert resolve(path).url_name, path
    assert resolve(visit_addresses.REQUEST_BY_LINK % "rahasia").url_name == "visit_follow"


def test_first_line_names_school_books_date_and_link(period: Any, days_from_end: Days, school: User) -> None:
    with days_from_end(-3):
        send_due_reminders()
    notice = Notice.objects.get(rule="swap", recipient__slug="sdn-01")
    mail = compose(a_message(notice))
    assert mail is not None
    first = str(mail.body).splitlines()[0]
    for part in (
        "SD Negeri 01 Benteng",
        "5",
        str(period.ends_on.year),
        django_settings.BASE_URL + notice.path,
    ):
        assert part in first


def test_long_names_are_cut_not_the_link(school_library: Institution) -> None:
    facts = {**RULES["replacement"], "school": "SD Negeri " + "X" * 80, "title": "Kisah " + "Y" * 200}
    notice = a_notice(
        "replacement",
        {**facts, "side": "partner", "phase": "after", "days": 3, "due_on": "2026-11-23"},
        school_library,
    )
    mail = compose(a_message(notice))
    assert mail is not None
    first = str(mail.body).splitlines()[0]
    assert len(first) <= FIRST_LINE
    assert first.endswith(django_settings.BASE_URL + "/portal/")


def test_names_cannot_break_a_header_or_the_page(school_library: Institution) -> None:
    facts = {
        **RULES["case_reported"],
        "partner": "SDN\r\nBcc: semua@contoh.test",
        "title": "<script>alert(1)</script> & Co",
    }
    mail = compose(a_message(a_notice("case_reported", facts, school_library)))
    assert mail is not None
    assert "\n" not in mail.subject
    assert "Bcc" not in {key for key, _value in mail.message().items()}
    html = str(mail.alternatives[0][0])
    assert "<script>" not in html
    assert "& Co" in str(mail.body), "plain text is not escaped"


def test_headline_for_pages_follows_the_page(school_library: Institution) -> None:
    facts = next(variants(RULES["swap"]))
    notice = a_notice("swap", facts, school_library)
    with translation.override("en"):
        assert headline(notice) == "SDN 01: 100 books are swapped on Monday, 23 November 2026"
    assert headline(notice, "id") == "SDN 01: 100 buku ditukar pada Senin, 23 November 2026"


def test_each_reader_in_their_language(
    post: PostOffice, library: Institution, school_library: Institution
) -> None:
    for name, language in (("siti", "id"), ("anna", "en")):
        user = UserFactory(username=name, language=language)
        MembershipFactory(user=user, institution=school_library, role=Role.SCHOOL_CONTACT)
    a_notice("swap", next(variants(RULES["swap"])), school_library, sender=library)
    with time_machine.travel(datetime(2026, 11, 20, 3, tzinfo=UTC)):
        address_notices()
        assert deliver_messages().count == 2
    indonesian, english = post.to("siti@contoh.test")[0], post.to("anna@contoh.test")[0]
    assert indonesian["Subject"] == "SDN 01: 100 buku ditukar pada Senin, 23 November 2026"
    assert "Salam hormat," in text_of(indonesian)
    assert english["Subject"] == "SDN 01: 100 books are swapped on Monday, 23 November 2026"
    assert "Kind regards," in text_of(english)
    assert '<html lang="en">' in html_of(english)
    assert english["Content-Language"] == "en"
    assert english["Auto-Submitted"] == "auto-generated"
    assert english["Reply-To"] == library.email
    assert "List-Id" in english
    message = Message.objects.get(address="anna@contoh.test")
    assert message.message_id in english["Message-ID"]
    assert english["Date"].datetime == message.created_at.replace(microsecond=0)


@pytest.mark.parametrize(
    ("zone", "utc", "expected"),
    [
        ("Asia/Jakarta", "2026-11-23 12:30", "2026-11-23 12:30"),
        ("Asia/Makassar", "2026-11-23 12:30", "2026-11-23 22:00"),
        ("Asia/Jayapura", "2026-11-23 12:30", "2026-11-23 21:00"),
        ("Asia/Jakarta", "2026-11-23 22:40", "2026-11-23 23:00"),
        ("Asia/Makassar", "2026-11-23 22:40", "2026-11-23 22:40"),
    ],
)
def test_quiet_hours_are_those_of_the_reader(
    post: PostOffice, school_library: Institution, school: User, zone: str, utc: str, expected: str
) -> None:
    Institution.objects.filter(pk=school_library.pk).update(zone=zone)
    a_notice("swap", next(variants(RULES["swap"])), school_library)
    now, then = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (utc, expected))
    with time_machine.travel(now, tick=False):
        address_notices()
        sent = deliver_messages().count
    message = Message.objects.get()
    assert message.not_before == then
    assert sent == (now == then)
    with time_machine.travel(then, tick=False):
        deliver_messages()
    assert len(post.mails) == 1


def test_roles_choose_the_readers(library: Institution, officer: User, circulation: User) -> None:
    a_notice("received", RULES["received"], library, roles=[Role.CIRCULATION])
    a_notice("agreement_ends", next(variants(RULES["agreement_ends"])), library, roles=[])
    address_notices()
    found = {(m.template, m.user.username) for m in Message.objects.select_related("user") if m.user}
    assert found == {
        ("received", "circulation"),
        ("agreement_ends", "circulation"),
        ("agreement_ends", "officer"),
    }


def test_nobody_in_the_role_means_everybody(library: Institution, officer: User) -> None:
    a_notice("received", RULES["received"], library, roles=[Role.CIRCULATION])
    address_notices()
    assert [m.user for m in Message.objects.all()] == [officer]


def test_former_members_and_closed_accounts_are_left_alone(
    school_library: Institution, school: User, other_school: User
) -> None:
    membership = MembershipFactory(institution=school_library, ends_on=clock.today() - clock.days(1))
    closed = MembershipFactory(institution=school_library, user__is_active=False)
    a_notice("received", RULES["received"], school_library)
    address_notices()
    assert {m.user for m in Message.objects.all()} == {school} - {membership.user, closed.user}


def test_without_members_the_institution_is_written_to(school_library: Institution) -> None:
    a_notice("received", RULES["received"], school_library)
    address_notices()
    message = Message.objects.get()
    assert (message.user, message.address, message.language) == (None, school_library.email, "id")
    mail = compose(message)
    assert mail is not None
    assert "Yth. Bapak/Ibu," in str(mail.body)


def test_without_any_mailbox_the_notice_stands_on_the_page() -> None:
    school = InstitutionFactory(school=True, email="")
    notice = a_notice("received", RULES["received"], school)
    assert address_notices().count == 1
    notice.refresh_from_db()
    assert notice.addressed_at is not None
    assert not Message.objects.exists()


def test_addressed_once(school: User, school_library: Institution) -> None:
    a_notice("received", RULES["received"], school_library)
    assert address_notices().count == 1
    assert address_notices().count == 0
    assert Message.objects.count() == 1


def test_many_at_once_become_one_message(post: PostOffice, library: Institution, circulation: User) -> None:
    for number in range(12):
        facts = {**next(variants(RULES["swap"])), "school": f"SDN {number:02}"}
        a_notice("swap", facts, library, sender=library)
    with time_machine.travel(datetime(2026, 11, 20, 3, tzinfo=UTC)):
        address_notices()
        deliver_messages()
    (mail,) = post.mails
    assert "12" in mail["Subject"]
    assert all(f"SDN {number:02}: 100 buku" in text_of(mail) for number in range(12))
    assert html_of(mail).count("<li") == 12


def test_a_digest_leaves_out_what_was_settled_and_falls_silent_when_nothing_is_left(
    post: PostOffice, library: Institution, circulation: User
) -> None:
    facts = next(variants(RULES["swap"]))
    notices = [a_notice("swap", {**facts, "school": f"SDN {n}"}, library) for n in range(3)]
    with time_machine.travel(datetime(2026, 11, 20, 15, tzinfo=UTC)):
        address_notices()
    settle(notices[0].subject_id)
    with time_machine.travel(datetime(2026, 11, 21, 3, tzinfo=UTC)):
        message = Message.objects.get()
        mail = compose(message)
        assert mail is not None
        assert "SDN 0" not in str(mail.body)
        assert "SDN 1" in str(mail.body)
        for notice in notices:
            settle(notice.subject_id)
        deliver_messages()
    assert not post.mails
    message.refresh_from_db()
    assert message.status == MessageStatus.SILENCED


def test_an_announcement_stands_once_and_falls_with_its_change(
    library: Institution, school_library: Institution
) -> None:
    subject = uuid4()

    def tell(**fields: Any) -> bool:
        return announce(
            **{
                "recipient": school_library,
                "sender": library,
                "rule": "swap",
                "subject_kind": "period",
                "subject_id": subject,
                "due_on": date(2026, 11, 23),
                "context": {"on": date(2026, 11, 23)},
                **fields,
            }
        )

    assert tell() is True
    assert tell() is False
    assert tell(rung=3) is True
    assert tell(recipient=library, rung=3) is True
    assert Notice.objects.open().count() == 2
    assert settle(subject, rules=["other"]) == 0
    assert settle(subject) == 2
    assert settle(subject) == 0
