"""Migrating many models at once: an empty database is ready in seconds, and so is every test database."""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation


class AtOnce(Operation):
    """Operations of one migration whose outcome is drawn up once, not after each of them.

    After every operation Django renders all models that hang together anew; in this house that is all of them, and it took
    most of the time of ``migrate``. Here the state is led to the end first, and then the tables follow it. A model that is
    created within the batch is created as it is at its end, so what is done to it later in the batch is done already.
    Nothing in a batch may read or write rows: that belongs into an operation of its own after it.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [self.operations], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        # The rendered models are thrown away; whoever asks for them next gets them rendered once, as they are then.
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for operation in self._steps():
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for operation in reversed(self._steps()):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)

    def _steps(self) -> list[Operation]:
        made = {operation.name_lower for operation in self.operations if isinstance(operation, CreateModel)}
        return [
            operation
            for operation in self.operations
            if isinstance(operation, CreateModel) or getattr(operation, "model_name", "").lower() not in made
        ]
