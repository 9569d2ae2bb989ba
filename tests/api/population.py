"""Some of everything that the API lists, written straight into the tables: these tests are about reading."""

from datetime import time, timedelta
from uuid import uuid4

from agreements.choices import AgreementStatus
from agreements.models import (
    AgreementTemplate,
    BorrowingRule,
    DeskCount,
    Evaluation,
    EvaluationEvent,
    KindRule,
    Obligation,
    ObligationEvent,
    Participation,
    RequestMessage,
    SigningAuthority,
)
from kerjasama.domain import clock
from kerjasama.domain.identity import uuid7
from libraries.catalogue.models import Copy, ImportJob, ImportRecord, ReadingListItem
from libraries.choices import FilePurpose, PaperKind, Role
from libraries.models import (
    Answer,
    Document,
    FollowUp,
    Institution,
    NetworkMember,
    Notice,
    Region,
    Sheet,
    SheetRow,
    StoredFile,
    User,
)
from loans.choices import LineStatus
from loans.models import (
    BulkAct,
    Case,
    Consignment,
    Discrepancy,
    LoanLine,
    MissingCopy,
    Period,
    PlannedBook,
    Programme,
    QuotaProfile,
    QuotaRow,
    ReturnVisit,
    Scan,
    ShelfZone,
    Stocktake,
    StocktakeEvent,
    StocktakeLine,
    StrayBook,
    TitleBan,
)
from mobile_service.models import (
    Entry,
    Outage,
    SchoolFeed,
    SeriesEvent,
    StopSheet,
    TripEvent,
    VisitEvent,
    VisitRequestEvent,
)
from mobile_service.services.devices import invite_device
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    AssessmentFactory,
    BookingFactory,
    CopyFactory,
    CrewMemberFactory,
    EquipmentFactory,
    InstitutionFactory,
    MeasurementFactory,
    MembershipFactory,
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
    UserFactory,
    VehicleFactory,
    VisitFactory,
    VisitRequestFactory,
    WishFactory,
)


def populate(rows: int, office: Institution, actor: User) -> list[Institution]:
    """``rows`` of every kind about as many partners of ``office``; returns the partners."""
    return [_one(number, office, actor) for number in range(rows)]


def paper(office: Institution, partner: Institution, kind: str, number: str) -> Document:
    return Document.objects.create(
        issuer=office,
        recipient=partner,
        kind=kind,
        number=number,
        title=f"Surat {number}",
        issued_on=clock.today(),
        verify_code=uuid4().hex[:14].upper(),
        template="handover",
        content={},
    )


def _one(number: int, office: Institution, actor: User) -> Institution:
    today = clock.today()
    region, _new = Region.objects.get_or_create(
        code=f"13.{number:02}", defaults={"name": f"Kota {number}", "level": "regency"}
    )
    partner = InstitutionFactory(school=True, parent=office, region=region)
    PersonFactory(institution=partner)
    agreement = AgreementFactory(office=office, partner=partner, in_force=True, document=None)
    assert agreement.status == AgreementStatus.ACTIVE
    request = RequestFactory(
        office=office, institution=partner, status="accepted", turn="", agreement=agreement, asked_by=actor
    )
    RequestMessage.objects.create(request=request, side="office", author=actor, at=clock.now(), text="Halo")
    measurement = MeasurementFactory(indicator__agreement=agreement)
    ObstacleFactory(agreement=agreement)
    evaluation = Evaluation.objects.create(
        agreement=agreement, starts_on=measurement.starts_on, ends_on=measurement.ends_on
    )
    EvaluationEvent.objects.create(
        subject=evaluation, action="begin", to_state="draft", actor=actor, at=clock.now()
    )
    duty = Obligation.objects.create(
        agreement=agreement,
        party=agreement.parties.get(role="second"),
        text="Menyediakan rak",
        due_on=agreement.ends_on,
    )
    ObligationEvent.objects.create(subject=duty, action="open", to_state="open", actor=actor, at=clock.now())
    SigningAuthority.objects.create(institution=partner, kind="pks", starts_on=today, basis="Peraturan")
    activity = ActivityFactory(office=office, status="invited")
    Participation.objects.create(activity=activity, institution=partner)
    BookingFactory(equipment=EquipmentFactory(owner=office), institution=partner, status="confirmed")
    programme = Programme.objects.create(
        agreement=agreement,
        lender=office,
        partner=partner,
        quantity=5,
        interval_months=3,
        receipt_days=3,
        replacement_days=30,
        starts_on=today,
        ends_on=today + timedelta(days=300),
    )
    period = Period.objects.create(
        programme=programme,
        sequence=1,
        nominal_on=today,
        starts_on=today,
        ends_on=today + timedelta(days=90),
        status="running",
    )
    consignment = Consignment.objects.create(
        code=f"UJI-{number:04}",
        period=period,
        lender=office,
        partner=partner,
        quantity=5,
        status="received",
        due_on=period.ends_on,
        dispatched_on=today,
        confirm_by=today,
        handover_document=paper(office, partner, PaperKind.HANDOVER, f"BAST {number}"),
    )
    copy = CopyFactory(owner=office, holder=partner, place="away")
    line = LoanLine.objects.create(consignment=consignment, copy=copy, status=LineStatus.OUT)
    replacement = CopyFactory(owner=office, title=copy.title)
    BulkAct.objects.create(
        office=office,
        kind="write_off",
        made_by=actor,
        made_at=clock.now() - timedelta(days=1),
        rows=[{"id": str(copy.pk), "label": "Judul", "outcome": "done", "said": "", "before": {}}],
        done=1,
    )
    before = Period.objects.create(
        programme=programme,
        sequence=2,
        nominal_on=today - timedelta(days=90),
        starts_on=today - timedelta(days=90),
        ends_on=today - timedelta(days=3),
        status="closed",
    )
    silent = Consignment.objects.create(
        code=f"UJD-{number:04}",
        period=before,
        lender=office,
        partner=partner,
        quantity=1,
        status="flagged",
        due_on=today - timedelta(days=3),
        dispatched_on=today - timedelta(days=90),
        confirm_by=today - timedelta(days=80),
        handover_document=paper(office, partner, PaperKind.HANDOVER, f"BAST D{number}"),
    )
    late = CopyFactory(owner=office, holder=partner, place="away")
    LoanLine.objects.create(consignment=silent, copy=late, status=LineStatus.OUT)
    CopyFactory(owner=office, title=copy.title, condition="damaged")
    Case.objects.create(
        code=f"UJK-{number:04}",
        kind="damaged",
        line=line,
        copy=Copy.objects.get(pk=copy.pk),
        lender=office,
        partner=partner,
        status="settled",
        settlement="same_title",
        replacement_copy=replacement,
        reported_on=today,
        due_on=today,
        letter=paper(office, partner, PaperKind.REPLACEMENT, f"SP {number}"),
        settlement_record=paper(office, partner, PaperKind.SETTLEMENT, f"BA {number}"),
    )
    PlannedBook.objects.create(period=period, title=copy.title, copy=copy, source=partner)
    TitleBan.objects.create(lender=office, partner=partner, title=copy.title, reason="Sudah punya.")
    profile = QuotaProfile.objects.create(office=office, name=f"Profil {partner.pk}")
    QuotaRow.objects.create(profile=profile, share=40, subject="800")
    RotationPlanFactory(lender=office, programme=programme)
    RoutePlanFactory(office=office)
    TravelTimeFactory(target=StopFactory(office=office, partner=partner, kind="school"))
    WishFactory(
        lender=office,
        partner=partner,
        title=copy.title,
        period=period,
        consignment=consignment,
        status="served",
        answered=True,
    )
    ShelfZone.objects.create(office=office, name=f"Zona {number}", shelves="R")
    StrayBook.objects.create(
        office=office, barcode=f"LUAR-{number}", owner=partner, brought_by=partner, noted_on=today
    )
    MissingCopy.objects.create(
        office=office, copy=replacement, consignment=consignment, missed_at=clock.now(), missed_by=actor
    )
    Discrepancy.objects.create(consignment=consignment, line=line, kind="damaged", description="sobek")
    visit = ReturnVisit.objects.create(
        lender=office,
        partner=partner,
        on=today,
        status="closed",
        document=paper(office, partner, PaperKind.RETURN, f"KBL {number}"),
    )
    Scan.objects.create(
        desk="return",
        return_visit=visit,
        barcode=copy.barcode,
        outcome="ok",
        reason="returned",
        at=clock.now(),
    )
    stocktake = Stocktake.objects.create(
        lender=office,
        partner=partner,
        on=today,
        status="closed",
        expected_count=1,
        seen_count=1,
        extra_count=0,
    )
    StocktakeLine.objects.create(stocktake=stocktake, line=line, seen_at=clock.now())
    StocktakeEvent.objects.create(
        subject=stocktake, action="close", to_state="closed", actor=actor, at=clock.now()
    )
    Notice.objects.create(
        recipient=office,
        sender=office,
        rule="received",
        subject_kind="consignment",
        subject_id=consignment.pk,
        due_on=today,
    )
    BorrowingRule.objects.create(office=InstitutionFactory(office=True)).regions.add(region)
    # Each office rules for itself: whoever works at many reads many.
    ruling = InstitutionFactory(office=True)
    MembershipFactory(user=actor, institution=ruling, role=Role.CIRCULATION)
    KindRule.objects.create(office=ruling, kind="pks", required=["aims"])
    AgreementTemplate.objects.create(office=office, kind="pks", name=f"PKS {number}", words={"aims": "Uji"})
    sheet = Sheet.objects.create(
        office=office, name=f"sekolah-{number}.csv", heads=["Nama"], mapping={"name": 0}, region=region
    )
    SheetRow.objects.create(sheet=sheet, number=2, outcome="new", label="SD", institution=partner)
    DeskCount.objects.create(office=office, day=today - timedelta(days=number), outcome="borrow", count=3)
    file = StoredFile.objects.create(
        owner=office,
        purpose=FilePurpose.CATALOGUE,
        file=f"catalogue/{number}.mrc",
        original_name=f"{number}.mrc",
        extension="mrc",
        content_type="application/marc",
        size=1,
        sha256="0" * 64,
        uploaded_by=actor,
    )
    job = ImportJob.objects.create(institution=office, file=file, status="failed", started_by=actor)
    ImportRecord.objects.create(
        job=job, position=1, outcome="created", label="Judul", title=copy.title, copies=1
    )
    network = NetworkFactory(office=office, led=True)
    NetworkMember.objects.create(network=network, institution=partner, joined_on=today)
    reading_list = ReadingListFactory(institution=partner)
    ReadingListItem.objects.create(reading_list=reading_list, position=1, title=copy.title)
    assessment = AssessmentFactory(
        office=office, respondent=partner, network=network, status="answered", answered_on=today
    )
    Answer.objects.create(assessment=assessment, question="catalogue", value="no")
    FollowUp.objects.create(assessment=assessment, question="catalogue", what="Katalog", due_on=today)
    _fleet(number, office, partner, actor)
    return partner


def _fleet(number: int, office: Institution, partner: Institution, actor: User) -> None:
    vehicle = VehicleFactory(office=office)
    Outage.objects.create(
        vehicle=vehicle, starts_on=clock.today(), ends_on=clock.today(), reason="Servis berkala"
    )
    CrewMemberFactory(office=office, vehicle=vehicle, user=UserFactory())
    stop = StopFactory(
        office=office,
        school=True,
        partner=partner,
        vehicle=vehicle,
        windows=[(0, time(8), time(10)), (1, time(8), time(10))],
    )
    SchoolFeed.objects.get_or_create(partner=partner, defaults={"feed_key": f"rahasia-{number}"})
    StopSheet.objects.create(office=office, name=f"titik-{number}.csv", new=1)
    series = SeriesFactory(stop=stop, vehicle=vehicle)
    SeriesEvent.objects.create(subject=series, action="begin", to_state="active", at=clock.now())
    trip = TripFactory(vehicle=vehicle)
    TripEvent.objects.create(subject=trip, action="plan", to_state="planned", at=clock.now())
    trip.duties.create(member=vehicle.crew.get(), on=trip.on)
    visit = VisitFactory(stop=stop, trip=trip, series=series, series_on=trip.on)
    VisitEvent.objects.create(subject=visit, action="plan", to_state="planned", at=clock.now())
    device, _code = invite_device(member=vehicle.crew.get(), name=f"HP {number}", actor=actor)
    Entry.objects.create(
        client_id=uuid7(),
        office=office,
        trip=trip,
        visit=visit,
        device=device,
        actor=actor,
        kind="arrive",
        told_at=clock.now(),
        at=clock.now(),
        outcome="review",
        code="visit_cancelled",
    )
    asked = VisitRequestFactory(office=office, partner=partner, stop=stop, proposed_vehicle=vehicle)
    VisitRequestEvent.objects.create(
        subject=asked, action="ask", from_state="", to_state="open", actor=None, at=clock.now()
    )
