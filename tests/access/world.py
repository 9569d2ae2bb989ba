"""One of everything about SDN 01, made by the services themselves: what other people must not reach."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from agreements.models import BorrowingRule, DeskCount, KindRule, Obligation, Party
from agreements.services.activities import add_attendee, add_evidence
from agreements.services.authority import record_authority
from agreements.services.cohorts import add_intern, set_cohort
from agreements.services.drafting import attach_signed_scan
from agreements.services.evaluating import begin_evaluation, finish_evaluation, revise_evaluation
from agreements.services.inviting import invite_partners
from agreements.services.obligations import add_obligation
from agreements.services.requesting.opening import ask_in_portal
from agreements.services.signing import reopen_agreement, submit_agreement
from agreements.services.templates import template_from_agreement
from kerjasama.domain import clock
from libraries.catalogue.models import ImportJob, ImportRecord
from libraries.catalogue.services.reading_lists import add_to_reading_list, begin_reading_list
from libraries.choices import FilePurpose, InstitutionKind, Role
from libraries.models import (
    ApiToken,
    Closure,
    Institution,
    Message,
    Notice,
    NumberPattern,
    Region,
    Sheet,
    User,
)
from libraries.services.files import keep_bytes
from libraries.services.networks import admit_member, found_network
from libraries.services.readiness import answer_assessment, send_assessment
from loans.models import (
    CustodyMove,
    Discrepancy,
    LoanLine,
    MissingCopy,
    PlannedBook,
    Scan,
    ShelfZone,
    StrayBook,
    TitleBan,
)
from loans.services.bulk import do_many
from loans.services.claiming import assess_case, report_loss
from loans.services.counting import close_stocktake, open_stocktake
from loans.services.dispatching import dispatch_consignment
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.services.quotas import keep_profile
from loans.services.receiving import Difference, confirm_receipt
from loans.services.returning import ReturnedCopy, finish_return_visit, open_return_visit, return_copies
from loans.services.scanning import scan
from tests.access.fleet_world import fleet_of
from tests.conftest import scan_all
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    BookingFactory,
    CopyFactory,
    EquipmentFactory,
    InstitutionFactory,
    MeasurementFactory,
    MembershipFactory,
    ObstacleFactory,
    PersonFactory,
    RotationPlanFactory,
    RoutePlanFactory,
    TravelTimeFactory,
    UserFactory,
    VisitRequestFactory,
    WishFactory,
    all_answers,
    number_papers,
    shelve,
)

OFFICE = ("officer", "circulation", "crew", "head", "coordinator", "administrator")
SCHOOLS = ("school", "other_school")
CAST = (*OFFICE, *SCHOOLS, "perpusnas")


@dataclass
class World:
    """People by name, and the things of SDN 01 by the name that the table of addresses calls them."""

    people: dict[str, User] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def pk(self, name: str) -> str:
        return str(self.things[name].pk)


def build() -> World:
    """The library with its cast, SDN 01 with its books, and two strangers: another school, another library."""
    world = World()
    things = world.things
    library = InstitutionFactory(
        office=True,
        name="UPT Perpustakaan Proklamator Bung Hatta",
        slug="bung-hatta",
        kind=InstitutionKind.NATIONAL,
    )
    perpusnas = InstitutionFactory(office=True, name="Perpustakaan Nasional RI", slug="perpusnas")
    sdn = InstitutionFactory(school=True, name="SD Negeri 01 Benteng", slug="sdn-01")
    other = InstitutionFactory(school=True, name="SD Negeri 02 Birugo", slug="sdn-02")
    for office in (library, perpusnas):
        number_papers(office)
    PersonFactory(institution=library, name="Rahmat Hidayat")
    things["person"] = PersonFactory(institution=sdn, name="Yusnimar", position="Kepala Sekolah")
    roles = {name: (library, getattr(Role, name.upper())) for name in OFFICE}
    roles |= {
        "school": (sdn, Role.SCHOOL_CONTACT),
        "other_school": (other, Role.SCHOOL_CONTACT),
        "perpusnas": (
            perpusnas,
            Role.ADMINISTRATOR,
        ),  # whatever an office can do, short of Bung Hatta's matters
    }
    for name, (institution, role) in roles.items():
        user = UserFactory(username=name, is_staff=institution.is_office)
        things["membership" if name == "school" else f"membership_{name}"] = MembershipFactory(
            user=user, institution=institution, role=role
        )
        world.people[name] = user
        for scopes, label in ((["*:write"], name), ([], f"{name} without scopes")):
            row, key = ApiToken.objects.create(user=user, name=label, scopes=scopes)
            world.keys[label] = key
            if label == "school":
                things["key"] = row
    ApiToken.objects.update(last_used_at=clock.now())
    things |= {"institution": sdn, "library": library, "account": world.people["school"]}
    _lending(world, library, sdn)
    _office(world, library, sdn)
    _together(world, library, sdn)
    _judging(world)
    _activities(world, library, sdn)
    world.things |= fleet_of(library, sdn, world.people["officer"])
    _third(world, library, sdn)
    return world


def _third(world: World, library: Institution, sdn: Institution) -> None:
    """An agreement of the library and SDN 01 that a third stands in as well, sent for signature twice."""
    officer = world.people["officer"]
    school = InstitutionFactory(school=True, name="SD Negeri 03 Pintu Kabun", slug="sdn-03")
    user = UserFactory(username="third")
    MembershipFactory(user=user, institution=school, role=Role.SCHOOL_CONTACT)
    world.people["third"] = user
    _row, world.keys["third"] = ApiToken.objects.create(user=user, name="third", scopes=["*:write"])
    draft = AgreementFactory(office=library, partner=sdn)
    Party.objects.create(agreement=draft, institution=school, role="focal", signatory_name="Kepala SDN 03")
    sent = submit_agreement(agreement=draft, actor=officer)
    world.things["earlier version"] = sent.document
    sent = submit_agreement(
        agreement=reopen_agreement(agreement=sent, actor=officer, note="salah ketik"), actor=officer
    )
    scan_file = keep_bytes(
        b"%PDF-1.4 bertiga",
        owner_id=library.pk,
        counterpart_id=sdn.pk,
        purpose=FilePurpose.SIGNED_SCAN,
        name="bertiga.pdf",
        extension="pdf",
        content_type="application/pdf",
        actor=officer,
    )
    attach_signed_scan(agreement=sent, file=scan_file, actor=officer)
    world.things["other"] = world.people["other_school"].memberships.get().institution
    world.things |= {"shared agreement": sent, "shared paper": sent.document, "shared scan": scan_file}


def _judging(world: World) -> None:
    """A finished evaluation of SDN 01's agreement, and one being written of its other one."""
    things, officer = world.things, world.people["officer"]
    for name, agreement in (
        ("evaluation", things["agreement"]),
        ("evaluation draft", things["agreement without programme"]),
    ):
        measurement = MeasurementFactory(indicator__agreement=agreement)
        obstacle = ObstacleFactory(agreement=agreement)
        evaluation = begin_evaluation(agreement=agreement, actor=officer)
        things |= {
            name: evaluation,
            "indicator": measurement.indicator,
            "measurement": measurement,
            "obstacle": obstacle,
        }
    done = revise_evaluation(
        evaluation=things["evaluation"], actor=officer, conclusion="Baik.", recommendation="renew"
    )
    things["evaluation"] = finish_evaluation(evaluation=done, actor=officer)


def _lending(world: World, library: Institution, sdn: Institution) -> None:
    things, desk, school = world.things, world.people["circulation"], world.people["school"]
    shelve(library, 14)
    agreement = AgreementFactory(office=library, partner=sdn, in_force=True)
    scan_file = keep_bytes(
        b"%PDF-1.4 uji",
        owner_id=library.pk,
        counterpart_id=sdn.pk,
        purpose=FilePurpose.SIGNED_SCAN,
        name="pks.pdf",
        extension="pdf",
        content_type="application/pdf",
        actor=desk,
    )
    attach_signed_scan(agreement=agreement, file=scan_file, actor=world.people["officer"])
    programme = open_programme(agreement=agreement, actor=desk)
    first, second, third = programme.periods.order_by("sequence")[:3]
    delivered = propose_consignment(period=first, actor=desk)
    scan_all(delivered, desk)
    delivered = dispatch_consignment(consignment=delivered, actor=desk)
    lines = list(LoanLine.objects.filter(consignment=delivered).in_shelf_order())
    confirm_receipt(consignment=delivered, actor=school, differences=[Difference("damaged", lines[0].pk)])
    case = assess_case(
        case=report_loss(line=lines[1], actor=school, kind="lost"), actor=desk, demand="same_title"
    )
    done = open_return_visit(lender=library, partner=sdn, actor=desk)
    return_copies(visit=done, copies=[ReturnedCopy(lines[2].copy.barcode)], actor=desk)
    finish_return_visit(visit=done, actor=desk)
    visit = open_return_visit(lender=library, partner=sdn, actor=desk)
    counted = open_stocktake(lender=library, partner=sdn, actor=desk)
    scan(desk="count", stocktake=counted, barcode=lines[3].copy.barcode, actor=desk)
    counted = close_stocktake(stocktake=counted, actor=desk)
    counting = open_stocktake(lender=library, partner=sdn, actor=school)
    scan(desk="count", stocktake=counting, barcode=lines[3].copy.barcode, actor=school)
    packing = propose_consignment(period=second, actor=desk)
    scan_all(packing, desk)
    kept = scan(
        desk="count", stocktake=counted, barcode=lines[4].copy.barcode, actor=desk, recorded_offline=True
    )
    waiting = AgreementFactory(office=library, partner=sdn, in_force=True)
    things |= {
        "agreement": agreement,
        "agreement without programme": waiting,
        "draft": AgreementFactory(office=library, partner=sdn),
        "party": agreement.parties.get(role="second"),
        "duty": Obligation.objects.create(
            agreement=agreement,
            party=agreement.parties.get(role="second"),
            text="Menyediakan rak",
            due_on=agreement.ends_on,
        ),
        "file": scan_file,
        "programme": programme,
        "period": third,
        "delivered": delivered,
        "document": delivered.handover_document,
        "packing": packing,
        "packing line": packing.lines.first(),
        "line": lines[3],
        "copy": lines[3].copy,
        "title": lines[3].copy.title,
        "case": case,
        "discrepancy": Discrepancy.objects.get(),
        "stocktake": counting,
        "finished stocktake": counted,
        "counted scan": counting.scans.get(),
        "refused scan": Scan.objects.get(pk=kept.scan_id),
        "visit": visit,
        "finished visit": done,
        "scan": Scan.objects.filter(consignment=packing).first(),
        "move": CustodyMove.objects.filter(copy=lines[3].copy).first(),
        "notice": Notice.objects.filter(recipient=sdn, rule="case_assessed").get(),
        "plan": RotationPlanFactory(lender=library, programme=programme),
        "zone": ShelfZone.objects.create(office=library, name="Ruang rahasia", shelves="R"),
        "stray": StrayBook.objects.create(
            office=library, barcode="LUAR-1", title="Buku luar", brought_by=sdn, noted_on=clock.today()
        ),
        "bulk act": do_many(
            office=library,
            actor=desk,
            kind="write_off",
            ids=[CopyFactory(owner=library).pk],
            facts={"number": "SK 12", "note": "usang"},
        ),
        "missing copy": MissingCopy.objects.create(
            office=library, copy=CopyFactory(owner=library), missed_at=clock.now(), missed_by=desk
        ),
        "profile": keep_profile(office=library, actor=desk, name="SD rahasia"),
        "planned book": PlannedBook.objects.create(
            period=third, title=lines[3].copy.title, copy=lines[3].copy
        ),
        "ban": TitleBan.objects.create(
            lender=library, partner=sdn, title=lines[2].copy.title, reason="Larangan rahasia."
        ),
    }
    things["request"] = ask_in_portal(
        office=library,
        institution=sdn,
        actor=school,
        subject="Pojok baca rahasia",
        wishes="Seratus buku cerita.",
        forms=["collection_loan"],
    )
    officer = world.people["officer"]
    things["duty"] = add_obligation(
        agreement=agreement,
        actor=officer,
        party=things["party"],
        text="Menyediakan rak buku",
        due_on=agreement.ends_on,
    )
    things["template"] = template_from_agreement(agreement=agreement, actor=officer, name="PKS sekolah")
    things["authority"] = record_authority(
        actor=officer,
        institution=library,
        kind="pks",
        starts_on=agreement.starts_on,
        basis="Peraturan uji",
    )
    things["draft party"] = things["draft"].parties.get(role="second")


def _office(world: World, library: Institution, sdn: Institution) -> None:
    things = world.things
    region = Region.objects.create(code="13.75", name="Kota Bukittinggi", level="regency")
    file = keep_bytes(
        b"00714cam",
        owner_id=library.pk,
        counterpart_id=None,
        purpose=FilePurpose.CATALOGUE,
        name="katalog.mrc",
        extension="mrc",
        content_type="application/marc",
        actor=world.people["circulation"],
    )
    things["borrowing rule"] = BorrowingRule.objects.create(office=library, loan_limit=2, loan_days=7)
    things["kind rule"] = KindRule.objects.create(office=library, kind="pks", required=["aims"])
    things["desk count"] = DeskCount.objects.create(
        office=library, day=clock.today(), outcome="read", count=1
    )
    job = ImportJob.objects.create(
        institution=library, file=file, status="failed", started_by=world.people["circulation"]
    )
    ImportRecord.objects.create(job=job, position=1, outcome="created", label="Judul", copies=0)
    list_file = keep_bytes(
        b"NPSN;Nama\n",
        owner_id=library.pk,
        counterpart_id=None,
        purpose=FilePurpose.SHEET,
        name="sekolah.csv",
        extension="csv",
        content_type="text/csv",
        actor=world.people["officer"],
    )
    things["sheet"] = Sheet.objects.create(
        office=library,
        file=list_file,
        name="sekolah.csv",
        heads=["NPSN", "Nama"],
        mapping={"name": 1},
        status="checked",
    )
    things |= {
        "region": region,
        "import": job,
        "catalogue file": file,
        "closure": Closure.objects.create(
            institution=library,
            starts_on=clock.today() + timedelta(days=500),
            ends_on=clock.today() + timedelta(days=500),
            reason="Uji",
        ),
        "pattern": NumberPattern.objects.filter(institution=library).first(),
        "message": Message.objects.create(
            user=world.people["school"],
            office=library,
            address="sdn01@contoh.test",
            template="returned",
            dedupe_key="uji",
            message_id="<uji@contoh.test>",
            not_before=clock.now(),
            status="failed",
        ),
    }


def _together(world: World, library: Institution, sdn: Institution) -> None:
    """A network of the two, questions that wait for SDN 01, others that it has answered, and what follows."""
    officer, school = world.people["officer"], world.people["school"]
    network = found_network(actor=officer, office=library, name="Jaringan SDN 01")
    member = admit_member(network=network, actor=officer, institution=sdn)
    due_on = clock.today() + timedelta(days=14)
    answered = send_assessment(actor=officer, office=library, respondent=sdn, due_on=due_on)
    answered = answer_assessment(assessment=answered, actor=school, answers=all_answers(catalogue="no"))
    reading_list = begin_reading_list(
        actor=school, institution=sdn, class_name="Kelas 4", school_year="2026/2027", title="Cerita SDN"
    )
    world.things |= {
        "reading list": reading_list,
        "listed book": add_to_reading_list(
            reading_list=reading_list, actor=school, typed_title="Malin Kundang"
        ),
        "network": network,
        "member": member,
        "assessment": answered,
        "follow-up": answered.follow_ups.get(),
        "questions": send_assessment(actor=officer, office=library, respondent=sdn, due_on=due_on),
    }


def _activities(world: World, library: Institution, sdn: Institution) -> None:
    """A meeting and an internship of the library, and a tool that SDN 01 would like to have."""
    things, officer = world.things, world.people["officer"]
    meeting = ActivityFactory(office=library, title="Rapat SDN 01 dan perpustakaan")
    invite_partners(activity=meeting, actor=officer, institutions=[sdn])
    university = InstitutionFactory(kind=InstitutionKind.ACADEMIC, name="Universitas Uji")
    internship = ActivityFactory(
        office=library,
        kind="internship",
        ground="own",
        agreement=things["agreement"],
        begins_at=clock.now() - timedelta(days=2),
        ends_at=clock.now() + timedelta(days=9),
    )
    set_cohort(activity=internship, actor=officer, sender=university, places=3)
    file = keep_bytes(
        b"%PDF-1.4 bukti",
        owner_id=library.pk,
        counterpart_id=None,
        purpose=FilePurpose.EVIDENCE,
        name="bukti.pdf",
        extension="pdf",
        content_type="application/pdf",
        actor=officer,
    )
    tool = EquipmentFactory(owner=library)
    things |= {
        "activity": meeting,
        "participation": meeting.participations.get(),
        "attendee": add_attendee(activity=meeting, actor=officer, person=things["person"]),
        "evidence": add_evidence(activity=meeting, actor=officer, file=file),
        "internship": internship,
        "intern": add_intern(
            activity=internship, actor=officer, name="Mahasiswa Uji", programme="Ilmu Uji", of_age=True
        ),
        "tool": tool,
        "booking": BookingFactory(equipment=tool, institution=sdn),
        "wish": WishFactory(lender=library, partner=sdn),
        "visit request": VisitRequestFactory(office=library, partner=sdn, place="Halaman SDN 01"),
        "route plan": RoutePlanFactory(office=library),
        "travel time": TravelTimeFactory(target__office=library),
    }
