"""Tours as GeoJSON: a line for each, a numbered point for each stop, and the places where vans start (M3)."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from mobile_service.models import RoutePlan
from mobile_service.services.routing_result import TourRow


def points_of(plan: RoutePlan, tours: Sequence[TourRow]) -> dict[str, Any]:
    """``label`` is what stands in a point (A1), ``colour`` which of the eight lines it belongs to."""
    features: list[dict[str, Any]] = []
    depots: dict[tuple[float, float], str] = {}
    for tour in tours:
        home = [tour.longitude, tour.latitude]
        depots[tour.latitude, tour.longitude] = tour.name
        url = reverse("work:route_plan_day", args=[plan.pk, tour.on.isoformat()])
        way = [home, *([row.longitude, row.latitude] for row in tour.visits), home]
        features.append(_feature("LineString", way, {"colour": tour.colour, "label": tour.letter}))
        features += [
            _feature(
                "Point",
                [row.longitude, row.latitude],
                {
                    "colour": tour.colour,
                    "label": f"{tour.letter}{row.position}",
                    "name": row.name,
                    "detail": f"{tour.name} · {row.begins:%H.%M}–{row.ends:%H.%M}",
                    "url": url,
                },
            )
            for row in tour.visits
        ]
    features += [
        _feature("Point", [longitude, latitude], {"depot": True, "label": "", "name": name})
        for (latitude, longitude), name in depots.items()
    ]
    return {"type": "FeatureCollection", "features": features}


def _feature(kind: str, coordinates: Sequence[Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": properties,
    }
