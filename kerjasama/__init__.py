"""The ground floor: settings, plumbing, and what has no noun of the domain. It imports no app."""

from kerjasama.celery import app as celery_app

__all__ = ["celery_app"]
