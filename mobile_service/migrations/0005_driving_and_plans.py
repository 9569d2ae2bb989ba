import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('libraries', '0005_completed_papers'),
        ('mobile_service', '0004_stop_sheet'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='routeplan',
            name='route_plan_status_known',
        ),
        migrations.AddField(
            model_name='routeplan',
            name='continues',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='continued_by', to='mobile_service.routeplan'),
        ),
        migrations.AddField(
            model_name='routeplan',
            name='hand',
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name='routeplan',
            name='keeps_calendar',
            field=models.BooleanField(default=True, verbose_name='keep near the present calendar'),
        ),
        migrations.AddField(
            model_name='routeplan',
            name='problem',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='routeplan',
            name='report',
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='routeplanaudit',
            name='continues',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='mobile_service.routeplan'),
        ),
        migrations.AddField(
            model_name='routeplanaudit',
            name='keeps_calendar',
            field=models.BooleanField(default=True, verbose_name='keep near the present calendar'),
        ),
        migrations.AlterField(
            model_name='routeplan',
            name='status',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Being reckoned'), ('ready', 'Ready to look at'), ('adopted', 'Adopted'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('discarded', 'Discarded')], default='waiting', editable=False, max_length=10, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='routeplanaudit',
            name='status',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Being reckoned'), ('ready', 'Ready to look at'), ('adopted', 'Adopted'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('discarded', 'Discarded')], default='waiting', editable=False, max_length=10, verbose_name='status'),
        ),
        # Driving times get keys of the kind that all rows have; nobody has any yet.
        migrations.DeleteModel(name='TravelTime'),
        migrations.CreateModel(
            name='TravelTime',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('minutes', models.DecimalField(decimal_places=1, max_digits=6, verbose_name='minutes')),
                ('kilometres', models.DecimalField(decimal_places=2, max_digits=7, null=True, verbose_name='kilometres')),
                ('is_typed', models.BooleanField(default=False, verbose_name='typed by hand')),
                ('at', models.DateTimeField(auto_now=True, verbose_name='known since')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='libraries.institution')),
                ('origin', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='mobile_service.stop')),
                ('target', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='mobile_service.stop')),
            ],
            options={
                'verbose_name': 'driving time',
                'verbose_name_plural': 'driving times',
                'constraints': [
                    models.UniqueConstraint(fields=('office', 'origin', 'target'), name='travel_time_once', nulls_distinct=False),
                    models.CheckConstraint(condition=models.Q(('minutes__gte', 0)), name='travel_time_positive'),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name='routeplan',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'running', 'ready', 'adopted', 'failed', 'cancelled', 'discarded'])), name='route_plan_status_known'),
        ),
        migrations.RemoveConstraint(
            model_name='visit',
            name='visit_vehicle_at_one_place',
        ),
        migrations.RemoveConstraint(
            model_name='visit',
            name='visit_stop_one_vehicle',
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status__in', ['planned', 'arrived'])), deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('vehicle', '='), (models.Func('begins_at', 'ends_at', function='TSTZRANGE', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&')], name='visit_vehicle_at_one_place', violation_error_message='The vehicle is at another stop at that time.'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status__in', ['planned', 'arrived'])), deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('stop', '='), (models.Func('begins_at', 'ends_at', function='TSTZRANGE', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&')], name='visit_stop_one_vehicle', violation_error_message='A vehicle is at this stop at that time already.'),
        ),
    ]
