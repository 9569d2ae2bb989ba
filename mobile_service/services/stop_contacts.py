"""People who stand beside a stop as its contact: told with what is kept about them, and taken out when they are erased."""

from collections.abc import Iterable
from typing import Any

import pgtrigger
from django.utils.translation import gettext as _

from libraries.models import Person, User
from mobile_service.models import Stop
from mobile_service.models.stop import StopQuerySet


def stops_naming(person: Person) -> StopQuerySet:
    """The stops of the person's institution at which the crew asks for them."""
    rows: StopQuerySet = Stop.objects.filter(partner=person.institution_id)
    return rows.filter(contact_name__iexact=person.name) if person.name else rows.none()


def kept_about(person: Person) -> Iterable[tuple[str, str]]:
    for stop in stops_naming(person):
        yield _("Contact of a stop of the van"), f"{stop.name}: {stop.contact_name}, {stop.contact_phone}"


def forget_contact(person: Person, actor: User | None) -> int:
    """Take an erased contact out of the stops, and out of what was kept of their former wording. Returns how many there were."""
    if not person.name:
        return 0
    rows = list(stops_naming(person).select_for_update(no_key=True).order_by("pk"))
    for stop in rows:
        stop.contact_name = stop.contact_phone = ""
        stop.version += 1
        stop.save(update_fields=["contact_name", "contact_phone", "version", "updated_at"])
    audit: Any = Stop._meta.get_field("audit_trail").related_model
    # The history is append-only by a trigger; for this one person, in this one transaction, it is opened.
    with pgtrigger.ignore(f"{audit._meta.label}:append_only"):
        former = audit._default_manager.filter(partner_id=person.institution_id)
        former.filter(contact_name__iexact=person.name).update(contact_name="", contact_phone="")
    return len(rows)
