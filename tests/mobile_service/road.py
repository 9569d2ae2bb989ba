"""A trip on the road, for tests: a van, two stops, a phone, and entries as a phone writes them."""

import io
import itertools
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from kerjasama.domain import clock
from libraries.models import Institution, User
from mobile_service.models import CrewMember, Device, Entry, Trip, TripLoad, Visit
from mobile_service.services.devices import enrol_device, invite_device
from mobile_service.services.keeping_files import keep_file
from mobile_service.services.syncing import Answer, take_entries
from mobile_service.services.tellers import phone_as_teller
from tests.factories import CrewMemberFactory, StopFactory, TripFactory, VehicleFactory, VisitFactory


class Road:
    """Today's trip of one van: a school at nine, a village at eleven; ``phone`` and ``second`` are the crew's."""

    def __init__(
        self, library: Institution, school: Institution, desk: User, account: User | None = None
    ) -> None:
        self.desk = desk
        vehicle = VehicleFactory(office=library, boxes=4, own_books=600)
        self.member: CrewMember = CrewMemberFactory(
            office=library, vehicle=vehicle, user=account, name="Tini"
        )
        self.trip: Trip = TripFactory(vehicle=vehicle, on=clock.today(library.zone))
        gate = StopFactory(
            school=True, office=library, partner=school, contact_name="Bu Yus", contact_phone="0812 1"
        )
        self.visit: Visit = VisitFactory(trip=self.trip, stop=gate, hour=9)
        self.village: Visit = VisitFactory(trip=self.trip, stop=StopFactory(office=library), hour=11)
        self.key = ""
        self.phone = Phone(self, "HP Tini")
        self._second: Phone | None = None

    @property
    def second(self) -> "Phone":
        self._second = self._second or Phone(self, "HP sopir")
        return self._second

    def load(self, consignment: Any) -> TripLoad:
        return TripLoad.objects.create(visit=self.visit, consignment=consignment)


class Phone:
    """Writes entries with its own numbers and its own clock, and sends them as it is told."""

    def __init__(self, road: Road, name: str) -> None:
        self.road = road
        device, code = invite_device(member=road.member, name=name, actor=road.desk)
        device, self.key = enrol_device(code=code)
        self.device = Device.objects.select_related("office", "member__user", "invited_by").get(pk=device.pk)
        self.counter = itertools.count(1)
        self.began = clock.now() - timedelta(hours=3)
        self.error = timedelta()
        self.sent: dict[str, Any] = {}

    def write(self, kind: str, visit: Visit | None = None, /, **data: Any) -> dict[str, Any]:
        number = next(self.counter)
        return {
            "id": str(uuid4()),
            "counter": number,
            "kind": kind,
            "at": (self.began + timedelta(minutes=number) + self.error).isoformat(),
            "trip": str(self.road.trip.pk),
            "visit": str(visit.pk) if visit is not None else None,
            "data": data,
        }

    def send(self, *entries: Any, **more: Any) -> list[Answer]:
        return take_entries(
            teller=phone_as_teller(self.device),
            entries=entries,
            sent_at=clock.now() + self.error,
            **more,
        )

    def tell(self, kind: str, visit: Visit | None = None, /, **data: Any) -> Answer:
        """Write and send one."""
        return self.send(self.write(kind, visit, **data))[0]

    def sign(self, purpose: str, client_id: str, visit: Visit) -> None:
        keep_file(
            teller=phone_as_teller(self.device),
            client_id=UUID(client_id),
            upload=picture(),
            purpose=purpose,
            trip=self.road.trip.pk,
            visit=visit.pk,
        )


def picture(kind: str = "PNG") -> SimpleUploadedFile:
    image = Image.new("RGB", (150, 50), "white")
    ImageDraw.Draw(image).line([(10, 40), (60, 5), (90, 45), (140, 10)], fill="black", width=3)
    out = io.BytesIO()
    image.save(out, kind)
    return SimpleUploadedFile(f"x.{kind.lower()}", out.getvalue(), f"image/{kind.lower()}")


def entry_of(answer: Answer) -> Entry:
    return Entry.objects.get(client_id=answer.id)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
