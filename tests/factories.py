"""Rows for tests: consistent by themselves, names by Sequence, sides by SelfAttribute."""

import zlib
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from agreements.choices import (
    ActivityKind,
    AgreedHow,
    AgreementKind,
    AgreementStatus,
    Audience,
    CooperationForm,
    Ground,
    PartyRole,
    Proof,
    RequestChannel,
    RequestSide,
    RequestStatus,
)
from agreements.models import (
    Activity,
    Agreement,
    Booking,
    CooperationRequest,
    Equipment,
    Indicator,
    LendingTerm,
    Measurement,
    Obstacle,
    Party,
    Provision,
)
from kerjasama.domain import clock
from kerjasama.domain.links import digest_of, new_seed, token_of
from libraries.catalogue.choices import ReadingLevel
from libraries.catalogue.models import Copy, ReadingList, Title
from libraries.choices import (
    NUMBERED_AS_AGREEMENTS,
    ConsentHow,
    InstitutionKind,
    NetworkRole,
    PaperKind,
    PersonFunction,
    Role,
)
from libraries.models import (
    Assessment,
    Institution,
    Membership,
    Network,
    NetworkMember,
    NumberPattern,
    Person,
    User,
)
from libraries.questions import CONDITIONS, QuestionSet
from libraries.services.readiness import GivenAnswer
from loans.models import RotationPlan, Wish
from loans.planning.plan import Figures, Plan
from loans.planning.reading import plan_to_json
from mobile_service.choices import CrewFunction, StopKind, Weekday
from mobile_service.models import (
    CrewMember,
    RoutePlan,
    Series,
    Stop,
    StopWindow,
    TravelTime,
    Trip,
    Vehicle,
    VehicleHours,
    Visit,
    VisitRequest,
)
from mobile_service.planning.plan import Figures as RouteFigures
from mobile_service.planning.plan import Plan as RouteAnswer
from mobile_service.planning.problem import Problem as RouteProblem
from mobile_service.planning.reading import plan_to_json as route_plan_to_json
from mobile_service.planning.reading import problem_to_json as route_problem_to_json

WIB = ZoneInfo("Asia/Jakarta")


NO_FIGURES = Figures(0, 0, 0, 0, 0, 0.0, 0, 0, 0.0, 0, 0, 0, 0, 0, 0, 0)
NO_ROUTES = RouteFigures(0, 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


class InstitutionFactory(DjangoModelFactory[Institution]):
    class Meta:
        model = Institution

    name = factory.Sequence(lambda n: f"Perpustakaan Uji {n:03}")
    slug = factory.Sequence(lambda n: f"perpustakaan-uji-{n:03}")
    kind = InstitutionKind.CITY
    city = "Bukittinggi"
    address = "Jalan Uji 1, Bukittinggi"
    email = factory.Sequence(lambda n: f"kantor{n:03}@contoh.test")

    class Params:
        office = factory.Trait(is_office=True)
        school = factory.Trait(
            kind=InstitutionKind.SCHOOL,
            name=factory.Sequence(lambda n: f"SD Negeri Uji {n:03}"),
            slug=factory.Sequence(lambda n: f"sdn-uji-{n:03}"),
            npsn=factory.Sequence(lambda n: f"98{n:06}"),
            closed_weekdays=[6],
        )


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"orang{n:03}")
    name = factory.Sequence(lambda n: f"Orang Uji {n:03}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@contoh.test")
    password = factory.django.Password("kata sandi uji 2026")


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    institution = factory.SubFactory(InstitutionFactory)
    role = Role.SCHOOL_CONTACT


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    institution = factory.SubFactory(InstitutionFactory)
    name = factory.Sequence(lambda n: f"Kepala Uji {n:03}")
    position = "Kepala"
    signs = True


class TitleFactory(DjangoModelFactory[Title]):
    class Meta:
        model = Title

    title = factory.Sequence(lambda n: f"Cerita Uji Nomor {n:05}")
    authors = factory.LazyFunction(lambda: ["Penulis Uji"])
    year = 2020
    ddc = factory.Sequence(lambda n: f"{(n % 10)}98.2")
    language = "ind"
    reading_level = ReadingLevel.MIDDLE
    match_key = factory.LazyAttribute(lambda row: row.title.lower())


class CopyFactory(DjangoModelFactory[Copy]):
    class Meta:
        model = Copy

    title = factory.SubFactory(TitleFactory)
    owner = factory.SubFactory(InstitutionFactory, office=True)
    holder = factory.SelfAttribute("owner")
    barcode = factory.Sequence(lambda n: f"BH{n:06}")
    call_number = factory.LazyAttribute(lambda row: f"{row.title.ddc} UJI c")
    price = Decimal("45000")


class AgreementFactory(DjangoModelFactory[Agreement]):
    """A complete PKS draft about lending; ``in_force=True`` puts it past its signatures."""

    class Meta:
        model = Agreement
        skip_postgeneration_save = True

    office = factory.SubFactory(InstitutionFactory, office=True)
    partner = factory.SubFactory(InstitutionFactory, school=True)
    kind = AgreementKind.PKS
    title = "Peminjaman koleksi bergilir"
    starts_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=1))
    ends_on = factory.LazyAttribute(lambda row: clock.add_months(row.starts_on, 12) - timedelta(days=1))
    aims = "Murid membaca lebih banyak."
    scope = "Peminjaman 100 buku setiap tiga bulan."
    division_of_work = "Perpustakaan memilih dan mengantar; sekolah menjaga dan mengembalikan."
    procedures = "Serah terima dengan berita acara."
    financing = "Masing-masing pihak menanggung biayanya sendiri."

    class Params:
        in_force = factory.Trait(
            status=AgreementStatus.ACTIVE, number=factory.Sequence(lambda n: f"{n:03}/PKS/UJI/2026")
        )
        implicit = factory.Trait(
            kind=AgreementKind.IMPLICIT,
            agreed_by="Kepala sekolah dan kepala perpustakaan",
            agreed_on=factory.LazyFunction(clock.today),
            agreed_how=AgreedHow.MEETING,
            agreed_note="Disepakati dalam rapat.",
        )

    @factory.post_generation
    def parties(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if not create:
            return
        signed = date.today() if self.status == AgreementStatus.ACTIVE else None
        for role, institution in ((PartyRole.FIRST, self.office), (PartyRole.SECOND, self.partner)):
            Party.objects.create(
                agreement=self,
                institution=institution,
                role=role,
                signatory_name=f"Kepala {institution}",
                signatory_position="Kepala",
                signed_on=signed,
            )

    @factory.post_generation
    def lending(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted is not False:
            terms = {
                "quantity": 5,
                "interval_months": 3,
                "first_delivery_on": self.starts_on,
                **(extracted or {}),
            }
            LendingTerm.objects.create(agreement=self, **terms)


def number_papers(office: Institution) -> None:
    """Patterns for every kind of paper of an office; all agreements count in one sequence."""
    for kind in set(PaperKind.values) - NUMBERED_AS_AGREEMENTS:
        NumberPattern.objects.get_or_create(
            institution=office, kind=kind, defaults={"pattern": f"{{number:03}}/{kind[:4].upper()}/{{year}}"}
        )


def shelve(owner: Institution, count: int) -> list[Copy]:
    """``count`` copies of as many titles on the owner's shelf."""
    titles = TitleFactory.build_batch(count)
    Title.objects.bulk_create(titles)
    copies = [CopyFactory.build(title=title, owner=owner, holder=owner) for title in titles]
    return Copy.objects.bulk_create(copies)


# --- networks and readiness -----------------------------------------------------------------------------------------


class NetworkFactory(DjangoModelFactory[Network]):
    """A network being formed, with its office as first member; ``led=True`` makes it the focal point."""

    class Meta:
        model = Network
        skip_postgeneration_save = True

    office = factory.SubFactory(InstitutionFactory, office=True)
    name = factory.Sequence(lambda n: f"Jaringan Uji {n:03}")
    slug = factory.Sequence(lambda n: f"jaringan-uji-{n:03}")

    @factory.post_generation
    def led(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create:
            NetworkMember.objects.create(
                network=self,
                institution=self.office,
                role=NetworkRole.FOCAL if extracted else NetworkRole.MEMBER,
                joined_on=clock.today() - timedelta(days=30),
            )


class AssessmentFactory(DjangoModelFactory[Assessment]):
    """Questions about the eight conditions that wait for their answers."""

    class Meta:
        model = Assessment

    office = factory.SubFactory(InstitutionFactory, office=True)
    respondent = factory.SubFactory(InstitutionFactory, school=True)
    questions = CONDITIONS.code
    asked_on = factory.LazyFunction(clock.today)
    due_on = factory.LazyAttribute(lambda row: row.asked_on + timedelta(days=14))


def all_answers(value: str = "yes", questions: QuestionSet = CONDITIONS, **others: str) -> list[GivenAnswer]:
    """The same answer to every question, but for those that are named."""
    return [GivenAnswer(code, others.get(code, value)) for code in questions.codes]


# --- what is done together ---------------------------------------------------------------------------------------


class ActivityFactory(DjangoModelFactory[Activity]):
    """A meeting in a week, for two hours; needs no agreement."""

    class Meta:
        model = Activity

    office = factory.SubFactory(InstitutionFactory, office=True)
    kind = ActivityKind.MEETING
    title = factory.Sequence(lambda n: f"Rapat Uji {n:03}")
    ground = Ground.FREE
    begins_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=7))
    ends_at = factory.LazyAttribute(lambda row: row.begins_at + timedelta(hours=2))
    begins_on = factory.LazyAttribute(lambda row: row.begins_at.astimezone(WIB).date())
    ends_on = factory.LazyAttribute(lambda row: row.ends_at.astimezone(WIB).date())
    place = "Ruang rapat"


class EquipmentFactory(DjangoModelFactory[Equipment]):
    class Meta:
        model = Equipment

    owner = factory.SubFactory(InstitutionFactory, office=True)
    name = factory.Sequence(lambda n: f"Proyektor Uji {n:03}")
    place = "Lantai 1, ruang layanan"


class BookingFactory(DjangoModelFactory[Booking]):
    """A request for tomorrow, for three hours."""

    class Meta:
        model = Booking

    equipment = factory.SubFactory(EquipmentFactory)
    institution = factory.SubFactory(InstitutionFactory, school=True)
    begins_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=1))
    ends_at = factory.LazyAttribute(lambda row: row.begins_at + timedelta(hours=3))
    purpose = "Pemutaran film di sekolah"


# --- requests to cooperate ----------------------------------------------------------------------------------------


class RequestFactory(DjangoModelFactory[CooperationRequest]):
    """A partner's request in the portal, received; ``stranger=True`` came by the public page, ``outreach=True`` is ours."""

    class Meta:
        model = CooperationRequest

    office = factory.SubFactory(InstitutionFactory, office=True)
    institution = factory.SubFactory(InstitutionFactory, school=True)
    came_by = RequestChannel.PORTAL
    status = RequestStatus.RECEIVED
    turn = RequestSide.OFFICE
    asked_at = factory.LazyFunction(clock.now)
    subject = factory.Sequence(lambda n: f"Peminjaman buku bacaan {n:03}")
    wishes = "Kami ingin meminjam seratus buku cerita untuk pojok baca."
    forms = factory.LazyFunction(lambda: [CooperationForm.COLLECTION_LOAN, CooperationForm.JOINT_EVENTS])

    class Params:
        outreach = factory.Trait(came_by=RequestChannel.OUTREACH, turn=RequestSide.PARTNER)
        stranger = factory.Trait(
            came_by=RequestChannel.PUBLIC,
            institution=None,
            institution_name="Pondok Baca Canduang",
            contact_name="Yulia Rahman",
            contact_position="Pengelola",
            contact_email="yulia@canduang.test",
            contact_phone="0812 0000 0000",
            link_seed=factory.LazyFunction(new_seed),
            link_digest=factory.LazyAttribute(lambda row: digest_of(token_of(row.link_seed))),
        )


# --- aims, measurements and obstacles of an agreement --------------------------------------------------------------


class IndicatorFactory(DjangoModelFactory[Indicator]):
    """Visits: 100 in the year before, 120 wanted."""

    class Meta:
        model = Indicator

    agreement = factory.SubFactory(AgreementFactory, in_force=True)
    kind = "visits"
    name = factory.Sequence(lambda n: f"Kunjungan {n}")
    unit = "kunjungan"
    baseline_value = Decimal(100)
    target_value = Decimal(120)


class MeasurementFactory(DjangoModelFactory[Measurement]):
    class Meta:
        model = Measurement

    indicator = factory.SubFactory(IndicatorFactory)
    starts_on = factory.LazyAttribute(lambda row: row.indicator.agreement.starts_on)
    ends_on = factory.LazyFunction(clock.today)
    value = Decimal(130)
    source = "entered"


class ObstacleFactory(DjangoModelFactory[Obstacle]):
    class Meta:
        model = Obstacle

    agreement = factory.SubFactory(AgreementFactory, in_force=True)
    kind = "staff"
    description = "Guru pustakawan sering berganti."
    remedy = "Pelatihan setiap semester."
    noted_on = factory.LazyFunction(clock.today)


# --- the directory ------------------------------------------------------------------------------------------------


class ListedFactory(InstitutionFactory):
    """An institution that the public directory shows, with a place on the map."""

    is_listed = True
    latitude = factory.Sequence(lambda n: Decimal("-0.300000") - Decimal(n) / 10_000)
    longitude = factory.Sequence(lambda n: Decimal("100.370000") + Decimal(n) / 10_000)


class ContactFactory(DjangoModelFactory[Person]):
    """A contact who signs nothing; ``agreed=True`` has agreed to being shown publicly."""

    class Meta:
        model = Person

    institution = factory.SubFactory(InstitutionFactory)
    name = factory.Sequence(lambda n: f"Kontak Uji {n:03}")
    function = PersonFunction.TEACHER_LIBRARIAN
    phone = factory.Sequence(lambda n: f"0812 0000 {n:04}")
    email = factory.Sequence(lambda n: f"kontak{n:03}@contoh.test")

    class Params:
        agreed = factory.Trait(
            show_publicly=True, consent_on=factory.LazyFunction(clock.today), consent_how=ConsentHow.FORM
        )


class ReadingListFactory(DjangoModelFactory[ReadingList]):
    class Meta:
        model = ReadingList

    institution = factory.SubFactory(InstitutionFactory, school=True)
    class_name = "Kelas 4"
    school_year = "2026/2027"
    title = factory.Sequence(lambda n: f"Cerita dari laut {n:03}")


class WishFactory(DjangoModelFactory[Wish]):
    """A wish that waits; ``answered=True`` fills what an answer leaves behind, whatever the ``status``."""

    class Meta:
        model = Wish

    lender = factory.SubFactory(InstitutionFactory, office=True)
    partner = factory.SubFactory(InstitutionFactory, school=True)
    title = factory.SubFactory(TitleFactory)
    wished_on = factory.LazyFunction(clock.today)

    class Params:
        answered = factory.Trait(answer="Bulan depan.", answered_on=factory.LazyFunction(clock.today))


class RotationPlanFactory(DjangoModelFactory[RotationPlan]):
    """A plan that waits to be looked at; it gives nobody anything. ``programme`` names one that is in it."""

    class Meta:
        model = RotationPlan

    lender = factory.SubFactory(InstitutionFactory, office=True)
    starts_on = factory.LazyFunction(clock.today)
    status = "ready"
    progress = 100
    figures = factory.LazyFunction(lambda: asdict(NO_FIGURES))
    result = factory.LazyFunction(
        lambda: zlib.compress(plan_to_json(Plan("0" * 64, "none", 1, "personal", (), NO_FIGURES)).encode())
    )

    class Params:
        programme = None

    @factory.lazy_attribute
    def schools(self) -> list[dict[str, Any]]:
        programme = self.programme
        if programme is None:
            return []
        counts = dict.fromkeys(("places", "books", "direct", "earlier", "kept"), 0)
        return [
            {
                "programme": str(programme.pk),
                "partner": str(programme.partner_id),
                "name": str(programme.partner),
                "periods": {},
                "short": [],
                **counts,
            }
        ]


# --- the mobile library -------------------------------------------------------------------------------------------


class VehicleFactory(DjangoModelFactory[Vehicle]):
    """A van that is out every day from half past seven to half past three, on Fridays until noon; ``hours=()``: never."""

    class Meta:
        model = Vehicle
        skip_postgeneration_save = True

    office = factory.SubFactory(InstitutionFactory, office=True)
    name = factory.Sequence(lambda n: f"Pusling {n}")
    plate = factory.Sequence(lambda n: f"BA {n:04} UJ")
    latitude = Decimal("-0.305000")
    longitude = Decimal("100.370000")

    @factory.post_generation
    def hours(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create:
            usual = [
                (day, time(7, 30), time(12) if day == Weekday.FRIDAY else time(15, 30)) for day in range(7)
            ]
            VehicleHours.objects.bulk_create(
                VehicleHours(vehicle=self, weekday=day, starts_at=start, ends_at=end)
                for day, start, end in (usual if extracted is None else extracted)
            )


class CrewMemberFactory(DjangoModelFactory[CrewMember]):
    class Meta:
        model = CrewMember

    office = factory.SubFactory(InstitutionFactory, office=True)
    name = factory.Sequence(lambda n: f"Awak Uji {n:03}")
    function = CrewFunction.LIBRARIAN
    phone = factory.Sequence(lambda n: f"0813 0000 {n:04}")


class StopFactory(DjangoModelFactory[Stop]):
    """A public village place; ``school=True``: at a partner's gate. ``windows``: (weekday, from, until), any time without."""

    class Meta:
        model = Stop
        skip_postgeneration_save = True

    office = factory.SubFactory(InstitutionFactory, office=True)
    name = factory.Sequence(lambda n: f"Balai Uji {n:03}")
    slug = factory.Sequence(lambda n: f"balai-uji-{n:03}")
    kind = StopKind.VILLAGE
    # One next to the other, there and back again: a drive between two of a test takes no time worth a word.
    latitude = factory.Sequence(lambda n: Decimal("-0.306000") - Decimal(min(n % 200, -n % 200)) / 2_000)
    longitude = factory.Sequence(lambda n: Decimal("100.371000") + Decimal(min(n % 200, -n % 200)) / 2_000)

    class Params:
        school = factory.Trait(
            kind=StopKind.SCHOOL, partner=factory.SubFactory(InstitutionFactory, school=True), is_public=False
        )

    @factory.post_generation
    def windows(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            StopWindow.objects.bulk_create(
                StopWindow(stop=self, weekday=day, opens_at=start, closes_at=end)
                for day, start, end in extracted
            )


class TripFactory(DjangoModelFactory[Trip]):
    """A vehicle's day out next week, planned, with nobody on duty."""

    class Meta:
        model = Trip

    vehicle = factory.SubFactory(VehicleFactory)
    office = factory.SelfAttribute("vehicle.office")
    on = factory.LazyFunction(lambda: clock.today() + timedelta(days=7))


class VisitFactory(DjangoModelFactory[Visit]):
    """One stop of a trip, an hour from nine o'clock on; ``trip`` and ``stop`` of one library, each its own when not given."""

    class Meta:
        model = Visit

    class Params:
        hour = 9

    stop = factory.SubFactory(StopFactory)
    trip = factory.SubFactory(TripFactory, vehicle__office=factory.SelfAttribute("....stop.office"))
    vehicle = factory.SelfAttribute("trip.vehicle")
    begins_at = factory.LazyAttribute(lambda row: datetime.combine(row.trip.on, time(row.hour), WIB))
    ends_at = factory.LazyAttribute(lambda row: row.begins_at + timedelta(minutes=row.stop.minutes))


class SeriesFactory(DjangoModelFactory[Series]):
    """Every Monday at nine, from the coming one on. The bare row: ``services.series.make_series`` also plans its visits."""

    class Meta:
        model = Series

    stop = factory.SubFactory(StopFactory)
    vehicle = factory.SubFactory(VehicleFactory, office=factory.SelfAttribute("..stop.office"))
    rule = "FREQ=WEEKLY;BYDAY=MO"
    starts_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=7 - clock.today().weekday()))
    begins_at = time(9)
    minutes = factory.SelfAttribute("stop.minutes")


# --- the desk ------------------------------------------------------------------------------------------------------


def lend_to_students(office: Institution) -> Agreement:
    """An agreement in force: students of Universitas Perintis borrow three items for fourteen days on their letter."""
    agreement = AgreementFactory(
        office=office,
        partner=InstitutionFactory(
            name="Universitas Perintis Indonesia",
            short_name="Universitas Perintis",
            slug="universitas-perintis",
            kind=InstitutionKind.ACADEMIC,
            city="Padang",
        ),
        in_force=True,
        lending=False,
    )
    Provision.objects.create(
        agreement=agreement,
        form=CooperationForm.SERVICE_USE,
        audience=Audience.STUDENTS,
        proof=Proof.ENROLMENT_LETTER,
        loan_limit=3,
        loan_days=14,
    )
    return agreement


# --- asking for the van ---------------------------------------------------------------------------------------------


class RoutePlanFactory(DjangoModelFactory[RoutePlan]):
    """A plan that waits to be looked at; it plans nobody's day."""

    class Meta:
        model = RoutePlan

    office = factory.SubFactory(InstitutionFactory, office=True)
    starts_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=7))
    ends_on = factory.LazyAttribute(lambda row: row.starts_on + timedelta(days=90))
    status = "ready"
    progress = 100
    figures = factory.LazyFunction(lambda: {**asdict(NO_ROUTES), "seconds": 1.0})
    report = factory.LazyFunction(
        lambda: {"stops": [], "vehicles": {}, "depots": {}, "left_out": [], "broken": []}
    )
    problem = factory.LazyFunction(
        lambda: zlib.compress(route_problem_to_json(RouteProblem((), (), (), ())).encode())
    )
    result = factory.LazyFunction(
        lambda: zlib.compress(
            route_plan_to_json(RouteAnswer("0" * 64, "none", 1, "done", (), (), (), NO_ROUTES)).encode()
        )
    )


class TravelTimeFactory(DjangoModelFactory[TravelTime]):
    """Twelve and a half minutes from the depot to a stop, typed by hand."""

    class Meta:
        model = TravelTime

    target = factory.SubFactory(StopFactory)
    office = factory.SelfAttribute("target.office")
    minutes = Decimal("12.5")
    is_typed = True


class VisitRequestFactory(DjangoModelFactory[VisitRequest]):
    """A school asks in the portal for a place that is no stop yet; ``stranger=True`` came by the public page, confirmed."""

    class Meta:
        model = VisitRequest

    office = factory.SubFactory(InstitutionFactory, office=True)
    partner = factory.SubFactory(InstitutionFactory, school=True)
    place = factory.Sequence(lambda n: f"Balai Nagari {n:03}")
    minutes = 60
    occasion = "Hari kunjungan perpustakaan untuk semua kelas."

    class Params:
        stranger = factory.Trait(
            partner=None,
            is_from_outside=True,
            asker_name="Yulia Rahman",
            asker_email="yulia@canduang.test",
            link_seed=factory.LazyFunction(new_seed),
            link_digest=factory.LazyAttribute(lambda row: digest_of(token_of(row.link_seed))),
        )
