import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mobile_service', '0006_trip_on_the_phone'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='traveltime',
            name='at',
        ),
        migrations.AddField(
            model_name='traveltime',
            name='created_at',
            field=models.DateTimeField(auto_now_add=True, default=django.utils.timezone.now, verbose_name='created'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='traveltime',
            name='updated_at',
            field=models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed'),
        ),
    ]
