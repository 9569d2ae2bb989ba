"""The rule of a place on the map, once for all that have one."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def place_is_whole(name: str) -> models.CheckConstraint:
    """Both coordinates, in their ranges, or neither."""
    return models.CheckConstraint(
        condition=Q(latitude__isnull=True, longitude__isnull=True)
        | Q(
            latitude__isnull=False,
            longitude__isnull=False,
            latitude__range=(-90, 90),
            longitude__range=(-180, 180),
        ),
        name=name,
        violation_error_message=_(
            "A place on the map has a latitude (-90 to 90) and a longitude (-180 to 180), both or neither."
        ),
    )
