"""Photographs and signatures from the crew's phones, kept once by the phone's own id."""

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kerjasama.domain.errors import InvalidInput
from libraries.choices import FilePurpose
from libraries.services.files import keep_upload
from mobile_service.models import Trip, TripFile, Visit
from mobile_service.services.syncing import settle_trips
from mobile_service.services.tellers import Teller

PURPOSES = ("photograph", "school_signature", "crew_signature")


def keep_file(
    *,
    teller: Teller,
    client_id: UUID,
    upload: "UploadedFile[Any]",
    purpose: str,
    trip: UUID | None,
    visit: UUID | None = None,
) -> TripFile:
    """Keep it, and do what waited for it; a second arrival is the first. Raises InvalidInput (``trip_unknown``, ``purpose``,
    ``unreadable`` for an id of another library, and what is wrong with the picture)."""
    own = TripFile.objects.filter(trip__office=teller.office, client_id=client_id)
    if (known := own.first()) is not None:
        return known
    if purpose not in PURPOSES:
        raise InvalidInput("purpose", _("Say whether it is a photograph or a signature."), field="purpose")
    found = Trip.objects.filter(pk=trip, office=teller.office).first() if trip else None
    if found is None:
        raise InvalidInput("trip_unknown", _("This trip is not known here."), field="trip")
    stops = Visit.objects.filter(stop__office=teller.office).select_related("stop__partner")
    stop = stops.filter(pk=visit).first() if visit else None
    try:
        with transaction.atomic():
            row = TripFile.objects.create(
                client_id=client_id,
                trip=found,
                visit=stop,
                device=teller.device,
                purpose=purpose,
                file=keep_upload(
                    upload,
                    owner=teller.office,
                    # A photograph of a stop is the office's own; what the school signed is the school's too.
                    counterpart=stop.stop.partner if stop is not None and purpose != "photograph" else None,
                    purpose=FilePurpose.PHOTOGRAPH,
                    actor=teller.actor,
                ),
            )
    except IntegrityError as error:
        # The same file twice at once; or an id that another library has used, which is told nothing about it.
        if (known := own.first()) is None:
            raise InvalidInput("unreadable", _("What the phone sent cannot be read.")) from error
        return known
    settle_trips([found.pk])
    return row
