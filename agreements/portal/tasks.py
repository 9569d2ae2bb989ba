"""What a partner has to do about its agreements now."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.choices import AgreementStatus
from agreements.models import Agreement, Party
from kerjasama.house import PortalTask
from libraries.models import Institution

# From when on the end of an agreement is worth a school's attention.
ENDING = timedelta(days=30)


def portal_tasks(user: Any, school: Institution, today: date) -> Iterable[PortalTask]:
    """A paper that waits for the school's signature; an agreement about to end without a successor. One query."""
    unsigned = Party.objects.filter(agreement=OuterRef("pk"), institution=school, signed_on__isnull=True)
    rows: list[Any] = list(
        Agreement.objects.visible_to(user)
        .filter(parties__institution=school, status__in=[AgreementStatus.SIGNING, AgreementStatus.ACTIVE])
        .annotate(unsigned=Exists(unsigned))
        .select_related("office")
        .order_by("ends_on")
    )
    soon = today + ENDING
    going_on = {row.office_id for row in rows if row.ends_on and row.ends_on > soon}
    for row in rows:
        if row.status == AgreementStatus.SIGNING and row.unsigned:
            yield PortalTask(
                what=_("Sign the agreement with %(library)s") % {"library": row.office},
                why=_("Print it, let the principal sign it, and give it to the library."),
                url=reverse("portal:agreement", args=[row.pk]),
                act=_("Read the agreement"),
                icon="handshake",
                order=40,
            )
        elif (
            row.status == AgreementStatus.ACTIVE
            and row.ends_on
            and today <= row.ends_on <= soon
            and row.office_id not in going_on
        ):
            yield PortalTask(
                what=_("The agreement with %(library)s ends soon") % {"library": row.office},
                why=_(
                    "Tell the library whether you want to go on. Without a new agreement no new books come."
                ),
                url=reverse("portal:agreement", args=[row.pk]),
                act=_("See the agreement"),
                icon="handshake",
                due_on=row.ends_on,
                tone="calm",
                order=60,
            )
