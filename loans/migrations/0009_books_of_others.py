import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0003_search_by_any_word'),
        ('libraries', '0005_completed_papers'),
        ('loans', '0008_losses_to_the_end'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StrayBook',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('barcode', models.CharField(max_length=80, verbose_name='barcode')),
                ('title', models.CharField(blank=True, max_length=300, verbose_name='title')),
                ('owner_name', models.CharField(blank=True, help_text='Where the owner is not in the directory.', max_length=200, verbose_name='stamp or name in the book')),
                ('noted_on', models.DateField(verbose_name='noted on')),
                ('sent_on', models.DateField(null=True, verbose_name='sent home on')),
                ('sent_how', models.CharField(blank=True, max_length=200, verbose_name='how it was sent')),
                ('brought_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='libraries.institution', verbose_name='brought by')),
                ('copy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalogue.copy', verbose_name='copy')),
                ('noted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='libraries.institution', verbose_name='turned up at')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='libraries.institution', verbose_name='belongs to')),
                ('return_visit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='strays', to='loans.returnvisit')),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'book of another library',
                'verbose_name_plural': 'books of other libraries',
                'ordering': ('-noted_on', '-id'),
                'indexes': [models.Index(condition=models.Q(('sent_on__isnull', True)), fields=['office'], name='stray_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('sent_on__isnull', True)), fields=('office', 'barcode'), name='stray_noted_once', violation_error_message='This book is noted already.')],
            },
        ),
    ]
