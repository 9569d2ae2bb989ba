"""Addresses from nouns: ``router.add(CopyViewSet)`` gives ``copies/``, ``copies/{id}/`` and one address per verb."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.routers import SimpleRouter


class NounRouter(SimpleRouter):
    def __init__(self) -> None:
        super().__init__(trailing_slash=True, use_regex_path=False)

    def add(self, viewset: Any) -> None:
        self.register(viewset.scope_noun, viewset, basename=viewset.scope_noun)


def api_views() -> Iterator[tuple[str, Any]]:
    """(path, view class) of every address below /api/v1/."""
    for found in get_resolver().url_patterns:
        if isinstance(found, URLResolver) and str(found.pattern) == "api/v1/":
            yield from _walk(found, "/api/v1/")


def nouns() -> list[str]:
    """All scope nouns of this installation."""
    return sorted({view.scope_noun for _path, view in api_views() if getattr(view, "scope_noun", "")})


def _walk(resolver: URLResolver, start: str) -> Iterator[tuple[str, Any]]:
    for found in resolver.url_patterns:
        path = f"{start}{found.pattern}"
        if isinstance(found, URLResolver):
            yield from _walk(found, path)
        elif isinstance(found, URLPattern):
            view = getattr(found.callback, "cls", None)
            if view is not None:
                yield path, view
