from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mobile_service', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='routeplan',
            name='before',
            field=models.BinaryField(null=True),
        ),
    ]
