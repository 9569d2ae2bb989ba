"""When the van comes, for anybody: pages below /jadwal/, and calendars by address."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
