"""Addresses of the office's work pages, below /admin/kerja/ and in the namespace ``work``."""

from django.urls import path

from libraries.admin import finding

urlpatterns = [path("cari/", finding.Find.as_view(), name="search")]
