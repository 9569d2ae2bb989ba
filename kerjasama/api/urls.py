"""The addresses of the API. Each app lists its own nouns; what is not listed anywhere is told as a problem, not as a page."""

from django.urls import include, path, re_path

from kerjasama.api.reading import Description, Documentation, Nothing, Root

app_name = "api"

urlpatterns = [
    path("", Root.as_view(), name="root"),
    path("openapi.json", Description.as_view(), name="description"),
    path("docs/", Documentation.as_view(url_name="api:description"), name="docs"),
    path("", include("libraries.api.urls")),
    path("", include("libraries.catalogue.api.urls")),
    path("", include("agreements.api.urls")),
    path("", include("loans.api.urls")),
    path("", include("mobile_service.api.urls")),
    re_path(r"^.*$", Nothing.as_view(), name="nothing"),
]
