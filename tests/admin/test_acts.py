"""What the desk does goes through the services, and what they refuse is said on the page, with what was typed kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from agreements.models import Agreement
from agreements.services.drafting import draft_agreement
from agreements.terms import LABELS
from kerjasama.domain import clock
from libraries.models import Institution, User
from loans.admin.wording import shortfall_sentences
from loans.models import Case, Consignment, LoanLine, Period, PlannedBook, Programme, ReturnVisit
from loans.services.proposing import propose_consignment
from tests.conftest import scan_all
from tests.factories import shelve

pytestmark = pytest.mark.django_db


def draft_fields(agreement: Agreement, **changed: Any) -> dict[str, Any]:
    term = agreement.lending_term
    return {
        "version": agreement.version,
        "title": agreement.title,
        "initiated_by": agreement.initiated_by,
        "starts_on": agreement.starts_on.isoformat(),
        "ends_on": agreement.ends_on.isoformat(),
        "aims": agreement.aims,
        "quantity": term.quantity,
        "interval_months": term.interval_months,
        "first_delivery_on": term.first_delivery_on.isoformat(),
        "replacement_days": term.replacement_days,
        "receipt_days": term.receipt_days,
        **changed,
    }


# --- agreements -----------------------------------------------------------------------------------------------------


def test_a_new_agreement_begins_with_a_few_facts(
    office: Client, library: Institution, school_library: Institution
) -> None:
    answer = office.post(
        reverse("work:agreement_new"),
        {
            "office": library.pk,
            "partner": school_library.pk,
            "kind": "pks",
            "title": "Peminjaman buku",
            "initiated_by": "library",
            "lends": "on",
        },
    )
    agreement = Agreement.objects.get()
    assert answer["Location"] == reverse("work:agreement_edit", args=[agreement.pk])
    assert agreement.lending_term.quantity == 100
    assert {party.signatory_name for party in agreement.parties.all()} == {"Rahmat Hidayat", "Yusnimar"}


def test_the_page_names_everything_that_is_missing(
    office: Client, library: Institution, school_library: Institution, officer: Any
) -> None:
    agreement = draft_agreement(
        actor=officer, office=library, partner=school_library, kind="implicit", title="Lisan"
    )
    body = office.get(reverse("work:agreement", args=[agreement.pk])).content.decode()
    with translation.override("id"):
        assert str(LABELS["agreed_by"]) in body and str(LABELS["agreed_note"]) in body
    refused = office.post(reverse("work:agreement_step", args=[agreement.pk, "activate"]))
    assert refused.status_code == 422
    assert "error-summary" in refused.content.decode()


def test_a_draft_is_saved_and_the_typed_words_survive_an_error(office: Client, draft: Agreement) -> None:
    url = reverse("work:agreement_edit", args=[draft.pk])
    bad = office.post(url, draft_fields(draft, aims="Kata yang panjang", ends_on="2001-01-01"))
    assert bad.status_code == 422
    body = bad.content.decode()
    assert "Kata yang panjang" in body and "error-summary" in body and "<title>Galat:" in body
    good = office.post(
        url, draft_fields(draft, aims="Kata yang panjang", starts_on="01/12/2026", ends_on="30/11/2027")
    )
    assert good.status_code == 302
    draft.refresh_from_db()
    assert draft.aims == "Kata yang panjang" and draft.starts_on.isoformat() == "2026-12-01"


def test_a_stale_form_shows_what_the_other_saved_and_keeps_what_was_typed(
    office: Client, draft: Agreement
) -> None:
    url = reverse("work:agreement_edit", args=[draft.pk])
    mine = draft_fields(draft, aims="Kata saya")
    office.post(url, draft_fields(draft, aims="Kata rekan"))
    stale = office.post(url, mine)
    body = stale.content.decode()
    assert stale.status_code == 409
    assert "Kata rekan" in body and "Kata saya" in body
    draft.refresh_from_db()
    assert draft.aims == "Kata rekan"
    assert f'name="version" value="{draft.version}"' in body
    assert office.post(url, {**mine, "version": draft.version}).status_code == 302
    draft.refresh_from_db()
    assert draft.aims == "Kata saya"


def test_the_whole_life_of_a_written_agreement(office: Client, draft: Agreement) -> None:
    step = lambda action, **data: office.post(reverse("work:agreement_step", args=[draft.pk, action]), data)  # noqa: E731
    assert step("submit").status_code == 302
    early = step("activate")
    assert early.status_code == 409 and "SD Negeri 01" in early.content.decode()
    for party in draft.parties.all():
        sign = reverse("work:agreement_sign", args=[draft.pk, party.pk])
        tomorrow = (clock.today() + timedelta(days=2)).isoformat()
        assert office.post(sign, {"signed_on": tomorrow}).status_code == 422
        assert office.post(sign, {"signed_on": clock.today().isoformat()}).status_code == 302
    assert step("activate").status_code == 302
    assert step("terminate").status_code == 422  # a reason is missing
    assert step("terminate", note="Sekolah pindah").status_code == 302
    draft.refresh_from_db()
    assert draft.status == "terminated" and draft.document is not None
    body = office.get(reverse("work:agreement", args=[draft.pk])).content.decode()
    assert "Sekolah pindah" in body
    assert office.post(reverse("work:agreement_step", args=[draft.pk, "fly"])).status_code == 404


def test_circulation_reads_agreements_and_changes_none(desk: Client, draft: Agreement) -> None:
    assert desk.get(reverse("work:agreement", args=[draft.pk])).status_code == 200
    refused = desk.post(reverse("work:agreement_step", args=[draft.pk, "submit"]))
    assert refused.status_code == 403 and "error-summary" in refused.content.decode()
    assert desk.post(reverse("work:agreement_edit", args=[draft.pk]), draft_fields(draft)).status_code == 403
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_scan_is_attached_and_the_wrong_kind_is_refused_in_words(
    office: Client, signing: Agreement
) -> None:
    url = reverse("work:agreement_scan", args=[signing.pk])
    wrong = office.post(url, {"file": SimpleUploadedFile("naskah.pdf", b"MZ not a pdf")})
    assert wrong.status_code == 422 and "error-summary" in wrong.content.decode()
    right = office.post(url, {"file": SimpleUploadedFile("naskah.pdf", b"%PDF-1.7 tiny")})
    assert right.status_code == 302
    signing.refresh_from_db()
    assert signing.signed_scan is not None


def test_parties_are_kept_in_the_draft_only(
    office: Client, draft: Agreement, other_school_library: Institution
) -> None:
    assert (
        office.post(
            reverse("work:agreement_party_add", args=[draft.pk]),
            {"institution": other_school_library.pk, "role": "focal"},
        ).status_code
        == 302
    )
    third = draft.parties.get(institution=other_school_library)
    assert third.role == "focal"
    edit = reverse("work:agreement_party", args=[draft.pk, third.pk])
    assert (
        office.post(edit, {"role": "member", "signatory_name": "Ibu Tiga", "signatory_nip": "12"}).status_code
        == 422
    )
    assert (
        office.post(
            edit, {"role": "member", "signatory_name": "Ibu Tiga", "obligations": "Menjaga buku."}
        ).status_code
        == 302
    )
    third.refresh_from_db()
    assert third.signatory_name == "Ibu Tiga"
    main = draft.parties.get(institution=draft.partner)
    refused = office.post(reverse("work:agreement_party_remove", args=[draft.pk, main.pk]))
    assert refused.status_code == 409
    assert office.post(reverse("work:agreement_party_remove", args=[draft.pk, third.pk])).status_code == 302


# --- programmes and deliveries ---------------------------------------------------------------------------------------


def test_a_programme_is_opened_and_its_dates_are_moved(desk: Client, agreement: Agreement) -> None:
    opened = desk.post(reverse("work:programme_open", args=[agreement.pk]), {"reading_levels": ["middle"]})
    programme = Programme.objects.get()
    assert opened["Location"] == reverse("work:programme", args=[programme.pk])
    twice = desk.post(reverse("work:programme_open", args=[agreement.pk]))
    assert twice.status_code == 409
    period = programme.periods.order_by("sequence")[1]
    move = reverse("work:period_move", args=[period.pk])
    sunday = period.starts_on + timedelta(days=6 - period.starts_on.weekday() or 7)
    closed = desk.post(move, {"starts_on": sunday.isoformat()})
    assert closed.status_code == 422 and sunday.isoformat() in closed.content.decode()
    assert desk.post(move, {"starts_on": (sunday + timedelta(days=1)).isoformat()}).status_code == 302
    period.refresh_from_db()
    assert period.starts_on == sunday + timedelta(days=1)
    assert (
        desk.post(
            reverse("work:programme_step", args=[programme.pk, "pause"]), {"note": "Renovasi"}
        ).status_code
        == 302
    )
    assert desk.post(reverse("work:programme_step", args=[programme.pk, "resume"])).status_code == 302


def test_books_are_proposed_packed_and_handed_over(desk: Client, programme: Programme) -> None:
    shelve(programme.lender, 4)
    period = programme.periods.order_by("sequence")[0]
    proposed = desk.post(reverse("work:propose", args=[period.pk]))
    consignment = Consignment.objects.get()
    assert proposed["Location"] == reverse("work:consignment", args=[consignment.pk])
    page = desk.get(proposed["Location"]).content.decode()
    assert "Kurang 1 buku" in page  # four on the shelf, five agreed: never silently less
    assert page.count('class="shelf"') == 4
    dispatch = reverse("work:dispatch", args=[consignment.pk])
    today = clock.today().isoformat()
    assert desk.post(dispatch, {"on": today}).status_code == 409
    first, *_rest = [line.copy.barcode for line in consignment.lines.in_shelf_order()]
    desk.post(reverse("work:scan", args=[consignment.pk]), {"barcode": first})
    missing = desk.post(dispatch, {"on": today})
    assert missing.status_code == 409 and "3 buku" in missing.content.decode()
    assert desk.post(dispatch, {"on": today, "leave_out_missing": "on"}).status_code == 302
    consignment.refresh_from_db()
    assert consignment.status == "dispatched" and consignment.lines.filter(status="out").count() == 1
    assert (
        reverse("document", args=[consignment.handover_document_id])
        in desk.get(reverse("work:consignment", args=[consignment.pk])).content.decode()
    )


def test_what_does_not_go_along_is_said_before_the_handover_and_after(
    desk: Client, dispatched: Consignment, circulation: User
) -> None:
    """A handover of fewer books than agreed names their number, the reason, and the planned book that is elsewhere."""
    away = dispatched.lines.in_shelf_order()[0].copy
    coming = Period.objects.filter(status="planned").order_by("sequence")[0]
    PlannedBook.objects.create(period=coming, title=away.title, copy=away)
    picking = propose_consignment(period=coming, actor=circulation)
    assert picking.shortfall == [{"reason": "planned_not_back", "missing": 1}]
    scan_all(picking, circulation)
    handover = reverse("work:dispatch", args=[picking.pk])
    asked = desk.get(handover)
    assert (asked.context["picked"], asked.context["whole"], asked.context["short"]) == (4, 5, 1)
    [reason] = asked.context["reasons"]
    assert reason == shortfall_sentences(picking.shortfall)[0]
    said = asked.content.decode()
    assert reason in said and f"{away.barcode}</span> · {dispatched.partner}" in said
    assert desk.post(handover, {"on": clock.today().isoformat()}).status_code == 302
    gone = desk.get(reverse("work:consignment", args=[picking.pk]))
    assert gone.context["short"] == 1
    assert [row.copy for row in gone.context["stayed"]] == [away]
    assert away.barcode in gone.content.decode()


def test_a_refused_barcode_stays_in_its_field(desk: Client, picking: Consignment) -> None:
    answer = desk.post(reverse("work:line_add", args=[picking.pk]), {"barcode": "TIDAK-ADA"})
    assert answer.status_code in (409, 422)
    body = answer.content.decode()
    assert 'value="TIDAK-ADA"' in body and "error-summary" in body


def test_differences_are_resolved_on_the_page(desk: Client, world: dict[str, Any]) -> None:
    missing = world["out"].discrepancies.get(kind="missing")
    url = reverse("work:discrepancy", args=[missing.pk])
    assert desk.post(url, {"outcome": "noted"}).status_code == 422
    assert desk.post(url, {"outcome": "stayed_here", "resolution": "Tertinggal di meja"}).status_code == 302
    assert desk.post(url, {"outcome": "was_in_box"}).status_code == 409
    body = desk.get(reverse("work:consignment", args=[world["out"].pk])).content.decode()
    assert "Tertinggal di meja" in body


# --- coming back -------------------------------------------------------------------------------------------------------


def test_old_books_back_and_new_books_out_in_one_visit(desk: Client, dispatched: Consignment) -> None:
    programme = dispatched.period.programme
    swap = reverse("work:swap", args=[programme.pk])
    begun = desk.post(swap)
    visit = ReturnVisit.objects.get()
    assert begun["Location"] == swap
    back = reverse("work:return_desk", args=[visit.pk])
    finish = reverse("work:return_finish", args=[visit.pk])
    assert desk.post(finish).status_code == 409  # nothing has come back yet
    for line in LoanLine.objects.filter(consignment=dispatched).select_related("copy"):
        desk.post(back, {"barcode": line.copy.barcode})
    assert desk.post(finish).status_code == 302
    visit.refresh_from_db()
    assert visit.status == "closed" and visit.document is not None
    dispatched.refresh_from_db()
    assert dispatched.status == "closed"
    body = desk.get(swap).content.decode()
    assert reverse("document", args=[visit.document_id]) in body
    planned = programme.periods.filter(status="planned").order_by("sequence").first()
    desk.post(reverse("work:propose", args=[planned.pk]))
    new = Consignment.objects.get(status="picking")
    for line in new.lines.select_related("copy"):
        desk.post(reverse("work:scan", args=[new.pk]), {"barcode": line.copy.barcode})
    assert (
        desk.post(reverse("work:dispatch", args=[new.pk]), {"on": clock.today().isoformat()}).status_code
        == 302
    )
    assert desk.get(swap).status_code == 200


def test_the_return_desk_is_opened_for_who_holds_books(
    desk: Client, dispatched: Consignment, other_school_library: Institution
) -> None:
    url = reverse("work:return_open")
    today = clock.today().isoformat()
    assert desk.post(url, {"partner": other_school_library.pk, "on": today}).status_code == 422
    opened = desk.post(url, {"partner": dispatched.partner_id, "on": today})
    assert opened["Location"] == reverse("work:return_desk", args=[ReturnVisit.objects.get().pk])


# --- cases -------------------------------------------------------------------------------------------------------------


def test_a_case_is_assessed_and_settled(desk: Client, lost: Case) -> None:
    assess = reverse("work:case_assess", args=[lost.pk])
    yesterday = (clock.today() - timedelta(days=3)).isoformat()
    refused = desk.post(assess, {"demand": "price", "amount": "45000", "due_on": yesterday})
    assert refused.status_code == 422 and 'value="45000"' in refused.content.decode()
    due = (clock.today() + timedelta(days=30)).isoformat()
    assert desk.post(assess, {"demand": "same_title", "due_on": due}).status_code == 302
    settle = reverse("work:case_settle", args=[lost.pk])
    today = clock.today().isoformat()
    no_reason = desk.post(settle, {"settlement": "waived", "on": today})
    assert no_reason.status_code == 422
    used = desk.post(
        settle, {"settlement": "same_title", "replacement_barcode": lost.copy.barcode, "on": today}
    )
    assert used.status_code == 409 and lost.copy.barcode in used.content.decode()
    assert (
        desk.post(
            settle, {"settlement": "same_title", "replacement_barcode": "BARU-1", "on": today}
        ).status_code
        == 302
    )
    lost.refresh_from_db()
    assert lost.status == "settled"
    body = desk.get(reverse("work:case", args=[lost.pk])).content.decode()
    assert "BARU-1" in body and reverse("document", args=[lost.letter_id]) in body


def test_a_lost_book_is_found(desk: Client, lost: Case) -> None:
    assert desk.post(reverse("work:case_find", args=[lost.pk]), {"condition": "worn"}).status_code == 302
    lost.refresh_from_db()
    assert lost.status == "found"
    again = desk.post(reverse("work:case_find", args=[lost.pk]), {"condition": "worn"})
    assert again.status_code == 409
