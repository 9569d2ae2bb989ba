"""`manage.py demo_data`: two libraries, seventy-three schools, years of lending; all invented, all marked as demo."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from kerjasama.domain import clock
from kerjasama.house import DemoCast, load_demo


class Command(BaseCommand):
    help = "Load the demo data. Does nothing where it is already loaded; refuses where people already work."

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model().objects
        if users.filter(username="petugas.sirkulasi").exists():
            self.stdout.write("The demo data is already here.")
            return
        if users.exists() and not settings.DEMO:
            raise CommandError("There are accounts in this database: the demo data is for an empty one.")
        # All or nothing, should it be interrupted.
        with transaction.atomic():
            load_demo(DemoCast(today=clock.today()))
        self.stdout.write("The demo data is loaded.")
