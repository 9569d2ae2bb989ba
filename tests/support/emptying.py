"""The database after a test that committed: every row goes.

Django truncates, which gives every table new files, and then has `migrate` look after some 250 triggers again: ten times the
work of taking away the few rows that a test leaves.
"""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import TransactionTestCase

# What `migrate` wrote, and the cache, which Django does not empty either.
KEPT = {ContentType._meta.db_table, Permission._meta.db_table, "django_migrations", "cache"}

_as_django_does = TransactionTestCase._fixture_teardown


def empty(case: TransactionTestCase) -> None:
    """Whoever still writes is waited for. Neither keys nor triggers are asked: only a superuser may say so."""
    quoted = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        if mighty := cursor.fetchone() == ("on",):
            tables = [
                quoted(name) for name in connection.introspection.table_names(cursor) if name not in KEPT
            ]
            cursor.execute(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE")
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("; ".join(f"DELETE FROM {table}" for table in tables))
    if not mighty:
        _as_django_does(case)
