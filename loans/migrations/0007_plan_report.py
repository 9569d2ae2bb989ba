import django.db.models.deletion
from django.db import migrations, models

from kerjasama.domain.migrating import AtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('loans', '0006_stocktakes'),
    ]

    operations = [
        AtOnce([
            migrations.AddField(
                model_name='rotationplan',
                name='adopted_at',
                field=models.DateTimeField(editable=False, null=True, verbose_name='adopted'),
            ),
            migrations.AddField(
                model_name='rotationplan',
                name='before',
                field=models.BinaryField(null=True),
            ),
            migrations.AddField(
                model_name='rotationplan',
                name='continues',
                field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='continued_by', to='loans.rotationplan', verbose_name='reckons the rest of'),
            ),
            migrations.AddField(
                model_name='rotationplan',
                name='report',
                field=models.JSONField(default=dict, editable=False),
            ),
            migrations.AddField(
                model_name='rotationplanaudit',
                name='adopted_at',
                field=models.DateTimeField(editable=False, null=True, verbose_name='adopted'),
            ),
            migrations.AddField(
                model_name='rotationplanaudit',
                name='continues',
                field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='loans.rotationplan', verbose_name='reckons the rest of'),
            ),
        ]),
    ]
