"""`manage.py demo_logins`: a table of who can sign in to the demo."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Print a login for each person of the demo's cast."

    def handle(self, *args: Any, **options: Any) -> None:
        rows: list[tuple[str, str, str]] = []
        for config in apps.get_app_configs():
            hook = getattr(config, "demo_logins", None)
            if hook is not None:
                rows += hook()
        width = [max(len(row[column]) for row in rows) for column in range(3)] if rows else [0, 0, 0]
        for name, password, who in rows:
            self.stdout.write(f"  {name:<{width[0]}}  {password:<{width[1]}}  {who}")
