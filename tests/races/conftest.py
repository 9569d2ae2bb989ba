"""Two or twenty real connections at once. Every test here commits, and is repeated where luck could hide a race."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection, connections

from kerjasama.domain.errors import DomainError
from libraries.models import User


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Start all acts at the same moment, each on a connection of its own; their results, or the refusals they met.

    Anything but a DomainError is a fault and is raised here.
    """
    barrier = threading.Barrier(len(acts), timeout=30)
    results: list[object] = [None] * len(acts)

    def run(index: int, act: Callable[[], object]) -> None:
        try:
            with connection.cursor() as cursor:  # connected before the start, so that all begin together
                cursor.execute("SELECT 1")
            barrier.wait()
            results[index] = act()
        except DomainError as refusal:
            results[index] = refusal
        except BaseException as fault:
            results[index] = fault
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index, act), daemon=True) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive(), "two desks wait for each other for ever"
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, DomainError):
            raise result
    return results


def refusals(results: Sequence[object]) -> list[str]:
    return [result.code for result in results if isinstance(result, DomainError)]


def again(user: User) -> User:
    """The account as another request would load it."""
    return User.objects.get(pk=user.pk)


class Ahead:
    """A connection that has done something and not committed it yet: the others see its locks, not its rows."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.act = act
        self.done, self.go_on = threading.Event(), threading.Event()
        self.fault: BaseException | None = None
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        from django.db import transaction

        try:
            with transaction.atomic():
                self.act()
                self.done.set()
                assert self.go_on.wait(30)
        except BaseException as fault:
            self.fault = fault
        finally:
            self.done.set()
            connections.close_all()

    def __enter__(self) -> "Ahead":
        self.thread.start()
        assert self.done.wait(30)
        if self.fault:
            raise self.fault
        return self

    def commit_soon(self) -> None:
        """Commit once the other side had time to run into the locks."""
        threading.Timer(0.3, self.go_on.set).start()

    def __exit__(self, *_problem: Any) -> None:
        self.go_on.set()
        self.thread.join(30)
        if self.fault:
            raise self.fault


@pytest.fixture(autouse=True)
def _no_connection_is_left() -> Any:
    yield
    connection.close()
