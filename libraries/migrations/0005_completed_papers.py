"""A paper that a later version completes with the days of its signatures stays genuine, under a status of its own."""

from django.db import migrations, models

from kerjasama.domain.migrating import AtOnce


def status():
    return models.CharField(
        choices=[
            ("issued", "Issued"),
            ("completed", "Completed by a later version"),
            ("withdrawn", "Withdrawn"),
        ],
        default="issued",
        max_length=10,
        verbose_name="status",
    )


class Migration(migrations.Migration):
    dependencies = [("libraries", "0004_search_by_any_word")]

    operations = [
        AtOnce(
            [
                migrations.AlterField("document", "status", status()),
                migrations.AlterField("documentaudit", "status", status()),
            ]
        )
    ]
