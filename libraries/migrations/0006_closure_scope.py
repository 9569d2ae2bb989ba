"""Closed days of all schools stand beside those of everyone."""

from django.db import migrations, models
from django.db.models import Q

from kerjasama.domain.migrating import AtOnce

CHOICES = [("everyone", "Everyone"), ("schools", "All schools")]


def scope():
    return models.CharField(choices=CHOICES, default="everyone", max_length=10, verbose_name="who is closed")


class Migration(migrations.Migration):
    dependencies = [("libraries", "0005_completed_papers")]

    operations = [
        AtOnce(
            [
                migrations.AddField("closure", "scope", scope()),
                migrations.AddField("closureaudit", "scope", scope()),
                migrations.AddConstraint(
                    "closure",
                    models.CheckConstraint(
                        condition=Q(scope__in=["everyone", "schools"]), name="closure_scope_known"
                    ),
                ),
                migrations.AddConstraint(
                    "closure",
                    models.CheckConstraint(
                        condition=Q(institution__isnull=True) | Q(scope="everyone"),
                        name="closure_of_one_has_no_scope",
                        violation_error_message="The closed days of one institution are its own, not those of all schools.",
                    ),
                ),
            ]
        )
    ]
