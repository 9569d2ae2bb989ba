import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kerjasama.domain.migrating import AtOnce


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("libraries", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name="ImportJob",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    (
                        "format",
                        models.CharField(
                            choices=[("marc", "MARC 21 / INDOMARC (ISO 2709)"), ("marcxml", "MARCXML")],
                            default="marc",
                            max_length=10,
                            verbose_name="format",
                        ),
                    ),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("waiting", "Waiting"),
                                ("running", "Running"),
                                ("done", "Finished"),
                                ("failed", "Stopped"),
                            ],
                            default="waiting",
                            max_length=10,
                            verbose_name="status",
                        ),
                    ),
                    (
                        "invent_copies",
                        models.BooleanField(
                            default=False,
                            help_text="Such a copy gets a barcode made from the import.",
                            verbose_name="make one copy for records that name none",
                        ),
                    ),
                    (
                        "position",
                        models.PositiveBigIntegerField(default=0, editable=False, help_text="Bytes read so far."),
                    ),
                    ("total_bytes", models.PositiveBigIntegerField(default=0, editable=False)),
                    ("done", models.PositiveIntegerField(default=0, editable=False, verbose_name="records read")),
                    (
                        "created_titles",
                        models.PositiveIntegerField(default=0, editable=False, verbose_name="new titles"),
                    ),
                    (
                        "matched_titles",
                        models.PositiveIntegerField(default=0, editable=False, verbose_name="known titles"),
                    ),
                    (
                        "new_copies",
                        models.PositiveIntegerField(default=0, editable=False, verbose_name="new copies"),
                    ),
                    (
                        "rejected",
                        models.PositiveIntegerField(default=0, editable=False, verbose_name="not readable"),
                    ),
                    ("claimed_until", models.DateTimeField(editable=False, null=True)),
                    ("problem", models.TextField(blank=True, editable=False, verbose_name="why it stopped")),
                    ("finished_at", models.DateTimeField(editable=False, null=True, verbose_name="finished")),
                    (
                        "file",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="libraries.storedfile",
                        ),
                    ),
                    (
                        "institution",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="imports",
                            to="libraries.institution",
                            verbose_name="library",
                        ),
                    ),
                    (
                        "started_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "import",
                    "verbose_name_plural": "imports",
                    "ordering": ("-created_at", "-id"),
                },
            ),
            migrations.CreateModel(
                name="Title",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    ("version", models.PositiveIntegerField(default=1, editable=False)),
                    ("title", models.TextField(verbose_name="title")),
                    ("subtitle", models.TextField(blank=True, verbose_name="subtitle")),
                    ("part", models.CharField(blank=True, max_length=120, verbose_name="volume or part")),
                    ("responsibility", models.TextField(blank=True, verbose_name="statement of responsibility")),
                    (
                        "authors",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=200),
                            blank=True,
                            default=list,
                            size=None,
                            verbose_name="authors",
                        ),
                    ),
                    ("publisher", models.CharField(blank=True, max_length=200, verbose_name="publisher")),
                    ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                    ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year")),
                    ("edition", models.CharField(blank=True, max_length=120, verbose_name="edition")),
                    ("series", models.CharField(blank=True, max_length=300, verbose_name="series")),
                    ("extent", models.CharField(blank=True, max_length=120, verbose_name="pages")),
                    (
                        "language",
                        models.CharField(
                            blank=True,
                            help_text="ISO 639-2 code, such as ind.",
                            max_length=3,
                            verbose_name="language",
                        ),
                    ),
                    (
                        "isbn",
                        models.CharField(
                            blank=True, help_text="13 digits without hyphens.", max_length=13, verbose_name="ISBN"
                        ),
                    ),
                    ("ddc", models.CharField(blank=True, max_length=40, verbose_name="DDC number")),
                    (
                        "subjects",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=200),
                            blank=True,
                            default=list,
                            size=None,
                            verbose_name="subjects",
                        ),
                    ),
                    (
                        "reading_level",
                        models.CharField(
                            choices=[
                                ("picture", "Picture books (pre-school)"),
                                ("early", "Early readers (grades 1–2)"),
                                ("middle", "Grades 3–4"),
                                ("upper", "Grades 5–6"),
                                ("teen", "Secondary school"),
                                ("general", "General"),
                            ],
                            default="general",
                            max_length=10,
                            verbose_name="reading level",
                        ),
                    ),
                    (
                        "control_number",
                        models.CharField(blank=True, max_length=60, verbose_name="control number"),
                    ),
                    ("match_key", models.CharField(db_index=True, editable=False, max_length=300)),
                    ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demo data")),
                ],
                options={
                    "verbose_name": "title",
                    "verbose_name_plural": "titles",
                    "ordering": ("title", "id"),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("isbn", ""), _negated=True), fields=["isbn"], name="title_isbn"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Copy",
                fields=[
                    ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, db_index=True, verbose_name="changed")),
                    ("barcode", models.CharField(max_length=40, verbose_name="barcode")),
                    (
                        "accession_number",
                        models.CharField(blank=True, max_length=60, verbose_name="accession number"),
                    ),
                    ("call_number", models.CharField(blank=True, max_length=80, verbose_name="call number")),
                    ("location", models.CharField(blank=True, max_length=60, verbose_name="shelf location")),
                    (
                        "price",
                        models.DecimalField(
                            blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="price (Rp)"
                        ),
                    ),
                    (
                        "condition",
                        models.CharField(
                            choices=[("good", "Good"), ("worn", "Worn"), ("damaged", "Damaged")],
                            default="good",
                            max_length=10,
                            verbose_name="condition",
                        ),
                    ),
                    (
                        "may_travel",
                        models.BooleanField(
                            default=True,
                            help_text="Reference works and single treasures stay at home.",
                            verbose_name="may be lent to partners",
                        ),
                    ),
                    ("acquired_on", models.DateField(blank=True, null=True, verbose_name="acquired")),
                    (
                        "place",
                        models.CharField(
                            choices=[
                                ("shelf", "On the shelf"),
                                ("packed", "Packed for delivery"),
                                ("away", "With a partner"),
                                ("lost", "Lost"),
                                ("withdrawn", "Withdrawn"),
                            ],
                            default="shelf",
                            editable=False,
                            max_length=10,
                            verbose_name="place",
                        ),
                    ),
                    ("placed_at", models.DateTimeField(auto_now_add=True, verbose_name="there since")),
                    ("rests_since", models.DateField(editable=False, null=True, verbose_name="rests since")),
                    ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demo data")),
                    (
                        "holder",
                        models.ForeignKey(
                            editable=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="held_copies",
                            to="libraries.institution",
                            verbose_name="now with",
                        ),
                    ),
                    (
                        "owner",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="copies",
                            to="libraries.institution",
                            verbose_name="owner",
                        ),
                    ),
                    (
                        "title",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="copies",
                            to="catalogue.title",
                            verbose_name="title",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "copy",
                    "verbose_name_plural": "copies",
                    "ordering": ("barcode",),
                    "indexes": [
                        models.Index(fields=["owner", "place", "rests_since"], name="copy_resting"),
                        models.Index(fields=["holder", "place"], name="copy_held"),
                        models.Index(fields=["owner", "call_number", "id"], name="copy_shelf_order"),
                        models.Index(fields=["updated_at", "id"], name="copy_changes"),
                        models.Index(fields=["barcode"], name="copy_barcode"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("owner", "barcode"),
                            name="copy_barcode_once",
                            violation_error_message="Another copy of this library already has this barcode.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("place__in", ["shelf", "packed", "away", "lost", "withdrawn"])),
                            name="copy_place_known",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("place__in", ["away", "lost"]), ("holder", models.F("owner")), _connector="OR"
                            ),
                            name="copy_at_home_is_with_owner",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ImportJobAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    (
                        "format",
                        models.CharField(
                            choices=[("marc", "MARC 21 / INDOMARC (ISO 2709)"), ("marcxml", "MARCXML")],
                            default="marc",
                            max_length=10,
                            verbose_name="format",
                        ),
                    ),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("waiting", "Waiting"),
                                ("running", "Running"),
                                ("done", "Finished"),
                                ("failed", "Stopped"),
                            ],
                            default="waiting",
                            max_length=10,
                            verbose_name="status",
                        ),
                    ),
                    (
                        "invent_copies",
                        models.BooleanField(
                            default=False,
                            help_text="Such a copy gets a barcode made from the import.",
                            verbose_name="make one copy for records that name none",
                        ),
                    ),
                    ("total_bytes", models.PositiveBigIntegerField(default=0, editable=False)),
                    ("problem", models.TextField(blank=True, editable=False, verbose_name="why it stopped")),
                    ("finished_at", models.DateTimeField(editable=False, null=True, verbose_name="finished")),
                    (
                        "file",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.storedfile",
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
                            verbose_name="library",
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
                            to="catalogue.importjob",
                        ),
                    ),
                    (
                        "started_by",
                        models.ForeignKey(
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="ImportRecord",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("position", models.PositiveIntegerField(verbose_name="record")),
                    (
                        "outcome",
                        models.CharField(
                            choices=[
                                ("created", "New title"),
                                ("matched", "Title already known"),
                                ("rejected", "Not readable"),
                                ("copy_exists", "Copy already known"),
                            ],
                            max_length=12,
                            verbose_name="outcome",
                        ),
                    ),
                    ("label", models.CharField(blank=True, max_length=300, verbose_name="title")),
                    ("findings", models.JSONField(blank=True, default=list, verbose_name="findings")),
                    ("copies", models.PositiveSmallIntegerField(default=0, verbose_name="new copies")),
                    (
                        "job",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="records",
                            to="catalogue.importjob",
                        ),
                    ),
                    (
                        "title",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="catalogue.title",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "imported record",
                    "verbose_name_plural": "imported records",
                    "ordering": ("job", "position"),
                    "constraints": [
                        models.UniqueConstraint(fields=("job", "position"), name="import_record_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="TitleAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                    ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    ("version", models.PositiveIntegerField(default=1, editable=False)),
                    ("title", models.TextField(verbose_name="title")),
                    ("subtitle", models.TextField(blank=True, verbose_name="subtitle")),
                    ("part", models.CharField(blank=True, max_length=120, verbose_name="volume or part")),
                    ("responsibility", models.TextField(blank=True, verbose_name="statement of responsibility")),
                    (
                        "authors",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=200),
                            blank=True,
                            default=list,
                            size=None,
                            verbose_name="authors",
                        ),
                    ),
                    ("publisher", models.CharField(blank=True, max_length=200, verbose_name="publisher")),
                    ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                    ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year")),
                    ("edition", models.CharField(blank=True, max_length=120, verbose_name="edition")),
                    ("series", models.CharField(blank=True, max_length=300, verbose_name="series")),
                    ("extent", models.CharField(blank=True, max_length=120, verbose_name="pages")),
                    (
                        "language",
                        models.CharField(
                            blank=True,
                            help_text="ISO 639-2 code, such as ind.",
                            max_length=3,
                            verbose_name="language",
                        ),
                    ),
                    (
                        "isbn",
                        models.CharField(
                            blank=True, help_text="13 digits without hyphens.", max_length=13, verbose_name="ISBN"
                        ),
                    ),
                    ("ddc", models.CharField(blank=True, max_length=40, verbose_name="DDC number")),
                    (
                        "subjects",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=200),
                            blank=True,
                            default=list,
                            size=None,
                            verbose_name="subjects",
                        ),
                    ),
                    (
                        "reading_level",
                        models.CharField(
                            choices=[
                                ("picture", "Picture books (pre-school)"),
                                ("early", "Early readers (grades 1–2)"),
                                ("middle", "Grades 3–4"),
                                ("upper", "Grades 5–6"),
                                ("teen", "Secondary school"),
                                ("general", "General"),
                            ],
                            default="general",
                            max_length=10,
                            verbose_name="reading level",
                        ),
                    ),
                    (
                        "control_number",
                        models.CharField(blank=True, max_length=60, verbose_name="control number"),
                    ),
                    ("match_key", models.CharField(editable=False, max_length=300)),
                    ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demo data")),
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
                            to="catalogue.title",
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="CopyAudit",
                fields=[
                    ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                    ("pgh_label", models.TextField(help_text="The event label.")),
                    ("id", models.UUIDField(editable=False, serialize=False)),
                    ("barcode", models.CharField(max_length=40, verbose_name="barcode")),
                    ("call_number", models.CharField(blank=True, max_length=80, verbose_name="call number")),
                    (
                        "accession_number",
                        models.CharField(blank=True, max_length=60, verbose_name="accession number"),
                    ),
                    (
                        "price",
                        models.DecimalField(
                            blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="price (Rp)"
                        ),
                    ),
                    (
                        "condition",
                        models.CharField(
                            choices=[("good", "Good"), ("worn", "Worn"), ("damaged", "Damaged")],
                            default="good",
                            max_length=10,
                            verbose_name="condition",
                        ),
                    ),
                    (
                        "owner",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="libraries.institution",
                            verbose_name="owner",
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
                            to="catalogue.copy",
                        ),
                    ),
                    (
                        "title",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            related_query_name="+",
                            to="catalogue.title",
                            verbose_name="title",
                        ),
                    ),
                ],
                options={
                    "abstract": False,
                },
            ),
        ]),
    ]
