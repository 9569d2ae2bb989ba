import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from kerjasama.domain.migrating import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name="SweepRun",
                fields=[
                    (
                        "name",
                        models.CharField(max_length=80, primary_key=True, serialize=False, verbose_name="sweep"),
                    ),
                    ("started_at", models.DateTimeField(verbose_name="started")),
                    (
                        "finished_at",
                        models.DateTimeField(
                            help_text="Empty while it runs, or died.", null=True, verbose_name="finished"
                        ),
                    ),
                    ("count", models.PositiveIntegerField(default=0, verbose_name="rows dealt with")),
                    ("error", models.TextField(blank=True, verbose_name="last error")),
                ],
                options={
                    "verbose_name": "sweep",
                    "verbose_name_plural": "sweeps",
                    "ordering": ("name",),
                },
            ),
            migrations.CreateModel(
                name="User",
                fields=[
                    ("password", models.CharField(max_length=128, verbose_name="password")),
                    ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                    (
                        "is_superuser",
                        models.BooleanField(
                            default=False,
                            help_text="Designates that this user has all permissions without explicitly assigning them.",
                            verbose_name="superuser status",
                        ),
                    ),
                    (
                        "username",
                        models.CharField(
                            error_messages={"unique": "A user with that username already exists."},
                            help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                            max_length=150,
                            unique=True,
                            validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                            verbose_name="username",
                        ),
                    ),
                    (
                        "is_staff",
                        models.BooleanField(
                            default=False,
                            help_text="Designates whether the user can log into this admin site.",
                            verbose_name="staff status",
                        ),
                    ),
                    (
                        "is_active",
                        models.BooleanField(
                            default=True,
                            help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                            verbose_name="active",
                        ),
                    ),
                    (
                        "date_joined",
                        models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                    ),
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("name", models.CharField(max_length=120, verbose_name="name")),
                    ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                    (
                        "language",
                        models.CharField(
                            choices=[("id", "Indonesian"), ("en", "English")],
                            default="id",
                            max_length=2,
                            verbose_name="language",
                        ),
                    ),
                    (
                        "groups",
                        models.ManyToManyField(
                            blank=True,
                            help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                            related_name="user_set",
                            related_query_name="user",
                            to="auth.group",
                            verbose_name="groups",
                        ),
                    ),
                    (
                        "user_permissions",
                        models.ManyToManyField(
                            blank=True,
                            help_text="Specific permissions for this user.",
                            related_name="user_set",
                            related_query_name="user",
                            to="auth.permission",
                            verbose_name="user permissions",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "account",
                    "verbose_name_plural": "accounts",
                    "ordering": ("name",),
                    "constraints": [
                        models.UniqueConstraint(
                            django.db.models.functions.text.Lower("email"),
                            name="user_email_once",
                            violation_error_message="Another account already uses this e-mail address.",
                        )
                    ],
                },
                managers=[
                    ("objects", django.contrib.auth.models.UserManager()),
                ],
            ),
            migrations.CreateModel(
                name="Region",
                fields=[
                    (
                        "code",
                        models.CharField(max_length=13, primary_key=True, serialize=False, verbose_name="code"),
                    ),
                    ("name", models.CharField(max_length=120, verbose_name="name")),
                    (
                        "level",
                        models.CharField(
                            choices=[
                                ("province", "Province"),
                                ("regency", "Regency or city"),
                                ("district", "District (kecamatan)"),
                                ("village", "Village (kelurahan, desa, nagari)"),
                            ],
                            max_length=10,
                            verbose_name="level",
                        ),
                    ),
                    (
                        "parent",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="parts",
                            to="libraries.region",
                            verbose_name="part of",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "region",
                    "verbose_name_plural": "regions",
                    "ordering": ("code",),
                },
            ),
            migrations.CreateModel(
                name="ApiToken",
                fields=[
                    ("digest", models.CharField(max_length=128, primary_key=True, serialize=False)),
                    ("token_key", models.CharField(db_index=True, max_length=25)),
                    ("created", models.DateTimeField(auto_now_add=True)),
                    ("expiry", models.DateTimeField(blank=True, null=True)),
                    ("name", models.CharField(max_length=80, verbose_name="what it is for")),
                    (
                        "scopes",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=40),
                            default=list,
                            size=None,
                            verbose_name="scopes",
                        ),
                    ),
                    ("last_used_at", models.DateTimeField(editable=False, null=True, verbose_name="last used")),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="auth_token_set",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "API key",
                    "verbose_name_plural": "API keys",
                },
            ),
            migrations.CreateModel(
                name="Draft",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("form", models.CharField(max_length=30, verbose_name="form")),
                    ("subject_id", models.UUIDField()),
                    ("answers", models.JSONField(default=dict)),
                    ("updated_at", models.DateTimeField(verbose_name="changed")),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="drafts",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "draft",
                    "verbose_name_plural": "drafts",
                    "indexes": [models.Index(fields=["updated_at"], name="draft_age")],
                    "constraints": [
                        models.UniqueConstraint(fields=("user", "form", "subject_id"), name="draft_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Institution",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    ("version", models.PositiveIntegerField(default=1, editable=False)),
                    ("name", models.CharField(max_length=200, verbose_name="name")),
                    ("short_name", models.CharField(blank=True, max_length=60, verbose_name="short name")),
                    ("slug", models.SlugField(max_length=80, unique=True, verbose_name="address name")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("national", "National library"),
                                ("provincial", "Provincial library"),
                                ("city", "City or regency library"),
                                ("village", "Village library"),
                                ("academic", "Academic library"),
                                ("special", "Special library"),
                                ("school", "School"),
                                ("madrasah", "Madrasah"),
                                ("archive", "Archive"),
                                ("information_centre", "Documentation or information centre"),
                                ("education_office", "Education office"),
                                ("faculty", "University or faculty"),
                                ("community", "Community"),
                                ("other", "Other partner"),
                            ],
                            max_length=20,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "is_office",
                        models.BooleanField(
                            default=False,
                            help_text="Its staff lend, sign and dispatch here; partners of it do not need this.",
                            verbose_name="works with this system",
                        ),
                    ),
                    (
                        "npp",
                        models.CharField(
                            blank=True,
                            help_text="Library number given by Perpusnas.",
                            max_length=20,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^[A-Z0-9]+$", "An NPP has capital letters and digits only."
                                )
                            ],
                            verbose_name="NPP",
                        ),
                    ),
                    (
                        "npsn",
                        models.CharField(
                            blank=True,
                            help_text="National school number: eight digits, or P or K and seven digits, or six digits for a university.",
                            max_length=8,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^(\\d{8}|[PK]\\d{7}|\\d{6})$",
                                    "An NPSN has eight digits (or P or K and seven digits; six digits for a university).",
                                )
                            ],
                            verbose_name="NPSN",
                        ),
                    ),
                    ("isil", models.CharField(blank=True, max_length=16, verbose_name="ISIL")),
                    ("address", models.TextField(blank=True, verbose_name="address")),
                    (
                        "city",
                        models.CharField(
                            blank=True,
                            help_text="Printed before the date of a letter.",
                            max_length=80,
                            verbose_name="city",
                        ),
                    ),
                    ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                    ("phone", models.CharField(blank=True, max_length=30, verbose_name="telephone")),
                    (
                        "latitude",
                        models.DecimalField(
                            blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="latitude"
                        ),
                    ),
                    (
                        "longitude",
                        models.DecimalField(
                            blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="longitude"
                        ),
                    ),
                    (
                        "zone",
                        models.CharField(
                            choices=[
                                ("Asia/Jakarta", "WIB (Western Indonesia)"),
                                ("Asia/Makassar", "WITA (Central Indonesia)"),
                                ("Asia/Jayapura", "WIT (Eastern Indonesia)"),
                            ],
                            default="Asia/Jakarta",
                            max_length=20,
                            verbose_name="time zone",
                        ),
                    ),
                    (
                        "closed_weekdays",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.PositiveSmallIntegerField(),
                            blank=True,
                            default=list,
                            help_text="Weekdays on which nobody is there: 0 is Monday, 6 is Sunday, separated by commas.",
                            size=None,
                            verbose_name="closed every",
                        ),
                    ),
                    (
                        "letterhead",
                        models.TextField(
                            blank=True,
                            help_text="Lines printed at the top of letters, above the name.",
                            verbose_name="letterhead",
                        ),
                    ),
                    ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demo data")),
                    (
                        "parent",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="units",
                            to="libraries.institution",
                            verbose_name="part of",
                        ),
                    ),
                    (
                        "region",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.region",
                            verbose_name="region",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "institution",
                    "verbose_name_plural": "institutions",
                    "ordering": ("name",),
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("npsn", ""), _negated=True),
                            fields=("npsn",),
                            name="institution_npsn_once",
                            violation_error_message="Another institution already has this NPSN.",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("npp", ""), _negated=True),
                            fields=("npp",),
                            name="institution_npp_once",
                            violation_error_message="Another institution already has this NPP.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("closed_weekdays__contained_by", [0, 1, 2, 3, 4, 5, 6]),
                                models.Q(("closed_weekdays__contains", [0, 1, 2, 3, 4, 5, 6]), _negated=True),
                            ),
                            name="institution_opens_some_day",
                            violation_error_message="Weekdays are 0 (Monday) to 6 (Sunday), and at least one must stay open.",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="UserAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    (
                        "is_superuser",
                        models.BooleanField(
                            default=False,
                            help_text="Designates that this user has all permissions without explicitly assigning them.",
                            verbose_name="superuser status",
                        ),
                    ),
                    (
                        "username",
                        models.CharField(
                            error_messages={"unique": "A user with that username already exists."},
                            help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                            max_length=150,
                            validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                            verbose_name="username",
                        ),
                    ),
                    (
                        "is_staff",
                        models.BooleanField(
                            default=False,
                            help_text="Designates whether the user can log into this admin site.",
                            verbose_name="staff status",
                        ),
                    ),
                    (
                        "is_active",
                        models.BooleanField(
                            default=True,
                            help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                            verbose_name="active",
                        ),
                    ),
                    (
                        "date_joined",
                        models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                    ),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("name", models.CharField(max_length=120, verbose_name="name")),
                    ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                    (
                        "language",
                        models.CharField(
                            choices=[("id", "Indonesian"), ("en", "English")],
                            default="id",
                            max_length=2,
                            verbose_name="language",
                        ),
                    ),
                    (
                        "pgh_context",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            to="pghistory.context",
                        ),
                    ),
                    (
                        "pgh_obj",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="audit_trail",
                            related_query_name="audit_trail",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="Closure",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    ("starts_on", models.DateField(verbose_name="from")),
                    ("ends_on", models.DateField(verbose_name="until")),
                    ("reason", models.CharField(max_length=120, verbose_name="reason")),
                    (
                        "institution",
                        models.ForeignKey(
                            blank=True,
                            help_text="Leave empty for a public holiday.",
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="closures",
                            to="libraries.institution",
                            verbose_name="institution",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "closed days",
                    "verbose_name_plural": "closed days",
                    "ordering": ("starts_on",),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                            name="closure_ends_after_start",
                            violation_error_message="The last closed day cannot be before the first.",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Membership",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("officer", "Cooperation officer"),
                                ("circulation", "Circulation librarian"),
                                ("crew", "Mobile-library crew"),
                                ("head", "Head of the library"),
                                ("school_contact", "School contact"),
                                ("coordinator", "Network coordinator"),
                                ("administrator", "Administrator"),
                            ],
                            max_length=20,
                            verbose_name="role",
                        ),
                    ),
                    ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                    ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                    (
                        "institution",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="memberships",
                            to="libraries.institution",
                            verbose_name="institution",
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="memberships",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="account",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "membership",
                    "verbose_name_plural": "memberships",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("user", "institution", "role"),
                            name="membership_once",
                            violation_error_message="This account already has this role there.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ends_on__isnull", True),
                                ("starts_on__isnull", True),
                                ("ends_on__gte", models.F("starts_on")),
                                _connector="OR",
                            ),
                            name="membership_ends_after_start",
                            violation_error_message="The last day cannot be before the first.",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Notice",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    ("rule", models.CharField(max_length=40, verbose_name="rule")),
                    (
                        "rung",
                        models.SmallIntegerField(
                            default=0,
                            help_text="Days relative to the due date: -7 is a week before, 3 is three days late.",
                            verbose_name="rung",
                        ),
                    ),
                    ("subject_kind", models.CharField(max_length=30)),
                    ("subject_id", models.UUIDField()),
                    ("due_on", models.DateField(verbose_name="due")),
                    (
                        "tone",
                        models.CharField(
                            choices=[("calm", "For information"), ("due", "Due"), ("late", "Late")],
                            default="calm",
                            max_length=10,
                            verbose_name="tone",
                        ),
                    ),
                    (
                        "context",
                        models.JSONField(
                            default=dict, help_text="Facts for the sentence, frozen: names, numbers, dates."
                        ),
                    ),
                    (
                        "path",
                        models.CharField(
                            blank=True,
                            help_text="Where in the portal or admin the matter stands.",
                            max_length=200,
                        ),
                    ),
                    (
                        "roles",
                        models.JSONField(
                            default=list, help_text="Roles whose holders get a message; empty means all members."
                        ),
                    ),
                    ("addressed_at", models.DateTimeField(editable=False, null=True)),
                    ("settled_at", models.DateTimeField(editable=False, null=True, verbose_name="settled")),
                    (
                        "recipient",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="notices",
                            to="libraries.institution",
                            verbose_name="recipient",
                        ),
                    ),
                    (
                        "sender",
                        models.ForeignKey(
                            help_text="The office that speaks: answers to the mail go there, and its staff see what became of it.",
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="libraries.institution",
                            verbose_name="in the name of",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "notice",
                    "verbose_name_plural": "notices",
                    "ordering": ("-created_at", "-id"),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("addressed_at__isnull", True), ("settled_at__isnull", True)),
                            fields=["recipient", "created_at"],
                            name="notice_unaddressed",
                        ),
                        models.Index(
                            condition=models.Q(("settled_at__isnull", True)),
                            fields=["recipient"],
                            name="notice_open",
                        ),
                        models.Index(fields=["subject_id"], name="notice_subject"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("rule", "rung", "subject_kind", "subject_id", "due_on", "recipient"),
                            name="notice_once",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="NumberCounter",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("agreement", "Agreement"),
                                ("handover", "Handover record (BAST)"),
                                ("return", "Return record (BAST)"),
                                ("replacement", "Replacement letter"),
                                ("settlement", "Settlement record"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("year", models.PositiveSmallIntegerField()),
                    ("last", models.PositiveIntegerField(default=0)),
                    (
                        "institution",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="libraries.institution",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("institution", "kind", "year"), name="number_counter_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="NumberPattern",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("agreement", "Agreement"),
                                ("handover", "Handover record (BAST)"),
                                ("return", "Return record (BAST)"),
                                ("replacement", "Replacement letter"),
                                ("settlement", "Settlement record"),
                            ],
                            max_length=20,
                            verbose_name="kind of paper",
                        ),
                    ),
                    (
                        "pattern",
                        models.CharField(
                            help_text="Words in braces are filled in: {number} {number:03} {code} {unit} {month} {roman_month} {year}.",
                            max_length=120,
                            verbose_name="pattern",
                        ),
                    ),
                    ("code", models.CharField(blank=True, max_length=30, verbose_name="classification code")),
                    ("unit", models.CharField(blank=True, max_length=30, verbose_name="unit")),
                    ("resets_yearly", models.BooleanField(default=True, verbose_name="starts at 1 every year")),
                    (
                        "institution",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="number_patterns",
                            to="libraries.institution",
                            verbose_name="office",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "numbering pattern",
                    "verbose_name_plural": "numbering patterns",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("institution", "kind"),
                            name="number_pattern_once",
                            violation_error_message="This office already numbers this kind of paper.",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Person",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    ("name", models.CharField(max_length=120, verbose_name="name")),
                    (
                        "position",
                        models.CharField(
                            blank=True,
                            help_text="Head, principal, librarian …",
                            max_length=120,
                            verbose_name="position",
                        ),
                    ),
                    (
                        "nip",
                        models.CharField(
                            blank=True,
                            help_text="Employee number of a civil servant, 18 digits; printed in letters only.",
                            max_length=18,
                            validators=[
                                django.core.validators.RegexValidator("^\\d{18}$", "A NIP has 18 digits.")
                            ],
                            verbose_name="NIP",
                        ),
                    ),
                    ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                    ("phone", models.CharField(blank=True, max_length=30, verbose_name="telephone")),
                    ("signs", models.BooleanField(default=False, verbose_name="signs for the institution")),
                    (
                        "institution",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="people",
                            to="libraries.institution",
                            verbose_name="institution",
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="persons",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="account",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "person",
                    "verbose_name_plural": "people",
                    "ordering": ("name",),
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("signs", True)),
                            fields=("institution",),
                            name="person_one_signatory",
                            violation_error_message="Another person already signs for this institution.",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="InstitutionAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    ("version", models.PositiveIntegerField(default=1, editable=False)),
                    ("name", models.CharField(max_length=200, verbose_name="name")),
                    ("short_name", models.CharField(blank=True, max_length=60, verbose_name="short name")),
                    ("slug", models.SlugField(db_index=False, max_length=80, verbose_name="address name")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("national", "National library"),
                                ("provincial", "Provincial library"),
                                ("city", "City or regency library"),
                                ("village", "Village library"),
                                ("academic", "Academic library"),
                                ("special", "Special library"),
                                ("school", "School"),
                                ("madrasah", "Madrasah"),
                                ("archive", "Archive"),
                                ("information_centre", "Documentation or information centre"),
                                ("education_office", "Education office"),
                                ("faculty", "University or faculty"),
                                ("community", "Community"),
                                ("other", "Other partner"),
                            ],
                            max_length=20,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "is_office",
                        models.BooleanField(
                            default=False,
                            help_text="Its staff lend, sign and dispatch here; partners of it do not need this.",
                            verbose_name="works with this system",
                        ),
                    ),
                    (
                        "npp",
                        models.CharField(
                            blank=True,
                            help_text="Library number given by Perpusnas.",
                            max_length=20,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^[A-Z0-9]+$", "An NPP has capital letters and digits only."
                                )
                            ],
                            verbose_name="NPP",
                        ),
                    ),
                    (
                        "npsn",
                        models.CharField(
                            blank=True,
                            help_text="National school number: eight digits, or P or K and seven digits, or six digits for a university.",
                            max_length=8,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^(\\d{8}|[PK]\\d{7}|\\d{6})$",
                                    "An NPSN has eight digits (or P or K and seven digits; six digits for a university).",
                                )
                            ],
                            verbose_name="NPSN",
                        ),
                    ),
                    ("isil", models.CharField(blank=True, max_length=16, verbose_name="ISIL")),
                    ("address", models.TextField(blank=True, verbose_name="address")),
                    (
                        "city",
                        models.CharField(
                            blank=True,
                            help_text="Printed before the date of a letter.",
                            max_length=80,
                            verbose_name="city",
                        ),
                    ),
                    ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                    ("phone", models.CharField(blank=True, max_length=30, verbose_name="telephone")),
                    (
                        "latitude",
                        models.DecimalField(
                            blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="latitude"
                        ),
                    ),
                    (
                        "longitude",
                        models.DecimalField(
                            blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="longitude"
                        ),
                    ),
                    (
                        "zone",
                        models.CharField(
                            choices=[
                                ("Asia/Jakarta", "WIB (Western Indonesia)"),
                                ("Asia/Makassar", "WITA (Central Indonesia)"),
                                ("Asia/Jayapura", "WIT (Eastern Indonesia)"),
                            ],
                            default="Asia/Jakarta",
                            max_length=20,
                            verbose_name="time zone",
                        ),
                    ),
                    (
                        "closed_weekdays",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.PositiveSmallIntegerField(),
                            blank=True,
                            default=list,
                            help_text="Weekdays on which nobody is there: 0 is Monday, 6 is Sunday, separated by commas.",
                            size=None,
                            verbose_name="closed every",
                        ),
                    ),
                    (
                        "letterhead",
                        models.TextField(
                            blank=True,
                            help_text="Lines printed at the top of letters, above the name.",
                            verbose_name="letterhead",
                        ),
                    ),
                    ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demo data")),
                    (
                        "parent",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.institution",
                            verbose_name="part of",
                        ),
                    ),
                    (
                        "pgh_context",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            to="pghistory.context",
                        ),
                    ),
                    (
                        "pgh_obj",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="audit_trail",
                            related_query_name="audit_trail",
                            to="libraries.institution",
                        ),
                    ),
                    (
                        "region",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.region",
                            verbose_name="region",
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="StoredFile",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    (
                        "purpose",
                        models.CharField(
                            choices=[
                                ("signed_scan", "Signed scan"),
                                ("photograph", "Photograph"),
                                ("paper", "Generated document"),
                                ("catalogue", "Catalogue file"),
                            ],
                            max_length=20,
                            verbose_name="purpose",
                        ),
                    ),
                    ("file", models.FileField(max_length=200, upload_to="", verbose_name="file")),
                    ("original_name", models.CharField(max_length=200, verbose_name="name")),
                    ("extension", models.CharField(max_length=8)),
                    ("content_type", models.CharField(max_length=60)),
                    ("size", models.PositiveBigIntegerField(verbose_name="size")),
                    ("sha256", models.CharField(max_length=64)),
                    ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="uploaded")),
                    (
                        "counterpart",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.institution",
                        ),
                    ),
                    (
                        "owner",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.institution",
                        ),
                    ),
                    (
                        "uploaded_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "file",
                    "verbose_name_plural": "files",
                },
            ),
            migrations.CreateModel(
                name="Document",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("agreement", "Agreement"),
                                ("handover", "Handover record (BAST)"),
                                ("return", "Return record (BAST)"),
                                ("replacement", "Replacement letter"),
                                ("settlement", "Settlement record"),
                            ],
                            max_length=20,
                            verbose_name="kind",
                        ),
                    ),
                    ("number", models.CharField(max_length=120, verbose_name="number")),
                    ("title", models.CharField(max_length=200, verbose_name="title")),
                    ("issued_on", models.DateField(verbose_name="date")),
                    (
                        "verify_code",
                        models.CharField(max_length=20, unique=True, verbose_name="verification code"),
                    ),
                    ("template", models.CharField(max_length=60)),
                    ("content", models.JSONField()),
                    ("item_count", models.PositiveIntegerField(default=0, verbose_name="items")),
                    (
                        "status",
                        models.CharField(
                            choices=[("issued", "Issued"), ("withdrawn", "Withdrawn")],
                            default="issued",
                            max_length=10,
                            verbose_name="status",
                        ),
                    ),
                    (
                        "issued_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "issuer",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="issued_documents",
                            to="libraries.institution",
                            verbose_name="issued by",
                        ),
                    ),
                    (
                        "recipient",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="received_documents",
                            to="libraries.institution",
                            verbose_name="given to",
                        ),
                    ),
                    (
                        "file",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.storedfile",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "document",
                    "verbose_name_plural": "documents",
                    "ordering": ("-issued_on", "-id"),
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("status", "issued")),
                            fields=("issuer", "kind", "number"),
                            name="document_number_once",
                            violation_error_message="This number is already used for another document of this office.",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="ClosureAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    ("starts_on", models.DateField(verbose_name="from")),
                    ("ends_on", models.DateField(verbose_name="until")),
                    ("reason", models.CharField(max_length=120, verbose_name="reason")),
                    (
                        "pgh_context",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            to="pghistory.context",
                        ),
                    ),
                    (
                        "pgh_obj",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="audit_trail",
                            related_query_name="audit_trail",
                            to="libraries.closure",
                        ),
                    ),
                    (
                        "institution",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            help_text="Leave empty for a public holiday.",
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.institution",
                            verbose_name="institution",
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="MembershipAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("officer", "Cooperation officer"),
                                ("circulation", "Circulation librarian"),
                                ("crew", "Mobile-library crew"),
                                ("head", "Head of the library"),
                                ("school_contact", "School contact"),
                                ("coordinator", "Network coordinator"),
                                ("administrator", "Administrator"),
                            ],
                            max_length=20,
                            verbose_name="role",
                        ),
                    ),
                    ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                    ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                    (
                        "institution",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.institution",
                            verbose_name="institution",
                        ),
                    ),
                    (
                        "pgh_context",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            to="pghistory.context",
                        ),
                    ),
                    (
                        "pgh_obj",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="audit_trail",
                            related_query_name="audit_trail",
                            to="libraries.membership",
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="account",
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="Message",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    ("address", models.EmailField(max_length=254, verbose_name="address")),
                    ("language", models.CharField(default="id", max_length=2)),
                    ("template", models.CharField(max_length=60)),
                    ("context", models.JSONField(default=dict)),
                    ("dedupe_key", models.CharField(max_length=160, unique=True)),
                    ("message_id", models.CharField(editable=False, max_length=120)),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("pending", "Waiting"),
                                ("sending", "Being sent"),
                                ("sent", "Sent"),
                                ("unsure", "Perhaps sent"),
                                ("failed", "Failed"),
                                ("silenced", "No longer needed"),
                            ],
                            default="pending",
                            max_length=10,
                            verbose_name="status",
                        ),
                    ),
                    ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                    ("not_before", models.DateTimeField()),
                    ("claimed_until", models.DateTimeField(null=True)),
                    (
                        "wire_opened_at",
                        models.DateTimeField(
                            help_text="Set just before the mail server is spoken to.", null=True
                        ),
                    ),
                    ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                    ("last_error", models.TextField(blank=True, verbose_name="last error")),
                    (
                        "office",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="libraries.institution",
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="messages",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="to",
                        ),
                    ),
                    (
                        "notice",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="messages",
                            to="libraries.notice",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "message",
                    "verbose_name_plural": "messages",
                    "ordering": ("-created_at", "-id"),
                    "indexes": [
                        models.Index(
                            models.F("not_before"),
                            condition=models.Q(("status__in", ["pending", "sending"])),
                            name="message_waiting",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("status", "sending"), _negated=True),
                                ("claimed_until__isnull", False),
                                _connector="OR",
                            ),
                            name="message_claim_ends",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="NumberPatternAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("agreement", "Agreement"),
                                ("handover", "Handover record (BAST)"),
                                ("return", "Return record (BAST)"),
                                ("replacement", "Replacement letter"),
                                ("settlement", "Settlement record"),
                            ],
                            max_length=20,
                            verbose_name="kind of paper",
                        ),
                    ),
                    (
                        "pattern",
                        models.CharField(
                            help_text="Words in braces are filled in: {number} {number:03} {code} {unit} {month} {roman_month} {year}.",
                            max_length=120,
                            verbose_name="pattern",
                        ),
                    ),
                    ("code", models.CharField(blank=True, max_length=30, verbose_name="classification code")),
                    ("unit", models.CharField(blank=True, max_length=30, verbose_name="unit")),
                    ("resets_yearly", models.BooleanField(default=True, verbose_name="starts at 1 every year")),
                    (
                        "institution",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.institution",
                            verbose_name="office",
                        ),
                    ),
                    (
                        "pgh_context",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            to="pghistory.context",
                        ),
                    ),
                    (
                        "pgh_obj",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="audit_trail",
                            related_query_name="audit_trail",
                            to="libraries.numberpattern",
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="PersonAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    ("name", models.CharField(max_length=120, verbose_name="name")),
                    (
                        "position",
                        models.CharField(
                            blank=True,
                            help_text="Head, principal, librarian …",
                            max_length=120,
                            verbose_name="position",
                        ),
                    ),
                    (
                        "nip",
                        models.CharField(
                            blank=True,
                            help_text="Employee number of a civil servant, 18 digits; printed in letters only.",
                            max_length=18,
                            validators=[
                                django.core.validators.RegexValidator("^\\d{18}$", "A NIP has 18 digits.")
                            ],
                            verbose_name="NIP",
                        ),
                    ),
                    ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                    ("phone", models.CharField(blank=True, max_length=30, verbose_name="telephone")),
                    ("signs", models.BooleanField(default=False, verbose_name="signs for the institution")),
                    (
                        "institution",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.institution",
                            verbose_name="institution",
                        ),
                    ),
                    (
                        "pgh_context",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            to="pghistory.context",
                        ),
                    ),
                    (
                        "pgh_obj",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="audit_trail",
                            related_query_name="audit_trail",
                            to="libraries.person",
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="account",
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="DocumentView",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("at", models.DateTimeField(auto_now_add=True)),
                    (
                        "document",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="views",
                            to="libraries.document",
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "ordering": ("-at",),
                },
            ),
            migrations.CreateModel(
                name="DocumentAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("agreement", "Agreement"),
                                ("handover", "Handover record (BAST)"),
                                ("return", "Return record (BAST)"),
                                ("replacement", "Replacement letter"),
                                ("settlement", "Settlement record"),
                            ],
                            max_length=20,
                            verbose_name="kind",
                        ),
                    ),
                    ("number", models.CharField(max_length=120, verbose_name="number")),
                    ("title", models.CharField(max_length=200, verbose_name="title")),
                    ("issued_on", models.DateField(verbose_name="date")),
                    ("verify_code", models.CharField(max_length=20, verbose_name="verification code")),
                    ("template", models.CharField(max_length=60)),
                    ("item_count", models.PositiveIntegerField(default=0, verbose_name="items")),
                    (
                        "status",
                        models.CharField(
                            choices=[("issued", "Issued"), ("withdrawn", "Withdrawn")],
                            default="issued",
                            max_length=10,
                            verbose_name="status",
                        ),
                    ),
                    (
                        "issued_by",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "pgh_context",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            to="pghistory.context",
                        ),
                    ),
                    (
                        "pgh_obj",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="audit_trail",
                            related_query_name="audit_trail",
                            to="libraries.document",
                        ),
                    ),
                    (
                        "issuer",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.institution",
                            verbose_name="issued by",
                        ),
                    ),
                    (
                        "recipient",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.institution",
                            verbose_name="given to",
                        ),
                    ),
                    (
                        "file",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.storedfile",
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
        ]),
    ]
