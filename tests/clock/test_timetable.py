"""The timetable and the settings of the background: each value of the broker was measured before it was chosen."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from celery.schedules import crontab
from django.conf import settings

from kerjasama.celery import app
from kerjasama.domain import clock
from kerjasama.schedule import TIMETABLE
from libraries.models import Draft
from libraries.services.drafts import KEPT_FOR, keep_draft
from libraries.tasks import forget_drafts

APPS = ("libraries", "agreements", "loans", "mobile_service", "kerjasama")


@pytest.fixture(scope="module", autouse=True)
def _tasks() -> None:
    app.loader.import_default_modules()


@pytest.mark.parametrize("entry", TIMETABLE.values(), ids=TIMETABLE.keys())
def test_every_name_is_a_registered_task(entry: dict[str, object]) -> None:
    assert entry["task"] in app.tasks


def test_every_turn_runs_out_before_it_is_stale() -> None:
    for entry in TIMETABLE.values():
        expires, schedule = entry["options"]["expires"], entry["schedule"]
        assert 0 < expires <= 24 * 3600
        if isinstance(schedule, timedelta):
            assert expires >= schedule.total_seconds()
        else:
            assert isinstance(schedule, crontab)


def test_every_task_of_ours_is_on_the_timetable() -> None:
    ours = {name for name in app.tasks if name.split(".")[0] in APPS and ".tasks." in name}
    assert ours == {entry["task"] for entry in TIMETABLE.values()}


def test_delivery_survives_a_dead_worker() -> None:
    assert app.conf.task_acks_late is True
    assert app.conf.task_reject_on_worker_lost is True
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_ignore_result is True
    assert app.conf.result_backend is None


def test_no_task_outlives_the_time_after_which_it_is_handed_out_again() -> None:
    options = app.conf.broker_transport_options
    assert app.conf.task_soft_time_limit < app.conf.task_time_limit
    assert options["visibility_timeout"] >= 3 * app.conf.task_time_limit
    assert (options["unacked_restore_interval"], options["unacked_restore_throttle"]) == (10, 1)


def test_a_hung_broker_cannot_hang_us() -> None:
    options = app.conf.broker_transport_options
    assert options["socket_connect_timeout"] <= 1
    assert options["socket_timeout"] <= 5
    assert options["retry_on_timeout"] is False
    assert app.conf.task_publish_retry_policy["max_retries"] <= 1


def test_the_broker_is_no_cache_and_keeps_no_sessions() -> None:
    assert "redis" not in settings.CACHES["default"]["BACKEND"].lower()
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"


def test_only_tasks_publish_tasks() -> None:
    """Services and pages write rows; a page that waited for a broker would hang with it (R8)."""
    publishing = {"delay", "apply_async", "send_task"}
    root = Path(settings.BASE_DIR)
    for name in APPS:
        for path in (root / name).rglob("*.py"):
            if path.name == "tasks.py":
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and node.attr in publishing:
                    pytest.fail(f"{path.relative_to(root)}:{node.lineno} publishes a task")


@pytest.mark.django_db
def test_drafts_that_nobody_came_back_to_are_forgotten(school):
    keep_draft(user=school, form="receipt", subject_id=school.pk, answers={"a": 1})
    assert forget_drafts() == 0
    Draft.objects.update(updated_at=clock.now() - KEPT_FOR - clock.days(1))
    assert forget_drafts() == 1
