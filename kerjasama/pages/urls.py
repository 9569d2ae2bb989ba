"""Pages that belong to no app: the front page, privacy, the way home, the choice of language."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from kerjasama.pages import views

urlpatterns = [
    path("", views.front, name="front"),
    path("beranda/", views.home, name="home"),
    path("privasi/", views.privacy, name="privacy"),
    path("favicon.ico", views.mark, name="mark"),
    path("bahasa/", login_not_required(set_language), name="set_language"),
]

if settings.DEBUG:
    urlpatterns.append(path("_style/", views.style, name="style"))
