import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kerjasama.domain.migrating import AtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0002_reading_lists'),
        ('libraries', '0005_completed_papers'),
        ('loans', '0002_wishes'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='QuotaProfile',
                fields=[
                    ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('levels', models.JSONField(blank=True, default=list, help_text='Only books of these levels are chosen; empty means all.', verbose_name='reading levels')),
                    ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quota_profiles', to='libraries.institution', verbose_name='office')),
                ],
                options={
                    'verbose_name': 'quota profile',
                    'verbose_name_plural': 'quota profiles',
                    'ordering': ('name',),
                },
            ),
            migrations.AddField(
                model_name='programme',
                name='profile',
                field=models.ForeignKey(blank=True, help_text='What each delivery is made of; without one, subjects are spread evenly.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='programmes', to='loans.quotaprofile', verbose_name='quota profile'),
            ),
            migrations.AddField(
                model_name='programmeaudit',
                name='profile',
                field=models.ForeignKey(blank=True, db_constraint=False, help_text='What each delivery is made of; without one, subjects are spread evenly.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='loans.quotaprofile', verbose_name='quota profile'),
            ),
            migrations.CreateModel(
                name='QuotaProfileAudit',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.UUIDField(editable=False, serialize=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('levels', models.JSONField(blank=True, default=list, help_text='Only books of these levels are chosen; empty means all.', verbose_name='reading levels')),
                    ('office', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='libraries.institution', verbose_name='office')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit_trail', related_query_name='audit_trail', to='loans.quotaprofile')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='QuotaRow',
                fields=[
                    ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                    ('share', models.PositiveSmallIntegerField(verbose_name='of 100 books, at least')),
                    ('reading_level', models.CharField(blank=True, choices=[('picture', 'Picture books (pre-school)'), ('early', 'Early readers (grades 1–2)'), ('middle', 'Grades 3–4'), ('upper', 'Grades 5–6'), ('teen', 'Secondary school'), ('general', 'General')], max_length=10, verbose_name='reading level')),
                    ('subject', models.CharField(blank=True, choices=[('000', 'General works'), ('100', 'Philosophy and psychology'), ('200', 'Religion'), ('300', 'Social sciences'), ('400', 'Language'), ('500', 'Science'), ('600', 'Technology'), ('700', 'Arts and sports'), ('800', 'Literature'), ('900', 'History and geography')], max_length=3, verbose_name='subject')),
                    ('language', models.CharField(blank=True, help_text='ISO 639-2 code, such as ind.', max_length=3, verbose_name='language')),
                    ('profile', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='loans.quotaprofile')),
                ],
                options={
                    'verbose_name': 'quota',
                    'verbose_name_plural': 'quotas',
                    'ordering': ('pk',),
                },
            ),
            migrations.CreateModel(
                name='RotationPlan',
                fields=[
                    ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                    ('starts_on', models.DateField(verbose_name='deliveries from')),
                    ('periods', models.PositiveSmallIntegerField(default=4, verbose_name='periods')),
                    ('mode', models.CharField(choices=[('personal', 'Each school its own choice every period'), ('kits', 'Fixed boxes that go round the schools'), ('mixed', 'Some books in fixed boxes, the rest chosen for each school')], default='personal', max_length=10, verbose_name='way')),
                    ('fixed', models.PositiveSmallIntegerField(default=0, verbose_name='books in fixed boxes')),
                    ('memory', models.PositiveSmallIntegerField(blank=True, help_text='Empty means never again.', null=True, verbose_name='a title may come again after (periods)')),
                    ('weights', models.JSONField(blank=True, default=dict, verbose_name='weights')),
                    ('seed', models.PositiveIntegerField(default=1, verbose_name='seed')),
                    ('status', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Being reckoned'), ('ready', 'To be looked at'), ('adopted', 'Adopted'), ('discarded', 'Discarded'), ('failed', 'Gave no plan'), ('cancelled', 'Cancelled')], default='waiting', editable=False, max_length=10, verbose_name='status')),
                    ('progress', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='progress (%)')),
                    ('claimed_until', models.DateTimeField(editable=False, null=True)),
                    ('schools', models.JSONField(default=list, editable=False)),
                    ('left_out', models.JSONField(default=list, editable=False)),
                    ('figures', models.JSONField(default=dict, editable=False)),
                    ('faults', models.JSONField(default=list, editable=False)),
                    ('result', models.BinaryField(null=True)),
                    ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('lender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rotation_plans', to='libraries.institution', verbose_name='lender')),
                ],
                options={
                    'verbose_name': 'rotation plan',
                    'verbose_name_plural': 'rotation plans',
                    'ordering': ('-created_at', '-id'),
                },
            ),
            migrations.CreateModel(
                name='PlannedBook',
                fields=[
                    ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                    ('is_locked', models.BooleanField(default=False, verbose_name='fixed by hand')),
                    ('copy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='planned', to='catalogue.copy', verbose_name='copy')),
                    ('period', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='planned_books', to='loans.period', verbose_name='period')),
                    ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='libraries.institution', verbose_name='straight from')),
                    ('title', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.title', verbose_name='title')),
                    ('plan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='planned_books', to='loans.rotationplan')),
                ],
                options={
                    'verbose_name': 'planned book',
                    'verbose_name_plural': 'planned books',
                    'ordering': ('period', 'id'),
                },
            ),
            migrations.CreateModel(
                name='RotationPlanAudit',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.UUIDField(editable=False, serialize=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                    ('starts_on', models.DateField(verbose_name='deliveries from')),
                    ('periods', models.PositiveSmallIntegerField(default=4, verbose_name='periods')),
                    ('mode', models.CharField(choices=[('personal', 'Each school its own choice every period'), ('kits', 'Fixed boxes that go round the schools'), ('mixed', 'Some books in fixed boxes, the rest chosen for each school')], default='personal', max_length=10, verbose_name='way')),
                    ('fixed', models.PositiveSmallIntegerField(default=0, verbose_name='books in fixed boxes')),
                    ('memory', models.PositiveSmallIntegerField(blank=True, help_text='Empty means never again.', null=True, verbose_name='a title may come again after (periods)')),
                    ('weights', models.JSONField(blank=True, default=dict, verbose_name='weights')),
                    ('seed', models.PositiveIntegerField(default=1, verbose_name='seed')),
                    ('status', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Being reckoned'), ('ready', 'To be looked at'), ('adopted', 'Adopted'), ('discarded', 'Discarded'), ('failed', 'Gave no plan'), ('cancelled', 'Cancelled')], default='waiting', editable=False, max_length=10, verbose_name='status')),
                    ('schools', models.JSONField(default=list, editable=False)),
                    ('left_out', models.JSONField(default=list, editable=False)),
                    ('figures', models.JSONField(default=dict, editable=False)),
                    ('faults', models.JSONField(default=list, editable=False)),
                    ('asked_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('lender', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='libraries.institution', verbose_name='lender')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit_trail', related_query_name='audit_trail', to='loans.rotationplan')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='RotationPlanEvent',
                fields=[
                    ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ('action', models.CharField(max_length=40, verbose_name='action')),
                    ('from_state', models.CharField(blank=True, max_length=30, verbose_name='from')),
                    ('to_state', models.CharField(max_length=30, verbose_name='to')),
                    ('at', models.DateTimeField(verbose_name='at')),
                    ('note', models.TextField(blank=True, verbose_name='note')),
                    ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='loans.rotationplan')),
                ],
                options={
                    'ordering': ('at', 'id'),
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='TitleBan',
                fields=[
                    ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                    ('reason', models.CharField(max_length=200, verbose_name='reason')),
                    ('lender', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='libraries.institution')),
                    ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='title_bans', to='libraries.institution', verbose_name='school')),
                    ('title', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.title', verbose_name='title')),
                ],
                options={
                    'verbose_name': 'title never sent',
                    'verbose_name_plural': 'titles never sent',
                },
            ),
            migrations.CreateModel(
                name='TitleBanAudit',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.UUIDField(editable=False, serialize=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                    ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                    ('reason', models.CharField(max_length=200, verbose_name='reason')),
                    ('lender', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='libraries.institution')),
                    ('partner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='libraries.institution', verbose_name='school')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit_trail', related_query_name='audit_trail', to='loans.titleban')),
                    ('title', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalogue.title', verbose_name='title')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.AddConstraint(
                model_name='quotaprofile',
                constraint=models.UniqueConstraint(fields=('office', 'name'), name='quota_profile_name_once', violation_error_message='There is already a profile of this name.'),
            ),
            migrations.AddConstraint(
                model_name='quotarow',
                constraint=models.CheckConstraint(condition=models.Q(('share__gte', 1), ('share__lte', 100)), name='quota_share_of_hundred'),
            ),
            migrations.AddConstraint(
                model_name='quotarow',
                constraint=models.CheckConstraint(condition=models.Q(('language', ''), ('reading_level', ''), ('subject', ''), _negated=True), name='quota_is_about_something'),
            ),
            migrations.AddConstraint(
                model_name='quotarow',
                constraint=models.UniqueConstraint(fields=('profile', 'reading_level', 'subject', 'language'), name='quota_once', violation_error_message='This kind of book has its quota already.'),
            ),
            migrations.AddIndex(
                model_name='rotationplan',
                index=models.Index(condition=models.Q(('status__in', ['waiting', 'running'])), fields=['created_at'], name='plan_open'),
            ),
            migrations.AddConstraint(
                model_name='rotationplan',
                constraint=models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'running', 'ready', 'adopted', 'discarded', 'failed', 'cancelled'])), name='plan_status_known'),
            ),
            migrations.AddConstraint(
                model_name='rotationplan',
                constraint=models.CheckConstraint(condition=models.Q(('mode__in', ['personal', 'kits', 'mixed'])), name='plan_mode_known'),
            ),
            migrations.AddConstraint(
                model_name='rotationplan',
                constraint=models.CheckConstraint(condition=models.Q(('periods__gte', 1), ('periods__lte', 12)), name='plan_periods_few', violation_error_message='A plan covers 1 to 12 periods.'),
            ),
            migrations.AddConstraint(
                model_name='rotationplan',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['ready', 'adopted']), _negated=True), ('result__isnull', False), _connector='OR'), name='plan_ready_has_result'),
            ),
            migrations.AddConstraint(
                model_name='plannedbook',
                constraint=models.UniqueConstraint(fields=('period', 'title'), name='planned_title_once', violation_error_message='This title is in the plan of that period already.'),
            ),
            migrations.AddConstraint(
                model_name='plannedbook',
                constraint=models.UniqueConstraint(fields=('copy', 'period'), name='planned_copy_once'),
            ),
            migrations.AddConstraint(
                model_name='titleban',
                constraint=models.UniqueConstraint(fields=('lender', 'partner', 'title'), name='title_ban_once', violation_error_message='This title is kept from that school already.'),
            ),
            migrations.AddConstraint(
                model_name='titleban',
                constraint=models.CheckConstraint(condition=models.Q(('lender', models.F('partner')), _negated=True), name='title_ban_between_two'),
            ),
        ]),
    ]
