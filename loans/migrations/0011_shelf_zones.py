import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('libraries', '0005_completed_papers'),
        ('loans', '0010_quota_of_a_material'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ShelfZone',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('position', models.PositiveSmallIntegerField(default=1, help_text='Zones are walked through in this order.', verbose_name='place on the round')),
                ('shelves', models.CharField(help_text='Class numbers (000-299), beginnings of call numbers (R, FIK) or shelf locations, with commas.', max_length=300, verbose_name='what stands there')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shelf_zones', to='libraries.institution', verbose_name='library')),
            ],
            options={
                'verbose_name': 'shelf zone',
                'verbose_name_plural': 'shelf zones',
                'ordering': ('position', 'name'),
                'constraints': [models.UniqueConstraint(fields=('office', 'name'), name='shelf_zone_name_once', violation_error_message='There is already a zone of this name.')],
            },
        ),
        migrations.CreateModel(
            name='ZoneClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('zone', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('consignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='zone_claims', to='loans.consignment')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'zone being fetched',
                'verbose_name_plural': 'zones being fetched',
                'constraints': [models.UniqueConstraint(fields=('consignment', 'zone'), name='zone_claimed_once')],
            },
        ),
    ]
