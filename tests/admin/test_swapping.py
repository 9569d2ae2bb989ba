"""The swap at the door on one page, and what turns up there that is somebody else's (L6)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from libraries.models import Institution, User
from loans.models import Consignment, LoanLine, ReturnVisit, StrayBook
from loans.services.dispatching import dispatch_consignment
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.services.returning import open_return_visit
from loans.services.scanning import scan
from tests.conftest import scan_all
from tests.factories import AgreementFactory, CopyFactory, shelve

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def swap_page(dispatched: Consignment, circulation: User) -> str:
    """The page of SDN 01's swap; the next books lie in the box, but one."""
    shelve(dispatched.lender, 8)
    second = dispatched.period.programme.periods.order_by("sequence")[1]
    packed = propose_consignment(period=second, actor=circulation)
    for line in list(LoanLine.objects.filter(consignment=packed).in_shelf_order())[:4]:
        scan(desk="pick", consignment=packed, barcode=line.copy.barcode, actor=circulation)
    return reverse("work:swap", args=[dispatched.period.programme_id])


def test_begun_scanned_and_confirmed_on_one_page(
    desk: Client, swap_page: str, dispatched: Consignment
) -> None:
    assert desk.post(swap_page).status_code == 302
    visit = ReturnVisit.objects.get()
    page = desk.get(swap_page).content.decode()
    scan_url = reverse("work:return_desk", args=[visit.pk])
    assert f'action="{scan_url}"' in page and "data-scan-desk" in page and page.count("<h1") == 1
    for line in dispatched.lines.select_related("copy"):
        assert desk.post(scan_url, {"barcode": line.copy.barcode}, **HTMX).status_code == 200
    refused = desk.post(swap_page, {"confirm": "1"})
    assert refused.status_code == 409
    visit.refresh_from_db()
    assert visit.status == "open"  # neither half was done
    done = desk.post(swap_page, {"confirm": "1", "leave_out_missing": "on"}, follow=True)
    visit.refresh_from_db()
    gone = Consignment.objects.get(status="dispatched")
    body = done.content.decode()
    assert visit.document.number in body and gone.handover_document.number in body
    assert gone.lines.filter(status="out").count() == 4


class TestWhatIsSomebodyElses:
    @pytest.fixture
    def theirs(
        self, dispatched: Consignment, other_school_library: Institution, circulation: User
    ) -> Consignment:
        agreement = AgreementFactory(office=dispatched.lender, partner=other_school_library, in_force=True)
        programme = open_programme(agreement=agreement, actor=circulation)
        consignment = propose_consignment(period=programme.periods.first(), actor=circulation)
        scan_all(consignment, circulation)
        return dispatch_consignment(consignment=consignment, actor=circulation)

    @pytest.fixture
    def visit(self, dispatched: Consignment, circulation: User) -> ReturnVisit:
        return open_return_visit(lender=dispatched.lender, partner=dispatched.partner, actor=circulation)

    def test_another_schools_book_comes_back_with_one_press(
        self, desk: Client, visit: ReturnVisit, theirs: Consignment
    ) -> None:
        line = theirs.lines.select_related("copy").first()
        url = reverse("work:return_desk", args=[visit.pk])
        refused = desk.post(url, {"barcode": line.copy.barcode, "condition": "worn"}, **HTMX).content.decode()
        way = reverse("work:return_for_others", args=[visit.pk]) + "?keadaan=worn"
        assert f'action="{way}"' in refused and "data-scan-add" in refused
        taken = desk.post(way, {"barcode": line.copy.barcode}, **HTMX).content.decode()
        assert "scan-answer--warn" in taken and "data-scan-undo" in taken
        line.refresh_from_db()
        assert (line.status, line.condition_back, line.returned_to) == ("returned", "worn", visit)
        finish = desk.get(reverse("work:return_finish", args=[visit.pk])).content.decode()
        assert "1 buku sekolah lain ikut terbawa" in finish

    def test_an_unknown_book_can_be_noted_from_the_answer(
        self, desk: Client, visit: ReturnVisit, perpusnas: User
    ) -> None:
        answer = desk.post(
            reverse("work:return_desk", args=[visit.pk]), {"barcode": "TBM-9"}, **HTMX
        ).content.decode()
        form = f"{reverse('work:stray_new')}?kunjungan={visit.pk}"
        assert f"{form}&amp;kode=TBM-9" in answer
        shown = desk.get(f"{form}&kode=TBM-9").content.decode()
        assert 'value="TBM-9"' in shown
        owner = perpusnas.memberships.get().institution
        sent = {"barcode": "TBM-9", "title": "Buku tua", "owner": owner.pk, "brought_by": visit.partner_id}
        done = desk.post(f"{form}&kode=TBM-9", sent)
        assert done["Location"] == reverse("work:return_desk", args=[visit.pk])
        stray = StrayBook.objects.get()
        assert (stray.owner, stray.brought_by, stray.office) == (owner, visit.partner, visit.lender)

    def test_the_list_sends_home_and_the_owner_sees_it(
        self, desk: Client, signed_in: Any, visit: ReturnVisit, perpusnas: User, circulation: User
    ) -> None:
        foreign = CopyFactory(owner=perpusnas.memberships.get().institution, barcode="PN-1")
        scan(desk="return", return_visit=visit, barcode="PN-1", actor=circulation)
        stray = StrayBook.objects.get()
        url = reverse("work:strays")
        send = reverse("work:stray_send", args=[stray.pk])
        assert send in desk.get(url).content.decode()
        owner = signed_in(perpusnas)
        theirs = owner.get(url + "?bagian=milik-kita").content.decode()
        assert foreign.title.title in theirs and send not in theirs
        assert owner.get(url).content.decode().count("PN-1") == 0
        assert owner.post(send, {"on": "2026-01-01"}).status_code == 403
        assert desk.post(send, {"on": stray.noted_on.isoformat(), "how": "Pos 12"}).status_code == 302
        assert "PN-1" not in desk.get(url).content.decode()
        assert "Pos 12" in desk.get(url + "?bagian=terkirim").content.decode()
