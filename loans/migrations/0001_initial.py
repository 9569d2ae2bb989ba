import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from kerjasama.domain.migrating import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agreements", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("libraries", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name="Programme",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    ("quantity", models.PositiveSmallIntegerField(verbose_name="books per delivery")),
                    ("interval_months", models.PositiveSmallIntegerField(verbose_name="swapped every (months)")),
                    ("receipt_days", models.PositiveSmallIntegerField(verbose_name="days to confirm receipt")),
                    (
                        "replacement_days",
                        models.PositiveSmallIntegerField(verbose_name="days to replace a lost book"),
                    ),
                    ("starts_on", models.DateField(verbose_name="first delivery")),
                    ("ends_on", models.DateField(verbose_name="ends")),
                    (
                        "reading_levels",
                        models.JSONField(
                            blank=True,
                            default=list,
                            help_text="Levels to choose from; empty means all.",
                            verbose_name="reading levels",
                        ),
                    ),
                    (
                        "status",
                        models.CharField(
                            choices=[("running", "Running"), ("paused", "Paused"), ("ended", "Ended")],
                            default="running",
                            editable=False,
                            max_length=10,
                            verbose_name="status",
                        ),
                    ),
                    (
                        "agreement",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="programme",
                            to="agreements.agreement",
                            verbose_name="agreement",
                        ),
                    ),
                    (
                        "lender",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="lent_programmes",
                            to="libraries.institution",
                            verbose_name="lender",
                        ),
                    ),
                    (
                        "partner",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="programmes",
                            to="libraries.institution",
                            verbose_name="partner",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "lending programme",
                    "verbose_name_plural": "lending programmes",
                    "ordering": ("-starts_on", "-id"),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                            name="programme_ends_after_start",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("interval_months__gte", 1), ("quantity__gte", 1)),
                            name="programme_terms_positive",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("status__in", ["running", "paused", "ended"])),
                            name="programme_status_known",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ReturnVisit",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    (
                        "status",
                        models.CharField(
                            choices=[("open", "Open"), ("closed", "Closed")],
                            default="open",
                            editable=False,
                            max_length=10,
                            verbose_name="status",
                        ),
                    ),
                    ("on", models.DateField(verbose_name="date")),
                    (
                        "document",
                        models.OneToOneField(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.document",
                            verbose_name="return record",
                        ),
                    ),
                    (
                        "lender",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.institution",
                            verbose_name="lender",
                        ),
                    ),
                    (
                        "opened_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "partner",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="return_visits",
                            to="libraries.institution",
                            verbose_name="partner",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "return visit",
                    "verbose_name_plural": "return visits",
                    "ordering": ("-on", "-id"),
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("status", "open")),
                            fields=("lender", "partner"),
                            name="return_visit_one_open",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Period",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    ("sequence", models.PositiveSmallIntegerField(verbose_name="number")),
                    (
                        "nominal_on",
                        models.DateField(
                            help_text="Before it was moved off closed days.", verbose_name="date by the interval"
                        ),
                    ),
                    ("starts_on", models.DateField(verbose_name="delivery")),
                    ("ends_on", models.DateField(verbose_name="goes back")),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("planned", "Planned"),
                                ("running", "With the partner"),
                                ("closed", "Closed"),
                                ("cancelled", "Cancelled"),
                            ],
                            default="planned",
                            editable=False,
                            max_length=10,
                            verbose_name="status",
                        ),
                    ),
                    ("overdue_since", models.DateField(editable=False, null=True, verbose_name="late since")),
                    (
                        "programme",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="periods",
                            to="loans.programme",
                            verbose_name="programme",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "period",
                    "verbose_name_plural": "periods",
                    "ordering": ("programme", "sequence"),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("status", "running")), fields=["ends_on"], name="period_running"
                        ),
                        models.Index(
                            condition=models.Q(("status", "planned")), fields=["starts_on"], name="period_planned"
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("programme", "sequence"), name="period_sequence_once"),
                        models.CheckConstraint(
                            condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                            name="period_ends_after_start",
                            violation_error_message="Books must go back after they were delivered.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("status__in", ["planned", "running", "closed", "cancelled"])),
                            name="period_status_known",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ProgrammeAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    ("quantity", models.PositiveSmallIntegerField(verbose_name="books per delivery")),
                    ("interval_months", models.PositiveSmallIntegerField(verbose_name="swapped every (months)")),
                    ("receipt_days", models.PositiveSmallIntegerField(verbose_name="days to confirm receipt")),
                    (
                        "replacement_days",
                        models.PositiveSmallIntegerField(verbose_name="days to replace a lost book"),
                    ),
                    ("starts_on", models.DateField(verbose_name="first delivery")),
                    ("ends_on", models.DateField(verbose_name="ends")),
                    (
                        "reading_levels",
                        models.JSONField(
                            blank=True,
                            default=list,
                            help_text="Levels to choose from; empty means all.",
                            verbose_name="reading levels",
                        ),
                    ),
                    (
                        "status",
                        models.CharField(
                            choices=[("running", "Running"), ("paused", "Paused"), ("ended", "Ended")],
                            default="running",
                            editable=False,
                            max_length=10,
                            verbose_name="status",
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
                            verbose_name="agreement",
                        ),
                    ),
                    (
                        "lender",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.institution",
                            verbose_name="lender",
                        ),
                    ),
                    (
                        "partner",
                        models.ForeignKey(
                            db_constraint=False,
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
                            to="loans.programme",
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="ProgrammeEvent",
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
                            to="loans.programme",
                        ),
                    ),
                ],
                options={
                    "ordering": ("at", "id"),
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="ReturnVisitAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    (
                        "status",
                        models.CharField(
                            choices=[("open", "Open"), ("closed", "Closed")],
                            default="open",
                            editable=False,
                            max_length=10,
                            verbose_name="status",
                        ),
                    ),
                    ("on", models.DateField(verbose_name="date")),
                    (
                        "document",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.document",
                            verbose_name="return record",
                        ),
                    ),
                    (
                        "lender",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.institution",
                            verbose_name="lender",
                        ),
                    ),
                    (
                        "opened_by",
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
                        "partner",
                        models.ForeignKey(
                            db_constraint=False,
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
                            to="loans.returnvisit",
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="ReturnVisitEvent",
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
                            to="loans.returnvisit",
                        ),
                    ),
                ],
                options={
                    "ordering": ("at", "id"),
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="Consignment",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    ("code", models.CharField(editable=False, max_length=20, verbose_name="code")),
                    ("quantity", models.PositiveSmallIntegerField(verbose_name="books wanted")),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("picking", "Being picked"),
                                ("dispatched", "Handed over"),
                                ("flagged", "Not confirmed"),
                                ("received", "Received"),
                                ("closed", "Closed"),
                                ("cancelled", "Cancelled"),
                            ],
                            default="picking",
                            editable=False,
                            max_length=12,
                            verbose_name="status",
                        ),
                    ),
                    ("due_on", models.DateField(verbose_name="goes back")),
                    (
                        "shortfall",
                        models.JSONField(
                            default=list, editable=False, verbose_name="what the proposal could not fill"
                        ),
                    ),
                    ("dispatched_on", models.DateField(editable=False, null=True, verbose_name="handed over")),
                    (
                        "confirm_by",
                        models.DateField(editable=False, null=True, verbose_name="to be confirmed by"),
                    ),
                    ("received_on", models.DateField(editable=False, null=True, verbose_name="received")),
                    (
                        "received_by",
                        models.CharField(blank=True, editable=False, max_length=120, verbose_name="received by"),
                    ),
                    (
                        "handover_document",
                        models.OneToOneField(
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.document",
                            verbose_name="handover record",
                        ),
                    ),
                    (
                        "lender",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.institution",
                            verbose_name="lender",
                        ),
                    ),
                    (
                        "partner",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="consignments",
                            to="libraries.institution",
                            verbose_name="partner",
                        ),
                    ),
                    (
                        "period",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="consignments",
                            to="loans.period",
                            verbose_name="period",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "delivery",
                    "verbose_name_plural": "deliveries",
                    "ordering": ("-created_at", "-id"),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("status", "dispatched")),
                            fields=["confirm_by"],
                            name="consignment_unconfirmed",
                        ),
                        models.Index(fields=["partner", "status"], name="consignment_by_partner"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("lender", "code"), name="consignment_code_once"),
                        models.UniqueConstraint(
                            condition=models.Q(("status", "cancelled"), _negated=True),
                            fields=("period",),
                            name="consignment_one_per_period",
                            violation_error_message="This period already has a delivery.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "status__in",
                                    ["picking", "dispatched", "flagged", "received", "closed", "cancelled"],
                                )
                            ),
                            name="consignment_status_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("status__in", ["picking", "cancelled"]),
                                models.Q(
                                    ("confirm_by__isnull", False),
                                    ("dispatched_on__isnull", False),
                                    ("handover_document__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="consignment_out_has_record",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PeriodEvent",
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
                            on_delete=django.db.models.deletion.CASCADE, related_name="events", to="loans.period"
                        ),
                    ),
                ],
                options={
                    "ordering": ("at", "id"),
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="PeriodAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    ("sequence", models.PositiveSmallIntegerField(verbose_name="number")),
                    (
                        "nominal_on",
                        models.DateField(
                            help_text="Before it was moved off closed days.", verbose_name="date by the interval"
                        ),
                    ),
                    ("starts_on", models.DateField(verbose_name="delivery")),
                    ("ends_on", models.DateField(verbose_name="goes back")),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("planned", "Planned"),
                                ("running", "With the partner"),
                                ("closed", "Closed"),
                                ("cancelled", "Cancelled"),
                            ],
                            default="planned",
                            editable=False,
                            max_length=10,
                            verbose_name="status",
                        ),
                    ),
                    ("overdue_since", models.DateField(editable=False, null=True, verbose_name="late since")),
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
                            to="loans.period",
                        ),
                    ),
                    (
                        "programme",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="loans.programme",
                            verbose_name="programme",
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="ConsignmentEvent",
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
                            to="loans.consignment",
                        ),
                    ),
                ],
                options={
                    "ordering": ("at", "id"),
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="LoanLine",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("proposed", "Proposed"),
                                ("picked", "Scanned"),
                                ("out", "With the partner"),
                                ("lost", "Lost"),
                                ("returned", "Returned"),
                                ("settled", "Settled"),
                                ("dropped", "Left out"),
                            ],
                            default="proposed",
                            max_length=10,
                            verbose_name="status",
                        ),
                    ),
                    ("picked_at", models.DateTimeField(null=True, verbose_name="scanned")),
                    (
                        "condition_out",
                        models.CharField(
                            blank=True,
                            choices=[("good", "Good"), ("worn", "Worn"), ("damaged", "Damaged")],
                            max_length=10,
                            verbose_name="condition when lent",
                        ),
                    ),
                    (
                        "receipt",
                        models.CharField(
                            choices=[
                                ("unconfirmed", "Not confirmed"),
                                ("ok", "Received"),
                                ("missing", "Not in the box"),
                                ("damaged", "Damaged on arrival"),
                            ],
                            default="unconfirmed",
                            max_length=12,
                            verbose_name="receipt",
                        ),
                    ),
                    ("returned_at", models.DateTimeField(null=True, verbose_name="returned")),
                    (
                        "condition_back",
                        models.CharField(
                            blank=True,
                            choices=[("good", "Good"), ("worn", "Worn"), ("damaged", "Damaged")],
                            max_length=10,
                            verbose_name="condition on return",
                        ),
                    ),
                    (
                        "consignment",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="lines",
                            to="loans.consignment",
                        ),
                    ),
                    (
                        "copy",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="loan_lines",
                            to="catalogue.copy",
                            verbose_name="copy",
                        ),
                    ),
                    (
                        "picked_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "returned_to",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="lines",
                            to="loans.returnvisit",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "loan line",
                    "verbose_name_plural": "loan lines",
                    "indexes": [models.Index(fields=["consignment", "status"], name="line_by_consignment")],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("status__in", ["proposed", "picked", "out", "lost"])),
                            fields=("copy",),
                            name="line_one_open_per_copy",
                            violation_error_message="This copy is already in another delivery.",
                        ),
                        models.UniqueConstraint(
                            fields=("consignment", "copy"), name="line_copy_once_per_consignment"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "status__in",
                                    ["proposed", "picked", "out", "lost", "returned", "settled", "dropped"],
                                )
                            ),
                            name="line_status_known",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ConsignmentAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    ("code", models.CharField(editable=False, max_length=20, verbose_name="code")),
                    ("quantity", models.PositiveSmallIntegerField(verbose_name="books wanted")),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("picking", "Being picked"),
                                ("dispatched", "Handed over"),
                                ("flagged", "Not confirmed"),
                                ("received", "Received"),
                                ("closed", "Closed"),
                                ("cancelled", "Cancelled"),
                            ],
                            default="picking",
                            editable=False,
                            max_length=12,
                            verbose_name="status",
                        ),
                    ),
                    ("due_on", models.DateField(verbose_name="goes back")),
                    (
                        "shortfall",
                        models.JSONField(
                            default=list, editable=False, verbose_name="what the proposal could not fill"
                        ),
                    ),
                    ("dispatched_on", models.DateField(editable=False, null=True, verbose_name="handed over")),
                    (
                        "confirm_by",
                        models.DateField(editable=False, null=True, verbose_name="to be confirmed by"),
                    ),
                    ("received_on", models.DateField(editable=False, null=True, verbose_name="received")),
                    (
                        "received_by",
                        models.CharField(blank=True, editable=False, max_length=120, verbose_name="received by"),
                    ),
                    (
                        "handover_document",
                        models.ForeignKey(
                            db_constraint=False,
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.document",
                            verbose_name="handover record",
                        ),
                    ),
                    (
                        "lender",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.institution",
                            verbose_name="lender",
                        ),
                    ),
                    (
                        "partner",
                        models.ForeignKey(
                            db_constraint=False,
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
                            to="loans.consignment",
                        ),
                    ),
                    (
                        "period",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="loans.period",
                            verbose_name="period",
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="Case",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    ("code", models.CharField(editable=False, max_length=20, verbose_name="code")),
                    (
                        "kind",
                        models.CharField(
                            choices=[("lost", "Lost"), ("damaged", "Damaged")], max_length=10, verbose_name="kind"
                        ),
                    ),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("reported", "Reported"),
                                ("assessed", "Replacement due"),
                                ("settled", "Settled"),
                                ("found", "Found again"),
                            ],
                            default="reported",
                            editable=False,
                            max_length=10,
                            verbose_name="status",
                        ),
                    ),
                    ("reported_on", models.DateField(verbose_name="reported on")),
                    ("account", models.TextField(blank=True, verbose_name="what happened")),
                    (
                        "demand",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("same_title", "The same title"),
                                ("equal_title", "An equal title"),
                                ("price", "Its price"),
                            ],
                            max_length=12,
                            verbose_name="to be replaced by",
                        ),
                    ),
                    (
                        "amount",
                        models.DecimalField(
                            blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="amount (Rp)"
                        ),
                    ),
                    (
                        "due_on",
                        models.DateField(
                            help_text="From the agreement, until assessed otherwise.",
                            verbose_name="replacement due",
                        ),
                    ),
                    (
                        "settlement",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("same_title", "Replaced by the same title"),
                                ("equal_title", "Replaced by an equal title"),
                                ("price", "Paid"),
                                ("waived", "Waived"),
                            ],
                            max_length=12,
                            verbose_name="settled by",
                        ),
                    ),
                    ("settled_on", models.DateField(null=True, verbose_name="settled on")),
                    (
                        "paid_amount",
                        models.DecimalField(
                            decimal_places=2, max_digits=12, null=True, verbose_name="amount paid (Rp)"
                        ),
                    ),
                    ("reason", models.TextField(blank=True, verbose_name="reason")),
                    (
                        "copy",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="cases",
                            to="catalogue.copy",
                            verbose_name="copy",
                        ),
                    ),
                    (
                        "lender",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.institution",
                            verbose_name="lender",
                        ),
                    ),
                    (
                        "letter",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.document",
                            verbose_name="letter",
                        ),
                    ),
                    (
                        "partner",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="cases",
                            to="libraries.institution",
                            verbose_name="partner",
                        ),
                    ),
                    (
                        "photograph",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.storedfile",
                        ),
                    ),
                    (
                        "replacement_copy",
                        models.OneToOneField(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="catalogue.copy",
                            verbose_name="replacement",
                        ),
                    ),
                    (
                        "reported_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "settlement_record",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.document",
                            verbose_name="settlement record",
                        ),
                    ),
                    (
                        "line",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="loans.loanline"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "loss or damage case",
                    "verbose_name_plural": "loss and damage cases",
                    "ordering": ("-reported_on", "-id"),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("status", "assessed")), fields=["due_on"], name="case_due"
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("lender", "code"), name="case_code_once"),
                        models.UniqueConstraint(
                            condition=models.Q(("status__in", ["reported", "assessed"])),
                            fields=("copy",),
                            name="case_one_open_per_copy",
                            violation_error_message="There is already an open case about this copy.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("status", "settled"), _negated=True),
                                models.Q(("settlement", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="case_settled_says_how",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("settlement", "waived"), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="case_waived_says_why",
                            violation_error_message="A waiver needs a reason.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("settlement", "price"), _negated=True),
                                ("paid_amount__gt", 0),
                                _connector="OR",
                            ),
                            name="case_paid_says_how_much",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("settlement__in", ["same_title", "equal_title"]), _negated=True),
                                ("replacement_copy__isnull", False),
                                _connector="OR",
                            ),
                            name="case_replaced_names_copy",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Scan",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("client_event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                    (
                        "desk",
                        models.CharField(
                            choices=[("pick", "Packing"), ("return", "Taking back")],
                            max_length=10,
                            verbose_name="desk",
                        ),
                    ),
                    ("barcode", models.CharField(max_length=80, verbose_name="barcode")),
                    (
                        "outcome",
                        models.CharField(
                            choices=[
                                ("ok", "Accepted"),
                                ("warning", "Accepted with a note"),
                                ("error", "Refused"),
                            ],
                            max_length=10,
                            verbose_name="answer",
                        ),
                    ),
                    ("reason", models.CharField(max_length=40, verbose_name="reason")),
                    ("facts", models.JSONField(default=dict)),
                    ("at", models.DateTimeField(verbose_name="at")),
                    ("undone_at", models.DateTimeField(null=True, verbose_name="taken back")),
                    (
                        "actor",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "consignment",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="scans",
                            to="loans.consignment",
                        ),
                    ),
                    (
                        "line",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="scans",
                            to="loans.loanline",
                        ),
                    ),
                    (
                        "return_visit",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="scans",
                            to="loans.returnvisit",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "scan",
                    "verbose_name_plural": "scans",
                    "ordering": ("-at", "-id"),
                    "indexes": [
                        models.Index(fields=["consignment", "-at"], name="scan_by_consignment"),
                        models.Index(fields=["return_visit", "-at"], name="scan_by_visit"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("consignment__isnull", False), ("return_visit__isnull", False), _connector="XOR"
                            ),
                            name="scan_at_one_desk",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Discrepancy",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("missing", "Missing from the box"),
                                ("damaged", "Damaged"),
                                ("extra", "Not on the list"),
                            ],
                            max_length=10,
                            verbose_name="difference",
                        ),
                    ),
                    ("description", models.TextField(blank=True, verbose_name="description")),
                    ("resolved_at", models.DateTimeField(null=True, verbose_name="resolved")),
                    ("resolution", models.CharField(blank=True, max_length=200, verbose_name="resolution")),
                    (
                        "consignment",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="discrepancies",
                            to="loans.consignment",
                        ),
                    ),
                    (
                        "photograph",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.storedfile",
                        ),
                    ),
                    (
                        "reported_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "resolved_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "line",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="discrepancies",
                            to="loans.loanline",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "difference on receipt",
                    "verbose_name_plural": "differences on receipt",
                    "ordering": ("created_at", "id"),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("kind", "extra"), ("line__isnull", False), _connector="XOR"),
                            name="discrepancy_names_its_line",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("line__isnull", False)),
                            fields=("line",),
                            name="discrepancy_once_per_line",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CustodyMove",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("sequence", models.PositiveIntegerField()),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("pick", "Picked"),
                                ("unpick", "Taken out of the box"),
                                ("dispatch", "Handed over"),
                                ("return", "Returned"),
                                ("unreturn", "Return taken back"),
                                ("lose", "Reported lost"),
                                ("find", "Found again"),
                                ("withdraw", "Withdrawn"),
                            ],
                            max_length=10,
                            verbose_name="what happened",
                        ),
                    ),
                    (
                        "from_place",
                        models.CharField(
                            choices=[
                                ("shelf", "On the shelf"),
                                ("packed", "Packed for delivery"),
                                ("away", "With a partner"),
                                ("lost", "Lost"),
                                ("withdrawn", "Withdrawn"),
                            ],
                            max_length=10,
                        ),
                    ),
                    (
                        "to_place",
                        models.CharField(
                            choices=[
                                ("shelf", "On the shelf"),
                                ("packed", "Packed for delivery"),
                                ("away", "With a partner"),
                                ("lost", "Lost"),
                                ("withdrawn", "Withdrawn"),
                            ],
                            max_length=10,
                        ),
                    ),
                    (
                        "condition",
                        models.CharField(
                            blank=True,
                            choices=[("good", "Good"), ("worn", "Worn"), ("damaged", "Damaged")],
                            max_length=10,
                            verbose_name="condition",
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="at")),
                    ("recorded_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "actor",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "copy",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="catalogue.copy"
                        ),
                    ),
                    (
                        "from_holder",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.institution",
                        ),
                    ),
                    (
                        "to_holder",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.institution",
                        ),
                    ),
                    (
                        "line",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="moves",
                            to="loans.loanline",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "custody move",
                    "verbose_name_plural": "custody ledger",
                    "ordering": ("copy", "sequence"),
                    "indexes": [models.Index(fields=["line"], name="custody_by_line")],
                    "constraints": [
                        models.UniqueConstraint(fields=("copy", "sequence"), name="custody_sequence_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="CaseEvent",
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
                            on_delete=django.db.models.deletion.CASCADE, related_name="events", to="loans.case"
                        ),
                    ),
                ],
                options={
                    "ordering": ("at", "id"),
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="CaseAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    ("code", models.CharField(editable=False, max_length=20, verbose_name="code")),
                    (
                        "kind",
                        models.CharField(
                            choices=[("lost", "Lost"), ("damaged", "Damaged")], max_length=10, verbose_name="kind"
                        ),
                    ),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("reported", "Reported"),
                                ("assessed", "Replacement due"),
                                ("settled", "Settled"),
                                ("found", "Found again"),
                            ],
                            default="reported",
                            editable=False,
                            max_length=10,
                            verbose_name="status",
                        ),
                    ),
                    ("reported_on", models.DateField(verbose_name="reported on")),
                    ("account", models.TextField(blank=True, verbose_name="what happened")),
                    (
                        "demand",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("same_title", "The same title"),
                                ("equal_title", "An equal title"),
                                ("price", "Its price"),
                            ],
                            max_length=12,
                            verbose_name="to be replaced by",
                        ),
                    ),
                    (
                        "amount",
                        models.DecimalField(
                            blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="amount (Rp)"
                        ),
                    ),
                    (
                        "due_on",
                        models.DateField(
                            help_text="From the agreement, until assessed otherwise.",
                            verbose_name="replacement due",
                        ),
                    ),
                    (
                        "settlement",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("same_title", "Replaced by the same title"),
                                ("equal_title", "Replaced by an equal title"),
                                ("price", "Paid"),
                                ("waived", "Waived"),
                            ],
                            max_length=12,
                            verbose_name="settled by",
                        ),
                    ),
                    ("settled_on", models.DateField(null=True, verbose_name="settled on")),
                    (
                        "paid_amount",
                        models.DecimalField(
                            decimal_places=2, max_digits=12, null=True, verbose_name="amount paid (Rp)"
                        ),
                    ),
                    ("reason", models.TextField(blank=True, verbose_name="reason")),
                    (
                        "copy",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="catalogue.copy",
                            verbose_name="copy",
                        ),
                    ),
                    (
                        "lender",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.institution",
                            verbose_name="lender",
                        ),
                    ),
                    (
                        "letter",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.document",
                            verbose_name="letter",
                        ),
                    ),
                    (
                        "partner",
                        models.ForeignKey(
                            db_constraint=False,
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
                            to="loans.case",
                        ),
                    ),
                    (
                        "photograph",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.storedfile",
                        ),
                    ),
                    (
                        "replacement_copy",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="catalogue.copy",
                            verbose_name="replacement",
                        ),
                    ),
                    (
                        "reported_by",
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
                        "settlement_record",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.document",
                            verbose_name="settlement record",
                        ),
                    ),
                    (
                        "line",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="loans.loanline",
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
        ]),
    ]
