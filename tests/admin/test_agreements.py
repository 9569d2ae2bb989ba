"""The officer's pages of agreements: drafting with typed terms, negotiating, signing, duties, continuing, authority, rules."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agreements.choices import AgreementKind
from agreements.models import Agreement, AgreementTemplate, KindRule, SigningAuthority
from agreements.services.authority import record_authority
from agreements.services.obligations import add_obligation
from agreements.services.writing import set_provision
from kerjasama.domain import clock
from libraries.models import Institution, User
from tests.admin.test_acts import draft_fields
from tests.factories import AgreementFactory, InstitutionFactory

pytestmark = pytest.mark.django_db


def url(name: str, *args: Any) -> str:
    return reverse(f"work:{name}", args=[getattr(arg, "pk", arg) for arg in args])


def body_of(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def in_force(library: Institution, school_library: Institution) -> Agreement:
    return AgreementFactory(office=library, partner=school_library, in_force=True)


# --- drafting ---------------------------------------------------------------------------------------------------------


def test_each_kind_is_explained_and_a_work_plan_asks_for_what_it_stands_under(
    office: Client, library: Institution, school_library: Institution
) -> None:
    page = body_of(office, url("agreement_new") + f"?mitra={school_library.pk}&jenis=work_plan")
    for kind in AgreementKind.values:
        assert f'value="{kind}"' in page
    facts = {
        "office": library.pk,
        "partner": school_library.pk,
        "kind": "work_plan",
        "title": "Rencana",
        "initiated_by": "library",
    }
    refused = office.post(url("agreement_new"), facts)
    assert refused.status_code == 422 and "id_parent" in refused.content.decode()
    above = AgreementFactory(office=library, partner=school_library, kind="mou", in_force=True)
    made = office.post(url("agreement_new"), {**facts, "parent": above.pk})
    draft = Agreement.objects.get(kind="work_plan")
    assert made["Location"] == url("agreement_edit", draft) and draft.parent == above


def test_an_addendum_begins_with_the_terms_that_it_changes(
    office: Client, in_force: Agreement, officer: User
) -> None:
    facts = {
        "office": in_force.office_id,
        "partner": in_force.partner_id,
        "kind": "addendum",
        "parent": in_force.pk,
        "title": "Jumlah buku",
        "initiated_by": "library",
    }
    assert office.post(url("agreement_new"), facts).status_code == 302
    addendum = Agreement.objects.get(kind="addendum")
    assert addendum.lending_term.quantity == in_force.lending_term.quantity
    assert addendum.parent == in_force


def test_a_form_of_cooperation_shows_only_its_own_terms_and_its_sentence_once_saved(
    office: Client, draft: Agreement
) -> None:
    address = url("agreement_edit", draft)
    page = body_of(office, address)
    assert "form-exchange-ratio_given" in page and "form-exchange-loan_days" not in page
    assert "form-collection_loan" not in page  # it has terms of its own
    typed = draft_fields(
        draft,
        **{
            "form-exchange-agreed": "on",
            "form-exchange-ratio_given": "1",
            "form-exchange-ratio_received": "1",
            # Typed and not ticked is meant all the same.
            "form-internship-quantity": "4",
            "stay": "1",
        },
    )
    assert office.post(address, typed)["Location"] == address
    assert set(draft.provisions.values_list("form", flat=True)) == {"exchange", "internship"}
    page = body_of(office, address)
    assert page.count('class="provision__sentence"') == 2
    draft.refresh_from_db()
    gone = draft_fields(draft, **{"form-internship-quantity": "4", "form-internship-agreed": "on"})
    office.post(address, gone)
    assert set(draft.provisions.values_list("form", flat=True)) == {"internship"}


def test_a_number_that_is_none_is_refused_beside_its_field(office: Client, draft: Agreement) -> None:
    address = url("agreement_edit", draft)
    refused = office.post(
        address, draft_fields(draft, aims="Tetap ada", **{"form-internship-quantity": "banyak"})
    )
    page = refused.content.decode()
    assert refused.status_code == 422 and "Tetap ada" in page and 'value="banyak"' in page
    assert 'href="#form-internship"' in page
    assert not draft.provisions.exists()


def test_two_officers_see_each_others_terms_too(office: Client, draft: Agreement) -> None:
    address = url("agreement_edit", draft)
    mine = draft_fields(draft, **{"form-mobile_library-visits_per_month": "4"})
    office.post(address, draft_fields(draft, **{"form-mobile_library-visits_per_month": "2"}))
    stale = office.post(address, mine)
    page = stale.content.decode()
    assert stale.status_code == 409
    theirs = page.split('class="card card--warn"')[1].split("</section>")[0]
    assert "2 (dua)" in theirs or "2 (two)" in theirs
    assert 'name="form-mobile_library-visits_per_month" value="4"' in page
    draft.refresh_from_db()
    assert office.post(address, {**mine, "version": draft.version}).status_code == 302
    assert draft.provisions.get().visits_per_month == 4


def test_what_is_missing_is_named_and_leads_to_its_field(office: Client, draft: Agreement) -> None:
    draft.scope = ""
    draft.save()
    draft.parties.update(signatory_name="")
    set_provision(
        agreement=draft, actor=draft_officer(draft), form="interlibrary_loan", clause="Menurut tata tertib."
    )
    page = body_of(office, url("agreement", draft))
    assert f'href="{url("agreement_edit", draft)}#id_scope_field"' in page
    assert f'href="{url("agreement_edit", draft)}#forms"' in page
    assert 'href="#parties"' in page
    assert url("agreement_step", draft, "submit") not in page
    edit = body_of(office, url("agreement_edit", draft))
    assert 'href="#id_scope_field"' in edit and 'id="id_scope_field"' in edit and 'id="forms"' in edit


def draft_officer(agreement: Agreement) -> User:
    return User.objects.get(memberships__institution=agreement.office, memberships__role="officer")


def test_a_template_brings_its_words_and_a_copy_the_chosen_parts(
    office: Client, in_force: Agreement, other_school_library: Institution
) -> None:
    assert office.post(url("agreement_template", in_force), {"name": "PKS sekolah"}).status_code == 302
    template = AgreementTemplate.objects.get()
    facts = {
        "office": in_force.office_id,
        "partner": other_school_library.pk,
        "kind": "pks",
        "title": "Peminjaman baru",
        "template": template.pk,
        "initiated_by": "partner",
        "starts_on": "2026-12-01",
    }
    assert office.post(url("agreement_new"), {**facts, "kind": "mou"}).status_code == 422
    assert office.post(url("agreement_new"), facts).status_code == 302
    fresh = Agreement.objects.get(title="Peminjaman baru")
    assert fresh.scope == in_force.scope and fresh.lending_term.quantity == 5
    assert fresh.initiated_by == "partner" and fresh.ends_on
    found = body_of(office, url("agreement_new") + "?q=SD Negeri 01")
    assert url("agreement_copy", in_force) in found
    copied = office.post(
        url("agreement_copy", in_force),
        {"partner": other_school_library.pk, "title": "Salinan", "parts": ["lending"]},
    )
    copy = Agreement.objects.get(title="Salinan")
    assert copied["Location"] == url("agreement_edit", copy)
    assert copy.scope == "" and copy.lending_term.quantity == 5


def test_a_template_is_written_and_no_longer_offered(
    office: Client, desk: Client, library: Institution
) -> None:
    fields = {
        "name": "MoU ringkas",
        "kind": "mou",
        "months": "36",
        "is_active": "on",
        "aims": "Gemar membaca",
        "form-joint_events-agreed": "on",
        "form-joint_events-quantity": "2",
    }
    assert office.post(url("agreement_template_new"), {**fields, "lends": "on"}).status_code == 422
    assert office.post(url("agreement_template_new"), fields).status_code == 302
    template = AgreementTemplate.objects.get()
    assert template.office == library and template.provisions == {"joint_events": {"quantity": 2}}
    assert "MoU ringkas" in body_of(desk, url("agreement_templates"))
    edit = url("agreement_template_edit", template)
    assert "2 (dua)" in body_of(office, edit)
    changed = {**fields, "version": template.version}
    assert desk.post(edit, changed).status_code == 403
    del changed["is_active"]
    assert office.post(edit, changed).status_code == 302
    assert office.post(edit, changed).status_code == 409  # somebody has saved since
    template.refresh_from_db()
    assert not template.is_active
    assert "MoU ringkas" not in body_of(office, url("agreement_new"))


# --- agreeing ---------------------------------------------------------------------------------------------------------


def test_from_the_table_over_the_lawyers_to_the_signatures(office: Client, draft: Agreement) -> None:
    step = lambda action, **data: office.post(url("agreement_step", draft, action), data)  # noqa: E731
    KindRule.objects.create(
        office=draft.office, kind="pks", required=["aims", "scope"], needs_review=True, notice_days=60
    )
    page = body_of(office, url("agreement", draft))
    assert url("agreement_step", draft, "send_to_review") in page
    assert url("agreement_step", draft, "submit") not in page  # it is reviewed first
    assert step("negotiate").status_code == 302
    assert step("remark", note="").status_code == 422
    assert step("remark", note="Mohon dibaca pasal tiga.").status_code == 302
    assert "Mohon dibaca pasal tiga." in body_of(office, url("agreement", draft))
    assert office.get(url("agreement_edit", draft)).status_code == 200  # still open text
    assert step("send_to_review").status_code == 302
    assert step("send_back", note="Pasal empat").status_code == 302
    assert step("send_to_review").status_code == 302
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert step("pass_review", reviewed_by="Bagian Hukum", reviewed_on=tomorrow).status_code == 422
    assert step("submit").status_code == 409
    today = clock.today().isoformat()
    assert step("pass_review", reviewed_by="Bagian Hukum", reviewed_on=today).status_code == 302
    assert "Bagian Hukum" in body_of(office, url("agreement", draft))
    assert step("submit").status_code == 302
    draft.refresh_from_db()
    assert draft.status == "signing" and draft.number


def test_a_signature_has_a_place_a_scan_and_a_way_back(office: Client, signing: Agreement) -> None:
    party = signing.parties.get(role="second")
    sign = url("agreement_sign", signing, party)
    today = clock.today().isoformat()
    wrong = {"signed_on": today, "scan": SimpleUploadedFile("halaman.pdf", b"MZ")}
    assert office.post(sign, wrong).status_code == 422
    right = {
        "signed_on": today,
        "place": "Bukittinggi",
        "scan": SimpleUploadedFile("halaman.pdf", b"%PDF-1.7 x"),
    }
    assert office.post(sign, right).status_code == 302
    party.refresh_from_db()
    assert party.signed_place == "Bukittinggi" and party.signed_scan is not None
    page = body_of(office, url("agreement", signing))
    assert reverse("file", args=[party.signed_scan_id]) in page
    assert url("agreement_step", signing, "reopen") not in page  # frozen from the first signature on
    assert office.post(url("agreement_unsign", signing, party), {"note": ""}).status_code == 422
    assert office.post(url("agreement_unsign", signing, party), {"note": "Salah baris"}).status_code == 302
    party.refresh_from_db()
    assert party.signed_on is None and party.signed_scan is None


def test_scans_keep_their_hash_and_who_opened_them(office: Client, signing: Agreement, officer: User) -> None:
    for content in (b"%PDF-1.7 satu", b"%PDF-1.7 dua"):
        upload = SimpleUploadedFile("naskah.pdf", content)
        assert office.post(url("agreement_scan", signing), {"file": upload}).status_code == 302
    scan = signing.signed_scans.first()
    assert scan is not None
    assert office.get(reverse("file", args=[scan.file_id])).status_code == 200
    page = body_of(office, url("agreement", signing))
    for row in signing.signed_scans.all():
        assert row.file.sha256 in page
    assert f"{officer}: " in page


def test_duties_are_ticked_off_and_late_ones_say_so(
    office: Client, in_force: Agreement, officer: User
) -> None:
    party = in_force.parties.get(role="second")
    add = url("agreement_duty_add", in_force)
    before = (in_force.starts_on - timedelta(days=9)).isoformat()
    facts = {"party": party.pk, "text": "Menyediakan rak", "due_on": before}
    assert office.post(add, facts).status_code == 422
    assert office.post(add, {**facts, "due_on": in_force.starts_on.isoformat()}).status_code == 302
    duty = in_force.obligations.get()
    page = body_of(office, url("agreement", in_force))
    assert "terlambat" in page and url("agreement_duty_step", in_force, duty, "fulfil") in page
    step = lambda action, **data: office.post(url("agreement_duty_step", in_force, duty, action), data)  # noqa: E731
    assert step("fulfil_partly", note="Satu dari dua rak").status_code == 302
    assert step("lapse", note="").status_code == 422
    assert step("fulfil").status_code == 302
    duty.refresh_from_db()
    assert duty.status == "fulfilled" and duty.done_on == clock.today()
    assert office.post(url("agreement_duty", in_force, duty), facts).status_code == 409
    assert step("reopen", note="Rak rusak").status_code == 302
    assert office.post(
        url("agreement_duty", in_force, duty), {"text": "Dua rak", "due_on": in_force.ends_on.isoformat()}
    )
    assert "Dua rak" in body_of(office, url("agreement", in_force))
    assert office.get(url("agreement_duty_step", in_force, duty, "fly")).status_code == 404


def test_circulation_sees_duties_and_changes_none(desk: Client, in_force: Agreement, officer: User) -> None:
    duty = add_obligation(
        agreement=in_force,
        actor=officer,
        party=in_force.parties.get(role="first"),
        text="Mengantar buku",
        due_on=in_force.ends_on,
    )
    page = body_of(desk, url("agreement", in_force))
    assert "Mengantar buku" in page and url("agreement_duty_step", in_force, duty, "fulfil") not in page
    assert desk.post(url("agreement_duty_step", in_force, duty, "fulfil")).status_code == 403
    assert desk.post(url("agreement_renew", in_force), {}).status_code == 422
    days = {"starts_on": "2030-01-01", "ends_on": "2030-12-31"}
    assert desk.post(url("agreement_renew", in_force), days).status_code == 403


# --- going on ---------------------------------------------------------------------------------------------------------


def test_the_next_term_an_addendum_and_a_work_plan_hang_together(office: Client, in_force: Agreement) -> None:
    page = body_of(office, url("agreement", in_force))
    for name in ("agreement_renew", "agreement_amend", "agreement_derive", "agreement_copy"):
        assert url(name, in_force) in page, name
    assert url("agreement_write_down", in_force) not in page
    form = office.get(url("agreement_renew", in_force)).content.decode()
    first = in_force.ends_on + timedelta(days=1)
    assert f'value="{first.isoformat()}"' in form
    overlapping = {"starts_on": in_force.starts_on.isoformat(), "ends_on": first.isoformat()}
    assert office.post(url("agreement_renew", in_force), overlapping).status_code == 422
    days = {"starts_on": first.isoformat(), "ends_on": clock.add_months(first, 12).isoformat()}
    unasked = office.post(url("agreement_renew", in_force), days)
    assert unasked.status_code == 409  # this term has not been evaluated
    renewed = office.post(url("agreement_renew", in_force), days | {"unevaluated_because": "Baru mulai."})
    after = in_force.successors.get()
    assert renewed["Location"] == url("agreement_edit", after)
    assert office.post(url("agreement_amend", in_force), {"title": "Jumlah buku"}).status_code == 302
    addendum = in_force.children.get()
    page = body_of(office, url("agreement", in_force))
    assert url("agreement", after) in page and url("agreement", addendum) in page
    assert url("agreement_renew", in_force) not in page  # there is a next term already
    assert url("agreement", in_force) in body_of(office, url("agreement", after))


def test_a_word_is_put_in_writing(office: Client, library: Institution, school_library: Institution) -> None:
    spoken = AgreementFactory(
        office=library,
        partner=school_library,
        implicit=True,
        status="active",
        review_on=clock.today() - timedelta(days=3),
    )
    page = body_of(office, url("agreement", spoken))
    assert url("agreement_write_down", spoken) in page and "terlambat" in page
    later = (clock.today() + timedelta(days=90)).isoformat()
    review = url("agreement_step", spoken, "confirm_review")
    assert office.post(review, {"note": "Masih berjalan", "next_review_on": "2020-01-01"}).status_code == 422
    assert office.post(review, {"note": "Masih berjalan", "next_review_on": later}).status_code == 302
    written = office.post(url("agreement_write_down", spoken), {"kind": "pks"})
    fresh = spoken.successors.get()
    assert written["Location"] == url("agreement_edit", fresh) and fresh.kind == "pks"


def test_nothing_outlives_its_parent_silently(office: Client, in_force: Agreement) -> None:
    child = AgreementFactory(
        office=in_force.office,
        partner=in_force.partner,
        kind="work_plan",
        parent=in_force,
        in_force=True,
        ends_on=in_force.ends_on + timedelta(days=40),
        lending=False,
    )
    assert "notice--warn" in body_of(office, url("agreement", child))
    assert "badge--warn" in body_of(office, url("agreement", in_force)).split('id="relatives"')[1]
    step = url("agreement_step", in_force, "terminate")
    assert office.post(step, {"note": "Sekolah digabung"}).status_code == 302
    page = body_of(office, url("agreement", child))
    assert "notice--warn" in page and str(in_force) in page


# --- may we sign this? ------------------------------------------------------------------------------------------------


@pytest.fixture
def without_authority(library: Institution, officer: User, school_library: Institution) -> Agreement:
    """As Bung Hatta since 2021: it may not sign, Perpusnas above it may, and has a MoU with the school."""
    perpusnas = InstitutionFactory(office=True, name="Perpustakaan Nasional RI", slug="perpusnas-uji")
    library.parent = perpusnas
    library.save()
    for institution, last in ((library, date(2021, 6, 30)), (perpusnas, None)):
        record_authority(
            actor=officer,
            institution=institution,
            kind="pks",
            starts_on=date(2015, 1, 1),
            ends_on=last,
            basis="Peraturan Perpusnas",
        )
    above: Agreement = AgreementFactory(
        office=perpusnas, partner=school_library, kind="mou", in_force=True, title="MoU Perpusnas"
    )
    return above


def test_the_answer_says_who_may_and_leads_to_the_derived_activity(
    office: Client, without_authority: Agreement, library: Institution, school_library: Institution
) -> None:
    ask = url("authority") + f"?lembaga={library.pk}&jenis=pks&mitra={school_library.pk}"
    assert "scan-answer--good" in body_of(office, ask + "&tanggal=2020-05-05")
    page = body_of(office, ask + f"&tanggal={clock.today().isoformat()}")
    assert "scan-answer--bad" in page and "Perpustakaan Nasional RI" in page
    derive = url("agreement_derive", without_authority)
    assert derive in page
    assert office.get(url("agreement", without_authority)).status_code == 404  # not ours to read
    made = office.post(
        derive,
        {"office": library.pk, "partner": school_library.pk, "title": "Peminjaman buku untuk SDN 01"},
    )
    plan = Agreement.objects.get(kind="work_plan")
    assert made["Location"] == url("agreement_edit", plan) and plan.parent == without_authority
    assert str(without_authority) in body_of(office, url("agreement_edit", plan))
    stranger = AgreementFactory(in_force=True, kind="mou")
    assert office.get(url("agreement_derive", stranger)).status_code == 404


def test_the_refusal_to_submit_offers_the_same_way(
    office: Client, without_authority: Agreement, draft: Agreement
) -> None:
    refused = office.post(url("agreement_step", draft, "submit"))
    page = refused.content.decode()
    assert refused.status_code == 403 and "Perpustakaan Nasional RI" in page
    assert url("agreement_derive", without_authority) in page


def test_authority_is_recorded_and_ended(office: Client, desk: Client, library: Institution) -> None:
    facts = {"institution": library.pk, "kind": "mou", "starts_on": "2015-01-01", "basis": "Perka 4/2015"}
    assert desk.get(url("authority_add")).status_code == 403
    assert office.post(url("authority_add"), facts).status_code == 302
    assert office.post(url("authority_add"), facts).status_code == 422  # recorded for these days already
    row = SigningAuthority.objects.get()
    ended = {**facts, "ends_on": "2021-06-30"}
    assert office.post(url("authority_edit", row), {**ended, "ends_on": "2001-01-01"}).status_code == 422
    row.refresh_from_db()
    assert row.ends_on is None
    assert office.post(url("authority_edit", row), ended).status_code == 302
    row.refresh_from_db()
    assert row.ends_on == date(2021, 6, 30)
    assert desk.post(url("authority_edit", row), ended).status_code == 403


# --- rules, board, list -----------------------------------------------------------------------------------------------


def test_an_office_rules_what_a_kind_must_say(office: Client, desk: Client, draft: Agreement) -> None:
    rule = url("agreement_rule", draft.office, "pks")
    wanted = {"required": ["technology"], "needs_review": "on", "notice_days": "45"}
    assert desk.post(rule, wanted).status_code == 403
    assert office.post(rule, wanted).status_code == 302
    assert "#id_technology_field" in body_of(office, url("agreement", draft))
    assert "45" in body_of(office, url("agreement_rules"))
    asked = body_of(office, rule)
    assert "Undang-Undang Nomor 43 Tahun 2007" in asked, "what is cited usually stands there to be added to"
    kept = KindRule.objects.get(kind="pks")
    assert kept.legal_basis == ""
    usual = re.search(r'<textarea[^>]*name="legal_basis"[^>]*>\s*(.*?)</textarea>', asked, re.S)
    assert usual is not None
    for typed, stored in (
        (unescape(usual[1]), ""),
        (f"{unescape(usual[1])}\nPerwali Nomor 5", None),
    ):
        assert office.post(rule, {**wanted, "legal_basis": typed}).status_code == 302
        kept.refresh_from_db()
        assert kept.legal_basis == stored or (stored is None and kept.legal_basis.endswith("Perwali Nomor 5"))
    assert "Perwali Nomor 5" in body_of(office, url("agreement_rules"))
    assert "legal_basis" not in body_of(office, url("agreement_rule", draft.office, "implicit"))
    assert office.get(url("agreement_rule", draft.office, "fly")).status_code == 404
    assert office.get(url("agreement_rule", draft.partner, "pks")).status_code == 404


def test_the_board_has_a_month_for_each_end(
    office: Client, in_force: Agreement, other_school_library: Institution
) -> None:
    soon = AgreementFactory(
        office=in_force.office,
        partner=other_school_library,
        in_force=True,
        starts_on=clock.today() - timedelta(days=300),
        ends_on=clock.today() + timedelta(days=20),
    )
    page = body_of(office, url("agreement_board"))
    assert page.count('class="board__month') == 13
    assert url("agreement", soon) in page
    assert url("agreement", in_force) not in page or in_force.ends_on
    narrowed = body_of(office, url("agreement_board") + "?q=SD Negeri 02")
    assert url("agreement", soon) in narrowed and url("agreement", in_force) not in narrowed


def test_the_list_is_narrowed_by_partner_form_and_end(
    office: Client, in_force: Agreement, other_school_library: Institution
) -> None:
    other = AgreementFactory(office=in_force.office, partner=other_school_library, lending=False)
    set_provision(agreement=other, actor=draft_officer(other), form="internship", quantity=2)
    listed = lambda query: body_of(office, url("agreements") + query)  # noqa: E731
    mine, theirs = url("agreement", in_force), url("agreement", other)
    for query, shown, hidden in (
        (f"?mitra={other.partner_id}", theirs, mine),
        ("?bentuk_kerja_sama=internship", theirs, mine),
        ("?bentuk_kerja_sama=collection_loan", mine, theirs),
        ("?dalam=365", mine, theirs),
        ("?jenis=pks&bagian=konsep", theirs, mine),
    ):
        page = listed(query)
        assert f'href="{shown}"' in page and f'href="{hidden}"' not in page, query
    assert f'href="{mine}"' in listed("?mitra=x&dalam=9&bentuk_kerja_sama=y")
