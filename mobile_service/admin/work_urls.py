"""The mobile library's pages at the desk, below /admin/kerja/pusling/. Included under the namespace ``work``."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
