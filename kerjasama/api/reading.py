"""The pages to read about the API, its front door, and what is said where there is nothing."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kerjasama.api.routing import nouns
from kerjasama.api.viewsets import HouseView

_descriptions: dict[str, Any] = {}


class Open(HouseView):
    """Describes, shows no data: open to everybody, and to a browser without a token."""

    authentication_classes: tuple[type, ...] = ()
    permission_classes = (AllowAny,)


@extend_schema(exclude=True)
class Root(Open, APIView):
    def get(self, request: Request) -> Response:
        """The nouns and where they are."""
        start = request.build_absolute_uri(reverse("api:root"))
        return Response(
            {
                "documentation": request.build_absolute_uri(reverse("api:docs")),
                "description": request.build_absolute_uri(reverse("api:description")),
                **{noun: f"{start}{noun}/" for noun in nouns()},
            }
        )


class Description(Open, SpectacularJSONAPIView):
    def _get_schema_response(self, request: Request) -> Response:
        """Drawing the description takes about a second, and it changes only with the code: once per language."""
        language = get_language() or ""
        known = _descriptions.get(language)
        if known is None:
            known = _descriptions[language] = super()._get_schema_response(request).data
        return Response(known, headers={"Cache-Control": "public, max-age=300"})


class Documentation(Open, SpectacularSwaggerSplitView):
    template_name = "api/docs.html"
    title = "Kerjasama API"


@extend_schema(exclude=True)
class Nothing(Open, APIView):
    """Any method, any address that is not ours."""

    def http_method_not_allowed(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise Http404
