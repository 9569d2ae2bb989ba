import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0003_search_by_any_word'),
        ('libraries', '0005_completed_papers'),
        ('loans', '0003_rotation_plans'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MissingCopy',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('missed_at', models.DateTimeField(verbose_name='looked for in vain')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='remark')),
                ('found_at', models.DateTimeField(null=True, verbose_name='turned up')),
                ('consignment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='missing_copies', to='loans.consignment', verbose_name='was to go with')),
                ('copy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='missed', to='catalogue.copy', verbose_name='copy')),
                ('found_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='missed', to='loans.loanline')),
                ('missed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='libraries.institution', verbose_name='library')),
                ('substitute', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='stands_in_for', to='loans.loanline', verbose_name='goes in its place')),
            ],
            options={
                'verbose_name': 'copy not on its shelf',
                'verbose_name_plural': 'copies not on their shelf',
                'ordering': ('-missed_at', '-id'),
                'indexes': [models.Index(condition=models.Q(('found_at__isnull', True)), fields=['office', 'missed_at'], name='missing_now')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('found_at__isnull', True)), fields=('copy',), name='missing_once_per_copy', violation_error_message='This copy is already known to be missing from its shelf.')],
            },
        ),
    ]
