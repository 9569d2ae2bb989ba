"""The crew's trip below /portal/van/, and what a school asks of the mobile library. Included under the namespace ``portal``."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
