"""The WSGI door, for gunicorn. Synchronous on purpose: ASGI was measured slower for this kind of page."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kerjasama.settings")

application = get_wsgi_application()
