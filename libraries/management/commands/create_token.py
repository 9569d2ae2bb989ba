"""``manage.py create_token --user NAME --scopes "copies:read scans:write"`` prints a key for programs, once."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from kerjasama.api.routing import nouns
from kerjasama.domain.errors import DomainError
from libraries.models import User
from libraries.services.tokens import issue_token


class Command(BaseCommand):
    help = "Issue a key for the API. It is printed once and cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", required=True, help="User name or e-mail address of the account.")
        parser.add_argument(
            "--scopes", default="*:read", help='Scopes parted by blanks: "consignments:write copies:read".'
        )
        parser.add_argument("--name", default="script", help="What the key is for.")
        parser.add_argument("--days", type=int, default=365, help="Valid for so many days, at most 365.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(Q(username=options["user"]) | Q(email__iexact=options["user"])).first()
        if user is None or not user.is_active:
            raise CommandError(f"There is no active account “{options['user']}”.")
        try:
            key = issue_token(
                user=user,
                name=options["name"],
                scopes=options["scopes"].replace(",", " ").split(),
                nouns=nouns(),
                valid_for=timedelta(days=options["days"]),
            )
        except DomainError as error:
            raise CommandError(str(error))
        self.stdout.write(key)
