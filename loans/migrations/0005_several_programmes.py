import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from kerjasama.domain.migrating import AtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0003_legal_basis_of_an_office'),
        ('libraries', '0005_completed_papers'),
        ('loans', '0004_missing_copies'),
    ]

    operations = [
        AtOnce([
            migrations.RemoveConstraint(
                model_name='programme',
                name='programme_status_known',
            ),
            migrations.AddField(
                model_name='programme',
                name='label',
                field=models.CharField(blank=True, help_text='Tells several programmes of one agreement apart, such as “Kelas 1–3”.', max_length=60, verbose_name='for whom'),
            ),
            migrations.AddField(
                model_name='programme',
                name='own_end',
                field=models.BooleanField(default=False, editable=False, help_text='It ends before its agreement does, on a day that was chosen.', verbose_name='own last day'),
            ),
            migrations.AddField(
                model_name='programme',
                name='own_terms',
                field=models.BooleanField(default=False, editable=False, help_text='It keeps its own number of books and interval when the agreement is amended.', verbose_name='own number and interval'),
            ),
            migrations.AddField(
                model_name='programme',
                name='paused_until',
                field=models.DateField(blank=True, editable=False, null=True, verbose_name='paused until'),
            ),
            migrations.AddField(
                model_name='programme',
                name='weekdays',
                field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, help_text='On which swaps are planned, 0 is Monday; empty means every day that both sides are open.', size=None, verbose_name='preferred weekdays'),
            ),
            migrations.AddField(
                model_name='programmeaudit',
                name='label',
                field=models.CharField(blank=True, help_text='Tells several programmes of one agreement apart, such as “Kelas 1–3”.', max_length=60, verbose_name='for whom'),
            ),
            migrations.AddField(
                model_name='programmeaudit',
                name='own_end',
                field=models.BooleanField(default=False, editable=False, help_text='It ends before its agreement does, on a day that was chosen.', verbose_name='own last day'),
            ),
            migrations.AddField(
                model_name='programmeaudit',
                name='own_terms',
                field=models.BooleanField(default=False, editable=False, help_text='It keeps its own number of books and interval when the agreement is amended.', verbose_name='own number and interval'),
            ),
            migrations.AddField(
                model_name='programmeaudit',
                name='paused_until',
                field=models.DateField(blank=True, editable=False, null=True, verbose_name='paused until'),
            ),
            migrations.AddField(
                model_name='programmeaudit',
                name='weekdays',
                field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, help_text='On which swaps are planned, 0 is Monday; empty means every day that both sides are open.', size=None, verbose_name='preferred weekdays'),
            ),
            migrations.AlterField(
                model_name='programme',
                name='agreement',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='programmes', to='agreements.agreement', verbose_name='agreement'),
            ),
            migrations.AlterField(
                model_name='programme',
                name='status',
                field=models.CharField(choices=[('running', 'Running'), ('paused', 'Paused'), ('returning', 'Being brought home'), ('ended', 'Ended')], default='running', editable=False, max_length=10, verbose_name='status'),
            ),
            migrations.AlterField(
                model_name='programmeaudit',
                name='status',
                field=models.CharField(choices=[('running', 'Running'), ('paused', 'Paused'), ('returning', 'Being brought home'), ('ended', 'Ended')], default='running', editable=False, max_length=10, verbose_name='status'),
            ),
            migrations.AddConstraint(
                model_name='programme',
                constraint=models.CheckConstraint(condition=models.Q(('status__in', ['running', 'paused', 'returning', 'ended'])), name='programme_status_known'),
            ),
            migrations.AddConstraint(
                model_name='programme',
                constraint=models.UniqueConstraint(fields=('agreement', 'label'), name='programme_label_once', violation_error_message='The agreement already has a programme of this name.'),
            ),
            migrations.AddConstraint(
                model_name='programme',
                constraint=models.CheckConstraint(condition=models.Q(('weekdays__contained_by', [0, 1, 2, 3, 4, 5, 6])), name='programme_weekdays_known'),
            ),
        ]),
    ]
