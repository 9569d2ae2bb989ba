"""Migrations that are drawn up at once leave the same tables, and go back as they came."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from kerjasama.domain.migrating import AtOnce

pytestmark = pytest.mark.django_db(transaction=True)


def shelf_and_book() -> list[migrations.operations.base.Operation]:
    return [
        migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel("Book", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("Book", "shelf", models.ForeignKey("trial.Shelf", models.CASCADE)),
        migrations.AddField("Book", "pages", models.PositiveIntegerField(default=1)),
        migrations.AddConstraint(
            "Book", models.CheckConstraint(condition=models.Q(pages__gte=1), name="trial_has_pages")
        ),
        migrations.AlterField("Book", "pages", models.PositiveIntegerField(null=True)),
    ]


def more_of_shelf() -> list[migrations.operations.base.Operation]:
    return [
        migrations.AddField("Shelf", "label", models.CharField(max_length=9, default="")),
        migrations.AddIndex("Shelf", models.Index(fields=["label"], name="trial_by_label")),
    ]


def led(batches: list[list[migrations.operations.base.Operation]]) -> list[tuple[object, object]]:
    """Carry the batches out; the states before and after each, to go back by."""
    state, steps = ProjectState(), []
    for batch in batches:
        for operation in batch:
            before = state.clone()
            operation.state_forwards("trial", state)
            with connection.schema_editor() as editor:
                operation.database_forwards("trial", editor, before, state)
            steps.append((operation, before, state.clone()))
    return steps


def back(steps: list[tuple[object, object]]) -> None:
    for operation, before, after in reversed(steps):
        with connection.schema_editor() as editor:
            operation.database_backwards("trial", editor, after, before)


def tables() -> dict[str, object]:
    with connection.cursor() as cursor:
        return {
            name: (
                sorted(
                    (column.name, column.type_code, column.null_ok)
                    for column in connection.introspection.get_table_description(cursor, name)
                ),
                sorted(connection.introspection.get_constraints(cursor, name)),
            )
            for name in connection.introspection.table_names(cursor)
            if name.startswith("trial_")
        }


def named_alike(found: dict[str, object]) -> dict[str, object]:
    return {name: (columns, len(constraints)) for name, (columns, constraints) in found.items()}


def test_at_once_is_the_same_as_one_after_another() -> None:
    one_by_one = led([shelf_and_book(), more_of_shelf()])
    expected = tables()
    back(one_by_one)
    assert tables() == {}

    at_once = led([[AtOnce(shelf_and_book())], [AtOnce(more_of_shelf())]])
    try:
        assert named_alike(tables()) == named_alike(expected)
        assert set(expected) == {"trial_shelf", "trial_book"}
    finally:
        back(at_once)
    assert tables() == {}
