"""What an office's papers of a kind stand on, line by line; empty is the law on libraries and its regulation."""

import django.core.validators
from django.db import migrations, models

from kerjasama.domain.migrating import AtOnce


def legal_basis():
    return models.TextField(
        blank=True,
        help_text="What the paper stands on (“mengingat”), one law or regulation to a line, in their order. The authority by which each party signs is added by itself. Empty: the law on libraries and its regulation.",
        max_length=4000,
        validators=[django.core.validators.MaxLengthValidator(4000)],
        verbose_name="legal basis",
    )


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_cooperation")]

    operations = [
        AtOnce(
            [
                migrations.AddField("kindrule", "legal_basis", legal_basis()),
                migrations.AddField("kindruleaudit", "legal_basis", legal_basis()),
            ]
        )
    ]
