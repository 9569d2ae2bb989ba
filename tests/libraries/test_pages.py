"""Networks and readiness as people meet them: at the desk, on a school's phone, in public (D6, D7)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kerjasama.domain import clock
from kerjasama.house import collect
from libraries.models import Answer, Assessment, Draft, FollowUp, Institution, Network, User
from libraries.questions import CONDITIONS
from libraries.services.networks import activate_network
from tests.factories import AgreementFactory, AssessmentFactory, InstitutionFactory, NetworkFactory

pytestmark = pytest.mark.django_db

BUDGET = 12


def cost_of(browser: Client, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(url).status_code == 200
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])


def typed(value: str = "yes", **others: str) -> dict[str, Any]:
    return {code: others.get(code, value) for code in CONDITIONS.codes}


class TestNetworksAtTheDesk:
    def test_founded_led_and_begun(self, office: Client, library: Institution, school_library: Any) -> None:
        facts = {"office": library.pk, "name": "Jaringan Baru", "kind": "network", "legal_form": "none"}
        made = office.post(reverse("work:network_new"), facts)
        network = Network.objects.get()
        assert made["Location"] == reverse("work:network", args=[network.pk])
        office.post(reverse("work:network_admit", args=[network.pk]), {
            "institution": school_library.pk, "role": "member",
        })  # fmt: skip
        lead = network.members.get(institution=school_library)
        office.post(reverse("work:network_focal", args=[network.pk, lead.pk]))
        office.post(reverse("work:network_step", args=[network.pk, "activate"]))
        network.refresh_from_db()
        lead.refresh_from_db()
        assert (network.status, lead.role) == ("active", "focal")

    def test_a_refusal_is_a_sentence_on_the_page(
        self, office: Client, network: Network, officer: User
    ) -> None:
        activate_network(network=network, actor=officer)
        lead = network.members.get(role="focal")
        answer = office.post(reverse("work:network_leave", args=[network.pk, lead.pk]), {"note": "x"})
        assert answer.status_code == 409
        assert "focal-point" not in answer.content.decode()
        assert network.members.current().count() == 3

    def test_two_editors_lose_nothing(self, office: Client, network: Network) -> None:
        url = reverse("work:network_edit", args=[network.pk])
        facts = {"name": network.name, "kind": "network", "legal_form": "none", "version": 1}
        assert office.post(url, {**facts, "purpose": "Pertama"}).status_code == 302
        second = office.post(url, {**facts, "purpose": "Kedua"})
        page = second.content.decode()
        assert second.status_code == 409 and "Pertama" in page and "Kedua" in page
        assert 'name="version" value="2"' in page
        assert office.post(url, {**facts, "purpose": "Kedua", "version": 2}).status_code == 302

    def test_found_by_the_name_of_a_member_and_as_a_sheet(self, office: Client, network: Network) -> None:
        url = reverse("work:networks")
        assert network.name in office.get(url, {"q": "Benteng"}).content.decode()
        assert network.name not in office.get(url, {"q": "Nihil"}).content.decode()
        sheet = office.get(url, {"bentuk": "csv"}).content.decode("utf-8-sig")
        assert sheet.splitlines()[1].startswith("Jaringan Bukittinggi;")


class TestReadinessAtTheDesk:
    def test_many_are_asked_at_once(self, office: Client, library: Institution, asked: Assessment) -> None:
        partners = [AgreementFactory(office=library, in_force=True).partner for _n in range(3)]
        AgreementFactory(office=library, partner=asked.respondent, in_force=True)
        stranger = InstitutionFactory(school=True)
        page = office.get(reverse("work:readiness_send")).content.decode()
        assert all(row.name in page for row in partners) and stranger.name not in page
        assert page.count("checked") == 3 and "disabled" in page
        facts = {"office": library.pk, "due_on": clock.today().isoformat()}
        assert office.post(reverse("work:readiness_send"), facts).status_code == 422
        foreign = {**facts, "respondents": [stranger.pk]}
        assert office.post(reverse("work:readiness_send"), foreign).status_code == 422
        many = {**facts, "respondents": [row.pk for row in partners[:2]]}
        assert office.post(reverse("work:readiness_send"), many).status_code == 302
        assert Assessment.objects.filter(respondent__in=partners).count() == 2

    def test_side_by_side_in_words(self, office: Client, answered: Assessment) -> None:
        page = office.get(reverse("work:readiness")).content.decode()
        assert page.count('class="mark mark--good"') == 6
        assert 'class="mark mark--bad"' in page and 'class="mark mark--warn"' in page
        sheet = office.get(reverse("work:readiness"), {"bentuk": "csv"}).content.decode("utf-8-sig")
        assert len(sheet.splitlines()) == 2 and ";81;" in sheet

    def test_written_down_while_telephoning(self, office: Client, asked: Assessment) -> None:
        url = reverse("work:assessment_answer", args=[asked.pk])
        assert office.post(url, {**typed(), "simpan": "1", "staff": ""}).status_code == 302
        assert Draft.objects.get().answers["basis"] == "yes"
        half = office.post(url, typed(staff=""))
        assert half.status_code == 422
        assert office.post(url, typed()).status_code == 302
        asked.refresh_from_db()
        assert asked.status == "answered" and not Draft.objects.exists()

    def test_page_paper_and_acts(self, office: Client, answered: Assessment) -> None:
        page = office.get(reverse("work:assessment", args=[answered.pk])).content.decode()
        assert page.count('<article class="card') == 2
        paper = office.get(reverse("work:assessment_pdf", args=[answered.pk]))
        assert paper.content.startswith(b"%PDF-")
        row = answered.follow_ups.first()
        step = reverse("work:follow_up_step", args=[row.pk, "drop"])
        assert office.post(step, {"note": ""}).status_code == 422
        assert office.post(step, {"note": "Tidak perlu"}).status_code == 302
        assert office.post(step, {"note": "Lagi"}).status_code == 409
        added = {"what": "Pelatihan", "who": "Perpustakaan", "due_on": clock.today().isoformat()}
        office.post(reverse("work:follow_up_add", args=[answered.pk]), added)
        office.post(reverse("work:assessment_step", args=[answered.pk, "review"]), {"note": "Dibahas"})
        answered.refresh_from_db()
        assert (answered.status, answered.follow_ups.count()) == ("reviewed", 3)

    def test_lists_cost_the_same_at_any_length(self, office: Client, library: Institution) -> None:
        self.fill(library, 3)
        urls = [
            reverse("work:readiness"),
            reverse("work:readiness") + "?bagian=menunggu",
            reverse("work:readiness_send"),
            reverse("work:follow_ups"),
            reverse("work:networks"),
        ]
        few = [cost_of(office, url) for url in urls]
        self.fill(library, 20)
        assert [cost_of(office, url) for url in urls] == few
        assert max(few) <= BUDGET, few

    def fill(self, library: Institution, count: int) -> None:
        """So many partners, each with answers, a follow-up, questions that wait, and a network."""
        for _n in range(count):
            partner = AgreementFactory(office=library, in_force=True).partner
            row = AssessmentFactory(
                office=library, respondent=partner, status="answered", answered_on=clock.today()
            )
            Answer.objects.create(assessment=row, question="catalogue", value="no")
            FollowUp.objects.create(assessment=row, what="Katalog", due_on=clock.today())
            AssessmentFactory(office=library, respondent=partner)
            NetworkFactory(office=library, led=True)

    def test_todays_work(self, officer: User, answered: Assessment) -> None:
        FollowUp.objects.update(due_on=clock.today())
        cards = {str(card.url): card.count for card in collect("home_cards", officer)}
        assert cards[reverse("work:readiness") + "?bagian=ditinjau"] == 1
        assert cards[reverse("work:follow_ups")] == 2


class TestOnThePhone:
    def test_asked_on_the_first_page_and_answered_with_a_file(
        self, phone: Client, asked: Assessment, school: User
    ) -> None:
        url = reverse("portal:assessment", args=[asked.pk])
        assert url in phone.get(reverse("portal:home")).content.decode()
        page = phone.get(url).content.decode()
        assert page.count("<fieldset") == 8 and " style=" not in page
        file = SimpleUploadedFile("aturan.pdf", b"%PDF-1.4 uji", content_type="application/pdf")
        # One question is open: the file and everything else are kept all the same.
        first = phone.post(url, {**typed(staff=""), "rules_evidence": file, "basis_note": "Lisan"})
        assert first.status_code == 422
        assert "aturan.pdf" in first.content.decode() and "Lisan" in first.content.decode()
        sent = phone.post(url, {**typed(catalogue="no"), "basis_note": "Lisan"})
        assert sent["Location"] == url
        rules = asked.answers.get(question="rules")
        assert rules.evidence.original_name == "aturan.pdf"
        assert rules.evidence.owner_id == asked.respondent_id
        done = phone.get(url).content.decode()
        assert "aturan.pdf" in done and FollowUp.objects.get().what in done

    def test_kept_after_each_choice(self, phone: Client, asked: Assessment) -> None:
        keep = reverse("portal:assessment_keep", args=[asked.pk])
        answer = phone.post(keep, {"basis": "partly", "staff": "no", "rules": "maybe", "staff_note": "x"})
        assert answer.status_code == 200
        assert Draft.objects.get().answers == {"basis": "partly", "staff": "no", "staff_note": "x"}
        page = phone.get(reverse("portal:assessment", args=[asked.pk])).content.decode()
        assert page.count("checked") == 2

    def test_what_is_no_picture_is_refused_beside_its_question(
        self, phone: Client, asked: Assessment
    ) -> None:
        file = SimpleUploadedFile("foto.jpg", b"MZ program", content_type="image/jpeg")
        answer = phone.post(
            reverse("portal:assessment", args=[asked.pk]), {**typed(), "rules_evidence": file}
        )
        assert answer.status_code == 422
        asked.refresh_from_db()
        assert asked.status == "sent"

    def test_taken_back_means_nothing_to_do(self, phone: Client, asked: Assessment) -> None:
        Assessment.objects.update(status="cancelled")
        url = reverse("portal:assessment", args=[asked.pk])
        assert phone.get(url)["Location"] == reverse("portal:assessments")

    def test_a_follow_up_is_done(self, phone: Client, answered: Assessment) -> None:
        row = answered.follow_ups.first()
        url = reverse("portal:follow_up_done", args=[row.pk])
        assert url in phone.get(reverse("portal:assessments")).content.decode()
        assert phone.get(url).status_code == 200
        phone.post(url, {"note": "Selesai"})
        row.refresh_from_db()
        assert row.status == "done"
        assert phone.post(url, {})["Location"] == reverse("portal:assessment", args=[answered.pk])

    def test_our_networks_and_who_else_is_in_them(
        self, phone: Client, network: Network, signed_in: Callable[[User], Client], other_school: User
    ) -> None:
        assert network.name in phone.get(reverse("portal:networks")).content.decode()
        page = phone.get(reverse("portal:network", args=[network.pk])).content.decode()
        assert "SD Negeri 02 Birugo" in page
        network.members.filter(institution__slug="sdn-02").update(left_on=clock.today(), left_reason="pindah")
        elsewhere = signed_in(other_school)
        assert elsewhere.get(reverse("portal:network", args=[network.pk])).status_code == 404


class TestInPublic:
    def test_only_what_is_at_work(self, client: Client, network: Network, officer: User) -> None:
        url = reverse("public_network", args=[network.slug])
        assert client.get(url).status_code == 404
        assert network.name not in client.get(reverse("public_networks")).content.decode()
        activate_network(network=network, actor=officer)
        assert network.name in client.get(reverse("public_networks")).content.decode()
        page = client.get(url).content.decode()
        assert "SD Negeri 01 Benteng" not in page and page.count("<h1") == 1
        Institution.objects.filter(slug="sdn-01").update(is_listed=True)
        page = client.get(url).content.decode()
        assert "SD Negeri 01 Benteng" in page and "SD Negeri 02 Birugo" not in page
