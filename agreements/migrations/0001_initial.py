import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kerjasama.domain.migrating import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        ("libraries", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name="Agreement",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    ("version", models.PositiveIntegerField(default=1, editable=False)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("mou", "Memorandum of understanding (MoU)"),
                                ("pks", "Cooperation agreement (PKS)"),
                                ("implicit", "Implicit agreement (unwritten)"),
                            ],
                            max_length=10,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "title",
                        models.CharField(
                            help_text="What the agreement is about, in a few words.",
                            max_length=200,
                            verbose_name="about",
                        ),
                    ),
                    (
                        "number",
                        models.CharField(
                            blank=True,
                            help_text="Leave empty to draw the next number when it is sent for signature.",
                            max_length=120,
                            verbose_name="number",
                        ),
                    ),
                    (
                        "partner_number",
                        models.CharField(blank=True, max_length=120, verbose_name="number at the partner"),
                    ),
                    (
                        "initiated_by",
                        models.CharField(
                            choices=[
                                ("library", "The library's own outreach"),
                                ("partner", "The partner's request"),
                            ],
                            default="library",
                            max_length=10,
                            verbose_name="began with",
                        ),
                    ),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("draft", "Draft"),
                                ("signing", "Being signed"),
                                ("active", "In force"),
                                ("expired", "Expired"),
                                ("terminated", "Terminated"),
                                ("cancelled", "Cancelled"),
                            ],
                            default="draft",
                            editable=False,
                            max_length=12,
                            verbose_name="status",
                        ),
                    ),
                    ("starts_on", models.DateField(blank=True, null=True, verbose_name="starts")),
                    ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends")),
                    ("signed_place", models.CharField(blank=True, max_length=80, verbose_name="signed at")),
                    ("aims", models.TextField(blank=True, verbose_name="reasons and aims")),
                    ("scope", models.TextField(blank=True, verbose_name="scope")),
                    ("relation", models.TextField(blank=True, verbose_name="relation between the parties")),
                    ("division_of_work", models.TextField(blank=True, verbose_name="division of work")),
                    ("procedures", models.TextField(blank=True, verbose_name="procedures and equipment")),
                    ("financing", models.TextField(blank=True, verbose_name="financing")),
                    ("technology", models.TextField(blank=True, verbose_name="technology")),
                    (
                        "agreed_by",
                        models.CharField(
                            blank=True,
                            help_text="Names and positions of those who agreed.",
                            max_length=200,
                            verbose_name="agreed by",
                        ),
                    ),
                    ("agreed_on", models.DateField(blank=True, null=True, verbose_name="agreed on")),
                    (
                        "agreed_how",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("meeting", "At a meeting"),
                                ("visit", "During a visit"),
                                ("telephone", "By telephone"),
                                ("whatsapp", "By WhatsApp"),
                                ("letter", "By letter or e-mail"),
                            ],
                            max_length=10,
                            verbose_name="how",
                        ),
                    ),
                    ("agreed_note", models.TextField(blank=True, verbose_name="note or witness")),
                    ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demo data")),
                    (
                        "document",
                        models.ForeignKey(
                            blank=True,
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.document",
                            verbose_name="document",
                        ),
                    ),
                    (
                        "office",
                        models.ForeignKey(
                            help_text="The library that keeps this agreement and carries it out.",
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="kept_agreements",
                            to="libraries.institution",
                            verbose_name="office",
                        ),
                    ),
                    (
                        "parent",
                        models.ForeignKey(
                            blank=True,
                            help_text="The MoU that this agreement carries out.",
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="children",
                            to="agreements.agreement",
                            verbose_name="under",
                        ),
                    ),
                    (
                        "partner",
                        models.ForeignKey(
                            help_text="The main partner. Further parties are added below.",
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="agreements",
                            to="libraries.institution",
                            verbose_name="partner",
                        ),
                    ),
                    (
                        "signed_scan",
                        models.ForeignKey(
                            blank=True,
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.storedfile",
                            verbose_name="signed scan",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "agreement",
                    "verbose_name_plural": "agreements",
                    "ordering": ("-created_at", "-id"),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("status", "active")), fields=["ends_on"], name="agreement_running"
                        ),
                        models.Index(fields=["office", "status"], name="agreement_by_office"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ends_on__isnull", True),
                                ("starts_on__isnull", True),
                                ("ends_on__gt", models.F("starts_on")),
                                _connector="OR",
                            ),
                            name="agreement_ends_after_start",
                            violation_error_message="The agreement must end after it starts.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("office", models.F("partner")), _negated=True),
                            name="agreement_two_sides",
                            violation_error_message="A library cannot make an agreement with itself.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("status", "active"), _negated=True),
                                models.Q(("ends_on__isnull", False), ("starts_on__isnull", False)),
                                _connector="OR",
                            ),
                            name="agreement_in_force_has_term",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "status__in",
                                    ["draft", "signing", "active", "expired", "terminated", "cancelled"],
                                )
                            ),
                            name="agreement_status_known",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("number", ""), _negated=True),
                            fields=("office", "kind", "number"),
                            name="agreement_number_once",
                            violation_error_message="This number is already used for another agreement of this office.",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="AgreementAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    ("version", models.PositiveIntegerField(default=1, editable=False)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("mou", "Memorandum of understanding (MoU)"),
                                ("pks", "Cooperation agreement (PKS)"),
                                ("implicit", "Implicit agreement (unwritten)"),
                            ],
                            max_length=10,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "title",
                        models.CharField(
                            help_text="What the agreement is about, in a few words.",
                            max_length=200,
                            verbose_name="about",
                        ),
                    ),
                    (
                        "number",
                        models.CharField(
                            blank=True,
                            help_text="Leave empty to draw the next number when it is sent for signature.",
                            max_length=120,
                            verbose_name="number",
                        ),
                    ),
                    (
                        "partner_number",
                        models.CharField(blank=True, max_length=120, verbose_name="number at the partner"),
                    ),
                    (
                        "initiated_by",
                        models.CharField(
                            choices=[
                                ("library", "The library's own outreach"),
                                ("partner", "The partner's request"),
                            ],
                            default="library",
                            max_length=10,
                            verbose_name="began with",
                        ),
                    ),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("draft", "Draft"),
                                ("signing", "Being signed"),
                                ("active", "In force"),
                                ("expired", "Expired"),
                                ("terminated", "Terminated"),
                                ("cancelled", "Cancelled"),
                            ],
                            default="draft",
                            editable=False,
                            max_length=12,
                            verbose_name="status",
                        ),
                    ),
                    ("starts_on", models.DateField(blank=True, null=True, verbose_name="starts")),
                    ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends")),
                    ("signed_place", models.CharField(blank=True, max_length=80, verbose_name="signed at")),
                    ("aims", models.TextField(blank=True, verbose_name="reasons and aims")),
                    ("scope", models.TextField(blank=True, verbose_name="scope")),
                    ("relation", models.TextField(blank=True, verbose_name="relation between the parties")),
                    ("division_of_work", models.TextField(blank=True, verbose_name="division of work")),
                    ("procedures", models.TextField(blank=True, verbose_name="procedures and equipment")),
                    ("financing", models.TextField(blank=True, verbose_name="financing")),
                    ("technology", models.TextField(blank=True, verbose_name="technology")),
                    (
                        "agreed_by",
                        models.CharField(
                            blank=True,
                            help_text="Names and positions of those who agreed.",
                            max_length=200,
                            verbose_name="agreed by",
                        ),
                    ),
                    ("agreed_on", models.DateField(blank=True, null=True, verbose_name="agreed on")),
                    (
                        "agreed_how",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("meeting", "At a meeting"),
                                ("visit", "During a visit"),
                                ("telephone", "By telephone"),
                                ("whatsapp", "By WhatsApp"),
                                ("letter", "By letter or e-mail"),
                            ],
                            max_length=10,
                            verbose_name="how",
                        ),
                    ),
                    ("agreed_note", models.TextField(blank=True, verbose_name="note or witness")),
                    ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demo data")),
                    (
                        "document",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.document",
                            verbose_name="document",
                        ),
                    ),
                    (
                        "office",
                        models.ForeignKey(
                            db_constraint=False,
                            help_text="The library that keeps this agreement and carries it out.",
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.institution",
                            verbose_name="office",
                        ),
                    ),
                    (
                        "parent",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            help_text="The MoU that this agreement carries out.",
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="agreements.agreement",
                            verbose_name="under",
                        ),
                    ),
                    (
                        "partner",
                        models.ForeignKey(
                            db_constraint=False,
                            help_text="The main partner. Further parties are added below.",
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.institution",
                            verbose_name="partner",
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
                            to="agreements.agreement",
                        ),
                    ),
                    (
                        "signed_scan",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.storedfile",
                            verbose_name="signed scan",
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="AgreementEvent",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("action", models.CharField(max_length=40, verbose_name="action")),
                    ("from_state", models.CharField(blank=True, max_length=30, verbose_name="from")),
                    ("to_state", models.CharField(max_length=30, verbose_name="to")),
                    ("at", models.DateTimeField(verbose_name="at")),
                    ("note", models.TextField(blank=True, verbose_name="note")),
                    (
                        "actor",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by",
                        ),
                    ),
                    (
                        "subject",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="events",
                            to="agreements.agreement",
                        ),
                    ),
                ],
                options={
                    "ordering": ("at", "id"),
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="LendingTerm",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    (
                        "quantity",
                        models.PositiveSmallIntegerField(
                            default=100,
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(2000),
                            ],
                            verbose_name="books per delivery",
                        ),
                    ),
                    (
                        "interval_months",
                        models.PositiveSmallIntegerField(
                            default=3,
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(24),
                            ],
                            verbose_name="swapped every (months)",
                        ),
                    ),
                    ("first_delivery_on", models.DateField(blank=True, null=True, verbose_name="first delivery")),
                    (
                        "replacement_days",
                        models.PositiveSmallIntegerField(
                            default=30,
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(365),
                            ],
                            verbose_name="days to replace a lost book",
                        ),
                    ),
                    (
                        "replacement_ways",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(
                                choices=[
                                    ("same_title", "The same title"),
                                    ("equal_title", "An equal title"),
                                    ("price", "Its price"),
                                ],
                                max_length=12,
                            ),
                            blank=True,
                            default=list,
                            help_text="Nothing chosen means: any of them.",
                            size=None,
                            verbose_name="a lost book is replaced by",
                        ),
                    ),
                    (
                        "receipt_days",
                        models.PositiveSmallIntegerField(
                            default=3,
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(60),
                            ],
                            verbose_name="days to confirm receipt",
                        ),
                    ),
                    (
                        "agreement",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="lending_term",
                            to="agreements.agreement",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "lending terms",
                    "verbose_name_plural": "lending terms",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("interval_months__gte", 1),
                                ("quantity__gte", 1),
                                ("receipt_days__gte", 1),
                                ("replacement_days__gte", 1),
                            ),
                            name="lending_term_positive",
                            violation_error_message="Quantity, interval and days must be at least 1.",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Party",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("first", "First party"),
                                ("second", "Second party"),
                                ("focal", "Focal point"),
                                ("member", "Member"),
                            ],
                            max_length=10,
                            verbose_name="role",
                        ),
                    ),
                    ("obligations", models.TextField(blank=True, verbose_name="obligations")),
                    ("signatory_name", models.CharField(blank=True, max_length=120, verbose_name="signed by")),
                    ("signatory_position", models.CharField(blank=True, max_length=120, verbose_name="position")),
                    (
                        "signatory_nip",
                        models.CharField(
                            blank=True,
                            max_length=18,
                            validators=[
                                django.core.validators.RegexValidator("^\\d{18}$", "A NIP has 18 digits.")
                            ],
                            verbose_name="NIP",
                        ),
                    ),
                    (
                        "signed_on",
                        models.DateField(blank=True, editable=False, null=True, verbose_name="signed on"),
                    ),
                    (
                        "agreement",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="parties",
                            to="agreements.agreement",
                        ),
                    ),
                    (
                        "institution",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.institution",
                            verbose_name="institution",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "party",
                    "verbose_name_plural": "parties",
                    "ordering": ("agreement", "created_at"),
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("agreement", "institution"),
                            name="party_once",
                            violation_error_message="This institution is already a party of the agreement.",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="LendingTermAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    (
                        "quantity",
                        models.PositiveSmallIntegerField(
                            default=100,
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(2000),
                            ],
                            verbose_name="books per delivery",
                        ),
                    ),
                    (
                        "interval_months",
                        models.PositiveSmallIntegerField(
                            default=3,
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(24),
                            ],
                            verbose_name="swapped every (months)",
                        ),
                    ),
                    ("first_delivery_on", models.DateField(blank=True, null=True, verbose_name="first delivery")),
                    (
                        "replacement_days",
                        models.PositiveSmallIntegerField(
                            default=30,
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(365),
                            ],
                            verbose_name="days to replace a lost book",
                        ),
                    ),
                    (
                        "replacement_ways",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(
                                choices=[
                                    ("same_title", "The same title"),
                                    ("equal_title", "An equal title"),
                                    ("price", "Its price"),
                                ],
                                max_length=12,
                            ),
                            blank=True,
                            default=list,
                            help_text="Nothing chosen means: any of them.",
                            size=None,
                            verbose_name="a lost book is replaced by",
                        ),
                    ),
                    (
                        "receipt_days",
                        models.PositiveSmallIntegerField(
                            default=3,
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(60),
                            ],
                            verbose_name="days to confirm receipt",
                        ),
                    ),
                    (
                        "agreement",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="agreements.agreement",
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
                            to="agreements.lendingterm",
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="PartyAudit",
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
                                ("first", "First party"),
                                ("second", "Second party"),
                                ("focal", "Focal point"),
                                ("member", "Member"),
                            ],
                            max_length=10,
                            verbose_name="role",
                        ),
                    ),
                    ("obligations", models.TextField(blank=True, verbose_name="obligations")),
                    ("signatory_name", models.CharField(blank=True, max_length=120, verbose_name="signed by")),
                    ("signatory_position", models.CharField(blank=True, max_length=120, verbose_name="position")),
                    (
                        "signatory_nip",
                        models.CharField(
                            blank=True,
                            max_length=18,
                            validators=[
                                django.core.validators.RegexValidator("^\\d{18}$", "A NIP has 18 digits.")
                            ],
                            verbose_name="NIP",
                        ),
                    ),
                    (
                        "signed_on",
                        models.DateField(blank=True, editable=False, null=True, verbose_name="signed on"),
                    ),
                    (
                        "agreement",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="agreements.agreement",
                        ),
                    ),
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
                            to="agreements.party",
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
        ]),
    ]
