"""`/healthz`: this process answers. `/readyz`: it can do its work. For probes, load balancers and `make demo`.

Only the database and its migrations decide whether we are ready: without the broker every page still works, and what is
queued waits in the database (R8). The rest is told, so that people can see it.
"""

import threading
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Min, Q
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from kerjasama.domain import clock
from libraries.choices import MessageStatus
from libraries.models import Message, SweepRun

# The longest that asking the broker may take, whatever it does.
BROKER_SECONDS = 1.0


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """This process lives. It asks nobody, so that a dead database does not get healthy processes restarted."""
    return JsonResponse({"status": "alive"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database and migrations are in order, else 503; in the body what was found."""
    checks: dict[str, Any] = {"database": _database()}
    ready = checks["database"]["ok"]
    if ready:
        checks |= {"migrations": _migrations(), "outbox": _outbox(), "sweeps": _sweeps()}
        ready = checks["migrations"]["ok"]
    checks["broker"] = _broker()
    return JsonResponse(
        {"status": "ready" if ready else "not ready", "checks": checks}, status=200 if ready else 503
    )


def _database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as trouble:
        return {"ok": False, "error": type(trouble).__name__}
    return {"ok": True}


def _migrations() -> dict[str, Any]:
    """What this code brings that the database does not have yet. One query."""
    try:
        missing = _shipped() - set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError as trouble:
        return {"ok": False, "error": type(trouble).__name__}
    return {"ok": not missing, "unapplied": sorted(f"{app}.{name}" for app, name in missing)}


@cache
def _shipped() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _outbox() -> dict[str, Any]:
    """How much waits, since when, and what a person should look at."""
    now = clock.now()
    try:
        figures = Message.objects.aggregate(
            waiting=Count("pk", filter=Q(status=MessageStatus.PENDING, not_before__lte=now)),
            oldest=Min("not_before", filter=Q(status=MessageStatus.PENDING, not_before__lte=now)),
            stuck=Count("pk", filter=Q(status__in=[MessageStatus.UNSURE, MessageStatus.FAILED])),
        )
    except DatabaseError as trouble:
        return {"ok": False, "error": type(trouble).__name__}
    oldest = figures.pop("oldest")
    return {"ok": True, **figures, "oldest_seconds": int((now - oldest).total_seconds()) if oldest else 0}


def _sweeps() -> dict[str, Any]:
    """When each sweep of the timetable last came to its end, and whether all went well."""
    now = clock.now()
    try:
        runs = list(SweepRun.objects.all())
    except DatabaseError as trouble:
        return {"ok": False, "error": type(trouble).__name__}
    return {
        "ok": not any(run.error for run in runs),
        "last": {
            run.name: {
                "seconds_ago": int((now - run.finished_at).total_seconds()) if run.finished_at else None,
                "count": run.count,
                "ok": not run.error,
            }
            for run in runs
        },
    }


def _broker() -> dict[str, Any]:
    """Whether the broker answers. Asked in a thread: neither a slow name server nor a hung broker holds us up."""
    if not settings.CELERY_BROKER_URL.startswith(("redis://", "rediss://", "unix://")):
        return {"ok": True}
    found: list[bool] = []

    def ask() -> None:
        client = redis.Redis.from_url(
            settings.CELERY_BROKER_URL,
            socket_connect_timeout=BROKER_SECONDS,
            socket_timeout=BROKER_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        try:
            found.append(bool(client.ping()))
        except redis.RedisError:
            found.append(False)
        finally:
            client.close()

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(BROKER_SECONDS)
    return {"ok": bool(found and found[0])}
