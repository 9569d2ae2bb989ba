"""Browsers of the people at the desk, and a little world in which every page has something to show."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agreements.choices import AgreementStatus
from agreements.models import Agreement
from agreements.services.activities import add_attendee, add_evidence
from agreements.services.authority import record_authority
from agreements.services.cohorts import add_intern, set_cohort
from agreements.services.evaluating import begin_evaluation, finish_evaluation, revise_evaluation
from agreements.services.obligations import add_obligation
from agreements.services.templates import template_from_agreement
from kerjasama.domain import clock
from libraries.choices import FilePurpose
from libraries.models import FollowUp, Institution, User
from libraries.services.files import keep_bytes
from loans.models import (
    Case,
    Consignment,
    LoanLine,
    MissingCopy,
    Period,
    PlannedBook,
    Programme,
    QuotaProfile,
    ReturnVisit,
    Scan,
    ShelfZone,
    StrayBook,
    TitleBan,
)
from loans.services.claiming import report_loss
from loans.services.counting import close_stocktake, open_stocktake
from loans.services.proposing import propose_consignment
from loans.services.receiving import Difference, confirm_receipt
from loans.services.returning import open_return_visit
from loans.services.scanning import scan
from tests.access.fleet_world import fleet_of
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    AssessmentFactory,
    BookingFactory,
    CopyFactory,
    EquipmentFactory,
    InstitutionFactory,
    MeasurementFactory,
    NetworkFactory,
    ObstacleFactory,
    PersonFactory,
    ReadingListFactory,
    RequestFactory,
    RotationPlanFactory,
    RoutePlanFactory,
    SeriesFactory,
    StopFactory,
    TravelTimeFactory,
    TripFactory,
    VehicleFactory,
    VisitFactory,
    VisitRequestFactory,
    WishFactory,
    shelve,
)


@pytest.fixture
def desk(signed_in: Callable[[User], Client], circulation: User) -> Client:
    return signed_in(circulation)


@pytest.fixture
def office(signed_in: Callable[[User], Client], officer: User) -> Client:
    return signed_in(officer)


@pytest.fixture
def outside(signed_in: Callable[[User], Client], perpusnas: User) -> Client:
    """Staff of another library."""
    return signed_in(perpusnas)


@pytest.fixture
def draft(library: Institution, school_library: Institution) -> Agreement:
    return AgreementFactory(office=library, partner=school_library, title="Konsep uji")


@pytest.fixture
def lost(dispatched: Consignment, circulation: User) -> Case:
    line = LoanLine.objects.filter(consignment=dispatched).in_shelf_order()[1]
    return report_loss(line=line, actor=circulation, kind="lost", account="Tidak ditemukan.")


@pytest.fixture
def visit(dispatched: Consignment, circulation: User) -> ReturnVisit:
    return open_return_visit(lender=dispatched.lender, partner=dispatched.partner, actor=circulation)


@pytest.fixture
def world(
    library: Institution,
    draft: Agreement,
    dispatched: Consignment,
    lost: Case,
    visit: ReturnVisit,
    circulation: User,
    officer: User,
    school: User,
) -> dict[str, Any]:
    """One of everything: a draft, an agreement in force, a programme, deliveries out and in picking, a case, a visit."""
    lines = list(LoanLine.objects.filter(consignment=dispatched, status="out").in_shelf_order())
    confirm_receipt(
        consignment=dispatched,
        actor=school,
        differences=[Difference("missing", lines[0].pk, "tidak ada"), Difference("extra", None, "buku lain")],
    )
    agreement = dispatched.period.programme.agreement
    planned = Period.objects.filter(status="planned").order_by("sequence").first()
    picking = propose_consignment(period=planned, actor=circulation)
    measurement = MeasurementFactory(indicator__agreement=agreement)
    obstacle = ObstacleFactory(agreement=agreement)
    finished = revise_evaluation(
        evaluation=begin_evaluation(agreement=agreement, actor=officer),
        actor=officer,
        conclusion="Baik.",
        recommendation="renew",
    )
    finished = finish_evaluation(evaluation=finished, actor=officer)
    counted = open_stocktake(lender=library, partner=dispatched.partner, actor=school)
    scan(desk="count", stocktake=counted, barcode=lines[1].copy.barcode, actor=school)
    counted = close_stocktake(stocktake=counted, actor=school)
    unsent = shelve(library, 1)[0]
    refused = scan(
        desk="count", stocktake=counted, barcode=lines[2].copy.barcode, actor=school, recorded_offline=True
    )
    network = NetworkFactory(office=library, led=True)
    asked = AssessmentFactory(office=library, respondent=dispatched.partner)
    answered = AssessmentFactory(
        office=library, respondent=dispatched.partner, status="answered", answered_on=clock.today()
    )
    return {
        "reading_list": ReadingListFactory(institution=dispatched.partner),
        "indicator": measurement.indicator,
        "measurement": measurement,
        "obstacle": obstacle,
        "evaluated": finished,
        "evaluation": begin_evaluation(agreement=agreement, actor=officer),
        "network": network,
        "member": network.members.get(),
        "asked": asked,
        "answered": answered,
        "follow_up": FollowUp.objects.create(assessment=answered, what="Katalog", due_on=clock.today()),
        **_together(officer, agreement),
        **fleet_of(library, dispatched.partner, officer),
        "draft": draft,
        "agreement": agreement,
        "duty": add_obligation(
            agreement=agreement,
            actor=officer,
            party=agreement.parties.get(role="second"),
            text="Menyediakan rak buku",
            due_on=agreement.ends_on,
        ),
        "template": template_from_agreement(agreement=agreement, actor=officer, name="PKS sekolah"),
        "authority": record_authority(
            actor=officer,
            institution=agreement.office,
            kind="pks",
            starts_on=agreement.starts_on,
            basis="Peraturan uji",
        ),
        "programme": dispatched.period.programme,
        "period": Period.objects.filter(status="planned").order_by("-sequence").first(),
        "out": dispatched,
        "picking": picking,
        "line": picking.lines.first(),
        "out_line": lines[1],
        "difference": dispatched.discrepancies.first(),
        "case": lost,
        "visit": visit,
        "counted": counted,
        "refused_scan": Scan.objects.get(pk=refused.scan_id),
        "stocktake": open_stocktake(lender=library, partner=dispatched.partner, actor=circulation),
        "request": RequestFactory(office=draft.office, institution=draft.partner),
        "wish": WishFactory(lender=library, partner=dispatched.partner),
        "visit_request": VisitRequestFactory(
            office=library, partner=dispatched.partner, place="Halaman SD Negeri 01"
        ),
        "route": RoutePlanFactory(office=library),
        "travel_time": TravelTimeFactory(target=StopFactory(office=library)),
        "van_series": SeriesFactory(
            stop__office=library, stop__name="SD Negeri 01 seri", stop__partner=dispatched.partner
        ),
        "van_trip": (
            van_trip := TripFactory(vehicle=VehicleFactory(office=library, name="Pusling SD Negeri 01"))
        ),
        "van_visit": VisitFactory(
            trip=van_trip,
            stop__office=library,
            stop__name="SD Negeri 01 titik",
            stop__partner=dispatched.partner,
        ),
        "plan": RotationPlanFactory(lender=library, programme=dispatched.period.programme),
        "zone": ShelfZone.objects.create(office=library, name="Ruang Anak", shelves="R"),
        "stray": StrayBook.objects.create(
            office=library, barcode="LUAR-1", title="Buku luar", noted_on=clock.today()
        ),
        "missing": MissingCopy.objects.create(
            office=library,
            copy=CopyFactory(owner=library),
            consignment=picking,
            missed_at=clock.now(),
            missed_by=circulation,
        ),
        "profile": QuotaProfile.objects.create(office=library, name="SD kelas rendah"),
        "planned": PlannedBook.objects.create(
            period=dispatched.period.programme.periods.filter(status="planned").order_by("-sequence")[0],
            title=unsent.title,
            copy=unsent,
        ),
        "ban": TitleBan.objects.create(
            lender=library, partner=dispatched.partner, title=unsent.title, reason="Sudah punya."
        ),
    }


def _together(officer: User, agreement: Agreement) -> dict[str, Any]:
    """An internship that is under way and a tool that somebody waits for."""
    internship = ActivityFactory(
        office=agreement.office,
        kind="internship",
        ground="own",
        agreement=agreement,
        begins_at=clock.now() - timedelta(days=2),
        ends_at=clock.now() + timedelta(days=9),
    )
    university = InstitutionFactory(kind="academic")
    set_cohort(activity=internship, actor=officer, sender=university, places=3)
    activity = ActivityFactory(office=agreement.office)
    file = keep_bytes(
        b"%PDF-1.4 bukti",
        owner_id=agreement.office_id,
        counterpart_id=None,
        purpose=FilePurpose.EVIDENCE,
        name="bukti.pdf",
        extension="pdf",
        content_type="application/pdf",
        actor=officer,
    )
    tool = EquipmentFactory(owner=agreement.office)
    person = PersonFactory(institution=agreement.partner, signs=False)
    return {
        "internship": internship,
        "intern": add_intern(
            activity=internship, actor=officer, name="Mahasiswa Uji", programme="Ilmu Uji", of_age=True
        ),
        "activity": activity,
        "attendee": add_attendee(activity=activity, actor=officer, person=person),
        "evidence": add_evidence(activity=activity, actor=officer, file=file),
        "tool": tool,
        "booking": BookingFactory(equipment=tool, institution=agreement.partner),
    }


@pytest.fixture
def pages(world: dict[str, Any]) -> dict[str, str]:
    """The address of every work page, by the name of its URL."""
    of = {name: row.pk for name, row in world.items()}
    plain = (
        "agreements",
        "agreement_new",
        "requests",
        "request_new",
        "agreement_board",
        "agreement_rules",
        "agreement_templates",
        "agreement_template_new",
        "authority",
        "authority_add",
        "programmes",
        "consignments",
        "return_open",
        "receipts",
        "tracking",
        "missing_copies",
        "strays",
        "zones",
        "van_calendars",
        "zone_new",
        "stray_new",
        "cases",
        "balances",
        "late_books",
        "silent_deliveries",
        "title_heat",
        "write_off",
        "bulk_list",
        "wishes",
        "wishes_wanted",
        "plans",
        "plan_ask",
        "board_year",
        "profiles",
        "profile_new",
        "search",
        "activities",
        "activity_calendar",
        "activity_new",
        "equipment_list",
        "equipment_new",
        "bookings",
        "evaluations",
        "networks",
        "network_new",
        "readiness",
        "readiness_send",
        "follow_ups",
        "reading_lists",
        "stocktakes",
        "stocktake_new",
        "look",
        "scan_reviews",
        "van_calendar",
        "van_serieses",
        "van_series_new",
        "van_trips",
        "van_trip_new",
        "van_visit_new",
        "days_off",
        "days_off_visits",
        "outage_visits",
        "vehicles",
        "vehicle_new",
        "crew_member_new",
        "stops",
        "stop_new",
        "stops_of_partners",
        "stop_sheets",
        "route_plans",
        "route_plan_ask",
        "travel_times",
        "van_devices",
        "van_device_new",
        "entry_reviews",
        "van_figures",
        "visit_requests",
        "van_report",
    )
    listed: dict[str, tuple[Any, ...]] = {
        "van_stop_figures": (of["stop"],),
        "visit_request": (of["visit_request"],),
        "visit_request_accept": (of["visit_request"],),
        "visit_request_propose": (of["visit_request"],),
        "visit_request_locate": (of["visit_request"],),
        "visit_request_step": (of["visit_request"], "decline"),
        "van_series": (of["van_series"],),
        "van_series_change": (of["van_series"],),
        "van_series_step": (of["van_series"], "except"),
        "van_trip": (of["van_trip"],),
        "van_trip_step": (of["van_trip"], "crew"),
        "van_trip_tell": (of["van_trip"], "start"),
        "van_visit_tell": (of["van_visit"], "count"),
        "van_visit": (of["van_visit"],),
        "van_visit_step": (of["van_visit"], "move"),
        "wish": (of["wish"],),
        "wish_promise": (of["wish"],),
        "wish_decline": (of["wish"],),
        "wish_serve": (of["wish"],),
        "wish_note": (of["programme"],),
        "plan": (of["plan"],),
        "plan_step": (of["plan"], "discard"),
        "plan_school": (of["plan"], of["programme"]),
        "period_books": (of["period"],),
        "planned_book": (of["planned"], "remove"),
        "bans": (of["programme"],),
        "ban_lift": (of["programme"], of["ban"]),
        "plan_paper": (of["plan"],),
        "plan_school_paper": (of["plan"], of["programme"]),
        "profile": (of["profile"],),
        "route_plan": (of["route"],),
        "route_plan_step": (of["route"], "discard"),
        "route_plan_compare": (of["route"],),
        "route_plan_paper": (of["route"],),
        "route_plan_day": (of["route"], world["route"].starts_on.isoformat()),
        "travel_time_remove": (of["travel_time"],),
        "profile_remove": (of["profile"],),
        "programme_profile": (of["programme"],),
        "programme_weekdays": (of["programme"],),
        "programme_terms": (of["programme"],),
        "activity": (of["activity"],),
        "activity_edit": (of["activity"],),
        "activity_step": (of["activity"], "invite"),
        "activity_paper": (of["internship"], "penerimaan"),
        "activity_cohort": (of["internship"],),
        "activity_intern_add": (of["internship"],),
        "activity_intern_remove": (of["internship"], of["intern"]),
        "activity_attendance": (of["internship"],),
        "activity_interns": (of["internship"],),
        "activity_contact_add": (of["activity"],),
        "activity_contact_remove": (of["activity"], of["attendee"]),
        "activity_evidence_add": (of["activity"],),
        "activity_evidence_remove": (of["activity"], of["evidence"]),
        "equipment": (of["tool"],),
        "equipment_edit": (of["tool"],),
        "equipment_picture": (of["tool"],),
        "booking_new": (of["tool"],),
        "booking": (of["booking"],),
        "booking_step": (of["booking"], "decline"),
        "agreement": (of["agreement"],),
        "agreement_edit": (of["draft"],),
        "agreement_party_add": (of["draft"],),
        "agreement_scan": (of["agreement"],),
        "agreement_step": (of["agreement"], "terminate"),
        "indicators": (of["agreement"],),
        "indicator_add": (of["agreement"],),
        "indicator": (of["indicator"],),
        "indicator_drop": (of["indicator"],),
        "measurement_add": (of["indicator"],),
        "measurement_drop": (of["measurement"],),
        "count_now": (of["agreement"],),
        "obstacle_add": (of["agreement"],),
        "obstacle": (of["obstacle"],),
        "obstacle_resolve": (of["obstacle"],),
        "evaluation_begin": (of["agreement"],),
        "evaluation": (of["evaluation"],),
        "evaluation_time": (of["evaluation"],),
        "evaluation_obstacles": (of["evaluation"],),
        "evaluation_words": (of["evaluation"],),
        "evaluation_finish": (of["evaluation"],),
        "evaluation_draft": (of["evaluation"],),
        "evaluation_reopen": (of["evaluated"],),
        "agreement_renew": (of["agreement"],),
        "agreement_write_down": (of["agreement"],),
        "agreement_amend": (of["agreement"],),
        "agreement_derive": (of["agreement"],),
        "agreement_copy": (of["agreement"],),
        "agreement_template": (of["agreement"],),
        "agreement_template_edit": (of["template"],),
        "agreement_rule": (world["agreement"].office_id, "pks"),
        "agreement_duty_add": (of["agreement"],),
        "agreement_duty": (of["agreement"], of["duty"]),
        "agreement_duty_step": (of["agreement"], of["duty"], "fulfil"),
        "authority_edit": (of["authority"],),
        "programme": (of["programme"],),
        "programme_step": (of["programme"], "pause"),
        "programme_replan": (of["programme"],),
        "programme_open": (of["agreement"],),
        "swap": (of["programme"],),
        "propose": (of["period"],),
        "period_move": (of["period"],),
        "period_cancel": (of["period"],),
        "consignment": (of["out"],),
        "dispatch": (of["picking"],),
        "consignment_cancel": (of["picking"],),
        "pick_list": (of["picking"],),
        "box_labels": (of["picking"],),
        "scan": (of["picking"],),
        "line_drop": (of["line"],),
        "zone": (of["zone"],),
        "zone_remove": (of["zone"],),
        "pick": (of["picking"],),
        "stray_send": (of["stray"],),
        "stray_forget": (of["stray"],),
        "return_for_others": (of["visit"],),
        "line_missing": (of["line"],),
        "missing_copy": (of["missing"],),
        "missing_found": (of["missing"],),
        "report_loss": (of["out_line"],),
        "discrepancy": (of["difference"],),
        "return_desk": (of["visit"],),
        "return_finish": (of["visit"],),
        "scan_many": (of["picking"],),
        "scan_mend": (of["refused_scan"],),
        "scan_note": (of["refused_scan"],),
        "return_desk_many": (of["visit"],),
        "stocktake": (of["stocktake"],),
        "stocktake_many": (of["stocktake"],),
        "stocktake_close": (of["stocktake"],),
        "stocktake_cancel": (of["stocktake"],),
        "stocktake_missing": (of["counted"],),
        "copy": (world["out_line"].copy_id,),
        "case": (of["case"],),
        "case_assess": (of["case"],),
        "case_settle": (of["case"],),
        "case_find": (of["case"],),
        "case_step": (of["case"], "reduce"),
        "agreement_draft": (of["draft"],),
        "reading_list": (of["reading_list"],),
        "reading_list_pdf": (of["reading_list"],),
        "network": (of["network"],),
        "network_edit": (of["network"],),
        "network_step": (of["network"], "dissolve"),
        "network_ask": (of["network"],),
        "network_admit": (of["network"],),
        "network_role": (of["network"], of["member"]),
        "network_focal": (of["network"], of["member"]),
        "network_leave": (of["network"], of["member"]),
        "assessment": (of["answered"],),
        "assessment_answer": (of["asked"],),
        "assessment_pdf": (of["answered"],),
        "assessment_step": (of["answered"], "review"),
        "follow_up_add": (of["answered"],),
        "follow_up_edit": (of["follow_up"],),
        "follow_up_step": (of["follow_up"], "complete"),
        "vehicle": (of["vehicle"],),
        "vehicle_edit": (of["vehicle"],),
        "vehicle_outage": (of["vehicle"],),
        "vehicle_retire": (of["vehicle"],),
        "outage_drop": (of["outage"],),
        "crew_member": (of["crew member"],),
        "crew_member_retire": (of["crew member"],),
        "stop": (of["stop"],),
        "stop_edit": (of["stop"],),
        "stop_close": (of["stop"],),
        "stop_hours_decline": (of["stop"],),
        "stop_sheet": (of["stop list"],),
        "van_device_code": (of["phone"],),
        "van_device_revoke": (of["phone"],),
        "entry_apply": (of["told"],),
        "entry_attach": (of["told"],),
        "entry_note": (of["told"],),
        "trip_load": (of["road trip"],),
        "trip_load_propose": (of["road trip"],),
        "trip_load_add": (of["road trip"],),
        "trip_load_remove": (of["road trip"], of["road load"]),
        "trip_load_paper": (of["road trip"],),
        "request": (of["request"],),
        "request_step": (of["request"], "decline"),
        "request_meet": (of["request"],),
        "request_accept": (of["request"],),
        "request_link": (of["request"],),
        "request_register": (of["request"],),
    }
    return {name: reverse(f"work:{name}") for name in plain} | {
        name: reverse(f"work:{name}", args=args) for name, args in listed.items()
    }


@pytest.fixture
def signing(draft: Agreement) -> Agreement:
    draft.status = AgreementStatus.SIGNING
    draft.number = "001/PKS/UJI/2026"
    draft.save()
    return draft


@pytest.fixture
def running(programme: Programme) -> Programme:
    return programme
