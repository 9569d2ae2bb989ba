import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('libraries', '0005_completed_papers'),
        ('loans', '0011_shelf_zones'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Box',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed')),
                ('counted', models.PositiveSmallIntegerField(null=True, verbose_name='books counted')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='boxes', to='loans.consignment')),
            ],
            options={
                'verbose_name': 'box',
                'verbose_name_plural': 'boxes',
                'ordering': ('consignment', 'number'),
                'constraints': [models.UniqueConstraint(fields=('consignment', 'number'), name='box_number_once'), models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('consignment',), name='box_one_open')],
            },
        ),
        migrations.AddField(
            model_name='loanline',
            name='box',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='lines', to='loans.box'),
        ),
    ]
