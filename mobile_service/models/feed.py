from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record
from libraries.access import access_of
from mobile_service.models.stop import Stop


class SchoolFeedQuerySet(models.QuerySet["SchoolFeed"]):
    def visible_to(self, user: object) -> "SchoolFeedQuerySet":
        """A school its own; the library whose van stops there sees that there is one. The secret is the school's alone."""
        access = access_of(user)
        if access.everything:
            return self
        served = Stop.objects.filter(office__in=access.offices, partner__isnull=False).values("partner")
        return self.filter(Q(partner__in=access.schools) | Q(partner__in=served))


@audited()
class SchoolFeed(Record):
    """The secret of a school's calendar: the van at its stops, whichever library sends it, and the days of its swaps (M4).

    A stop, a vehicle and a crew member carry theirs themselves; a school stands on a floor that knows no van.
    """

    partner = models.OneToOneField(
        "libraries.Institution",
        verbose_name=_("school or partner"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    feed_key = models.CharField(max_length=43, unique=True, editable=False)

    objects = SchoolFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar of a school")
        verbose_name_plural = _("calendars of schools")

    def __str__(self) -> str:
        return str(self.partner)
