"""The pages about what is done together: the whole way at the desk and in the portal, and what the lists cost (A12, F14)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from agreements.choices import BookingStatus
from agreements.models import Activity, Agreement, Booking, Equipment, Intern, Participation
from agreements.services.bookings import confirm_booking
from agreements.services.inviting import invite_partners
from kerjasama.domain import clock
from libraries.models import Institution, User
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    BookingFactory,
    EquipmentFactory,
    InstitutionFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User | None], Client]


def typed(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def read(client: Client, name: str, *args: Any, query: str = "", status: int = 200) -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode()


def send(client: Client, address: str, /, *args: Any, status: int = 302, **data: Any) -> Any:
    answer = client.post(reverse(address, args=args), data)
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer


def a_picture() -> SimpleUploadedFile:
    import io

    out = io.BytesIO()
    Image.new("RGB", (30, 20), "white").save(out, "PNG")
    return SimpleUploadedFile("foto.png", out.getvalue())


def test_a_meeting_from_plan_to_minutes(
    signed_in: SignedIn,
    officer: User,
    school: User,
    agreement: Agreement,
    school_library: Institution,
) -> None:
    desk, portal = signed_in(officer), signed_in(school)
    begins = clock.now() + timedelta(days=2)
    plan = {
        "office": agreement.office_id,
        "kind": "meeting",
        "title": "Rapat sekolah mitra",
        "begins_at": typed(begins),
        "ends_at": typed(begins + timedelta(hours=2)),
        "place": "Aula",
        "agreement": "",
        "plan": "Jadwal semester depan",
    }
    wrong = send(desk, "work:activity_new", status=403, **{**plan, "kind": "internship"})
    assert "id_kind" in wrong.content.decode()
    send(desk, "work:activity_new", **plan)
    row = Activity.objects.get()
    assert row.begins_at == begins.replace(second=0, microsecond=0)
    assert "Rapat sekolah mitra" in read(desk, "work:activities")
    assert "Rapat sekolah mitra" in read(
        desk, "work:activity_calendar", query=f"?bulan={row.begins_on:%Y-%m}"
    )
    asked = read(desk, "work:activity_step", row.pk, "invite")
    assert str(school_library) in asked
    send(desk, "work:activity_step", row.pk, "invite", status=422)
    send(desk, "work:activity_step", row.pk, "invite", institutions=[school_library.pk], other="")
    assert "Rapat sekolah mitra" in read(portal, "portal:home")
    shown = read(portal, "portal:activity", row.pk)
    assert 'name="comes"' in shown
    send(portal, "portal:activity", row.pk, status=422)
    send(portal, "portal:activity", row.pk, comes="no", note="", status=422)
    send(portal, "portal:activity", row.pk, comes="yes", expected="2", note="Kepala sekolah dan guru")
    assert Participation.objects.get().expected == 2
    assert "Kepala sekolah dan guru" in read(desk, "work:activity", row.pk)
    assert "Rapat sekolah mitra" in read(portal, "portal:activities")
    stale = send(
        desk, "work:activity_edit", row.pk, status=409, **{**plan, "version": 1, "title": "Rapat besar"}
    )
    assert "Rapat besar" in stale.content.decode()
    row.refresh_from_db()
    send(desk, "work:activity_edit", row.pk, **{**plan, "version": row.version, "title": "Rapat besar"})
    Activity.objects.update(begins_at=clock.now() - timedelta(hours=3), ends_at=clock.now())
    came = row.participations.get()
    record = {"teachers": "3", f"came_{came.pk}": "2", "result": "Sepakat", "minutes": "Dibuka pukul 9"}
    assert f"came_{came.pk}" in read(desk, "work:activity_step", row.pk, "finish")
    send(desk, "work:activity_step", row.pk, "finish", **record)
    row.refresh_from_db()
    assert (row.status, row.teachers, row.participations.get().attended) == ("done", 3, 2)
    read(portal, "portal:activity_minutes", row.pk, status=404)
    read(desk, "work:activity_paper", row.pk, "notulen")
    send(desk, "work:activity_paper", row.pk, "notulen")
    paper = portal.get(reverse("portal:activity_minutes", args=[row.pk]))
    assert b"".join(paper.streaming_content).startswith(b"%PDF-")
    sheet = desk.get(reverse("work:activities") + "?bagian=selesai&bentuk=csv").content.decode()
    assert "Rapat besar" in sheet and ";3;" in sheet


def test_an_internship_at_the_desk(
    signed_in: SignedIn, officer: User, crew: User, library: Institution
) -> None:
    desk = signed_in(officer)
    university = InstitutionFactory(kind="academic", name="UIN Imam Bonjol")
    agreement = AgreementFactory(office=library, partner=university, in_force=True, lending=False)
    begins = clock.now() - timedelta(days=3)
    row = ActivityFactory(
        office=library,
        kind="internship",
        ground="own",
        agreement=agreement,
        begins_at=begins,
        ends_at=begins + timedelta(days=8),
    )
    send(
        desk,
        "work:activity_cohort",
        row.pk,
        sender=university.pk,
        places="2",
        letter_number="B-1/2026",
        letter_on="2026-09-01",
        letter_file=SimpleUploadedFile("surat.pdf", b"%PDF-1.4 surat"),
    )
    send(desk, "work:activity_intern_add", row.pk, name="Rahma", programme="IP", status=422)
    for name in ("Rahma Yulianti", "Fajar Nugraha"):
        send(desk, "work:activity_intern_add", row.pk, name=name, programme="Ilmu Perpustakaan", of_age="on")
    send(desk, "work:activity_intern_add", row.pk, name="Ke Tiga", programme="X", of_age="on", status=409)
    first, second = Intern.objects.all()
    today = f"{clock.today():%Y-%m-%d}"
    assert "Rahma Yulianti" in read(desk, "work:activity_attendance", row.pk)
    send(desk, "work:activity_attendance", row.pk, tanggal=today, hadir=[first.pk])
    send(desk, "work:activity_attendance", row.pk, tanggal="2020-01-01", hadir=[], status=422)
    shown = read(desk, "work:activity", row.pk)
    assert "100%" in shown and "0%" in shown
    send(desk, "work:activity_paper", row.pk, "penerimaan")
    send(desk, "work:activity_paper", row.pk, "sertifikat", status=409)
    send(desk, "work:activity_step", row.pk, "finish")
    send(desk, "work:activity_paper", row.pk, "sertifikat")
    send(desk, "work:activity_intern_remove", row.pk, second.pk, status=409)
    assert desk.get(reverse("work:activity_interns", args=[row.pk])).content.startswith(b"%PDF-")
    person = PersonFactory(institution=university, signs=False)
    send(desk, "work:activity_contact_add", row.pk, person=person.pk)
    send(desk, "work:activity_contact_remove", row.pk, row.attendees.get().pk)
    send(desk, "work:activity_evidence_add", row.pk, file=a_picture(), caption="Pembukaan")
    assert "Pembukaan" in read(desk, "work:activity", row.pk)
    send(desk, "work:activity_evidence_remove", row.pk, row.evidence.get().pk)
    assert "Rahma Yulianti" in read(signed_in(crew), "work:activity", row.pk)
    read(signed_in(crew), "work:activity_attendance", row.pk, status=403)


def test_a_guest_of_another_office_sees_its_own_part(
    signed_in: SignedIn, officer: User, perpusnas: User, library: Institution, school_library: Institution
) -> None:
    meeting = ActivityFactory(office=library)
    other = perpusnas.memberships.get().institution
    read(signed_in(perpusnas), "work:activity", meeting.pk, status=404)
    invite_partners(activity=meeting, actor=officer, institutions=[other, school_library])
    shown = read(signed_in(perpusnas), "work:activity", meeting.pk)
    assert str(other) in shown and str(school_library) not in shown
    read(signed_in(perpusnas), "work:activity_edit", meeting.pk, status=403)
    send(signed_in(perpusnas), "work:activity_step", meeting.pk, "cancel", status=403, note="x")
    send(signed_in(perpusnas), "work:activity_step", meeting.pk, "accept", expected="1", note="")
    assert meeting.participations.get(institution=other).answer == "accepted"


def test_a_tool_from_offer_to_return(
    signed_in: SignedIn, officer: User, school: User, agreement: Agreement
) -> None:
    desk, portal = signed_in(officer), signed_in(school)
    send(
        desk,
        "work:equipment_new",
        owner=agreement.office_id,
        name="Proyektor",
        description="HDMI",
        place="Lantai 1",
        open_to="partners",
    )
    tool = Equipment.objects.get()
    send(desk, "work:equipment_picture", tool.pk, file=a_picture())
    assert portal.get(reverse("portal:tool_picture", args=[tool.pk])).status_code == 200
    assert "Proyektor" in read(portal, "portal:equipment")
    begins = clock.now() + timedelta(days=1)
    wanted = {
        "begins_at": typed(begins),
        "ends_at": typed(begins + timedelta(hours=3)),
        "purpose": "Menonton film",
    }
    send(portal, "portal:tool", tool.pk, status=422)
    send(portal, "portal:tool", tool.pk, **wanted)
    booking = Booking.objects.get()
    assert "Menonton film" in read(desk, "work:equipment", tool.pk)
    assert "Proyektor" in read(desk, "work:bookings")
    send(desk, "work:booking_step", booking.pk, "confirm")
    send(desk, "work:booking_new", tool.pk, institution=agreement.office_id, status=409, **wanted)
    refused = send(portal, "portal:tool", tool.pk, status=409, **wanted)
    assert str(booking.institution) in refused.content.decode()
    assert str(booking.institution) in read(
        desk, "work:equipment", tool.pk, query=f"?bulan={timezone.localtime(begins):%Y-%m}"
    )
    send(desk, "work:booking_step", booking.pk, "take_back", status=422)
    send(desk, "work:booking_step", booking.pk, "take_back", condition="Baik")
    assert "Baik" in read(portal, "portal:booking", booking.pk)
    send(portal, "portal:booking", booking.pk, status=409, note="x")
    other = BookingFactory(equipment=tool, institution=booking.institution)
    send(portal, "portal:booking", other.pk, note="Hujan")
    other.refresh_from_db()
    assert other.status == BookingStatus.CANCELLED
    send(
        desk,
        "work:equipment_edit",
        tool.pk,
        name="Proyektor",
        description="",
        place="Lantai 2",
        open_to="partners",
        version=tool.version + 1,
    )
    tool.refresh_from_db()
    assert (tool.place, tool.is_active) == ("Lantai 2", False)


@pytest.mark.parametrize("rows", [20, 500])
def test_lists_stay_cheap(
    rows: int, signed_in: SignedIn, officer: User, library: Institution, school_library: Institution
) -> None:
    """At most twelve statements, whether there are twenty rows or five hundred."""
    tools = [EquipmentFactory.build(owner=library) for _n in range(rows)]
    Equipment.objects.bulk_create(tools)
    activities = [
        ActivityFactory.build(office=library, begins_at=clock.now() + timedelta(days=1, minutes=n))
        for n in range(rows)
    ]
    Activity.objects.bulk_create(activities)
    Participation.objects.bulk_create(
        Participation(activity=row, institution=school_library) for row in activities
    )
    Booking.objects.bulk_create(
        BookingFactory.build(equipment=row, institution=school_library) for row in tools
    )
    confirm_booking(booking=Booking.objects.first(), actor=officer)
    client = signed_in(officer)
    for name in ("activities", "activity_calendar", "equipment_list", "bookings"):
        client.get(reverse(f"work:{name}"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(f"work:{name}")).status_code == 200
        assert len(captured) <= 12, (name, [query["sql"][:150] for query in captured])


def test_home_says_what_is_due(
    signed_in: SignedIn, officer: User, library: Institution, school: User, school_library: Institution
) -> None:
    ActivityFactory(office=library, title="Rapat pekan ini")
    past = clock.now() - timedelta(days=5)
    ActivityFactory(office=library, title="Kunjungan kemarin", begins_at=past)
    BookingFactory(equipment=EquipmentFactory(owner=library), institution=school_library)
    page = read(signed_in(officer), "admin:index")
    for words in ("Rapat pekan ini", "Kunjungan kemarin", str(school_library)):
        assert words in page


def test_the_search_of_the_desk_finds_them(office: Client, library: Institution) -> None:
    activity = ActivityFactory(office=library, title="Pelatihan mendongeng", place="Aula")
    tool = EquipmentFactory(owner=library, name="Laminator besar")
    elsewhere = EquipmentFactory(name="Laminator orang lain")
    page = office.get(reverse("work:search"), {"q": "laminator"}).content.decode()
    assert reverse("work:equipment", args=[tool.pk]) in page and elsewhere.name not in page
    page = office.get(reverse("work:search"), {"q": "mendongeng"}).content.decode()
    assert reverse("work:activity", args=[activity.pk]) in page
