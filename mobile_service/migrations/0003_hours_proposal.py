import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kerjasama.domain.migrating import AtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('mobile_service', '0002_before_adoption'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='HoursProposal',
                fields=[
                    ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                    ('hours', models.JSONField(default=list, verbose_name='hours')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                    ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('stop', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='hours_proposal', to='mobile_service.stop', verbose_name='stop')),
                ],
                options={
                    'verbose_name': 'proposed hours',
                    'verbose_name_plural': 'proposed hours',
                    'ordering': ('created_at', 'id'),
                },
            ),
            migrations.CreateModel(
                name='HoursProposalAudit',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.UUIDField(editable=False, serialize=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                    ('hours', models.JSONField(default=list, verbose_name='hours')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit_trail', related_query_name='audit_trail', to='mobile_service.hoursproposal')),
                    ('proposed_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('stop', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='mobile_service.stop', verbose_name='stop')),
                ],
                options={
                    'abstract': False,
                },
            ),
        ]),
    ]
