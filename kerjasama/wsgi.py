"""The WSGI door, for gunicorn. Synchronous on purpose: ASGI was measured slower for this kind of page."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kerjasama.settings")

application = get_wsgi_application()
# Every page and its services now, and not while somebody waits for the first one.
get_resolver().url_patterns  # noqa: B018 (a property that loads them)
