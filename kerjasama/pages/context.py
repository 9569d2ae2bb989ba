"""What every page may use: the installation's name and the menus of its two faces."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from kerjasama.house import MenuItem, collect


def house(request: HttpRequest) -> dict[str, Any]:
    """``app_name``, ``demo``, the tiles of maps; ``menu`` of the portal and ``work_menu`` of the desk.

    The menus are asked for only by the page that shows them, and once: their counts cost queries.
    """
    user = getattr(request, "user", None)

    @cache
    def menu() -> list[MenuItem]:
        return collect("portal_menu", user) if user is not None and user.is_authenticated else []

    @cache
    def work_menu() -> list[MenuItem]:
        return collect("work_menu", user) if user is not None and getattr(user, "is_staff", False) else []

    return {
        "app_name": settings.SITE_NAME,
        "demo": settings.DEMO,
        "menu": menu,
        "work_menu": work_menu,
        "tile_url": settings.TILE_URL,
        "tile_attribution": settings.TILE_ATTRIBUTION,
    }
