import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("libraries", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
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
        pgtrigger.migrations.AddTrigger(
            model_name="title",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "catalogue_titleaudit" ("authors", "control_number", "created_at", "ddc", "edition", "extent", "id", "is_demo", "isbn", "language", "match_key", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "publisher", "reading_level", "responsibility", "series", "subjects", "subtitle", "title", "updated_at", "version", "year") VALUES (NEW."authors", NEW."control_number", NEW."created_at", NEW."ddc", NEW."edition", NEW."extent", NEW."id", NEW."is_demo", NEW."isbn", NEW."language", NEW."match_key", NEW."part", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."publisher", NEW."reading_level", NEW."responsibility", NEW."series", NEW."subjects", NEW."subtitle", NEW."title", NEW."updated_at", NEW."version", NEW."year"); RETURN NULL;',
                    hash="091a5fe65430d18a8c4a76e351917eb5cc80329e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e9297",
                    table="catalogue_title",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="title",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "catalogue_titleaudit" ("authors", "control_number", "created_at", "ddc", "edition", "extent", "id", "is_demo", "isbn", "language", "match_key", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "publisher", "reading_level", "responsibility", "series", "subjects", "subtitle", "title", "updated_at", "version", "year") VALUES (NEW."authors", NEW."control_number", NEW."created_at", NEW."ddc", NEW."edition", NEW."extent", NEW."id", NEW."is_demo", NEW."isbn", NEW."language", NEW."match_key", NEW."part", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."publisher", NEW."reading_level", NEW."responsibility", NEW."series", NEW."subjects", NEW."subtitle", NEW."title", NEW."updated_at", NEW."version", NEW."year"); RETURN NULL;',
                    hash="252484656114f834737a52a5c3c0475f78a2f738",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e72ea",
                    table="catalogue_title",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="title",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "catalogue_titleaudit" ("authors", "control_number", "created_at", "ddc", "edition", "extent", "id", "is_demo", "isbn", "language", "match_key", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "publisher", "reading_level", "responsibility", "series", "subjects", "subtitle", "title", "updated_at", "version", "year") VALUES (OLD."authors", OLD."control_number", OLD."created_at", OLD."ddc", OLD."edition", OLD."extent", OLD."id", OLD."is_demo", OLD."isbn", OLD."language", OLD."match_key", OLD."part", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."publisher", OLD."reading_level", OLD."responsibility", OLD."series", OLD."subjects", OLD."subtitle", OLD."title", OLD."updated_at", OLD."version", OLD."year"); RETURN NULL;',
                    hash="3f693695dfc071aa066cafdefeabe63143bd2e9e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0e697",
                    table="catalogue_title",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importjob",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "catalogue_importjobaudit" ("created_at", "file_id", "finished_at", "format", "id", "institution_id", "invent_copies", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "started_by_id", "status", "total_bytes", "updated_at") VALUES (NEW."created_at", NEW."file_id", NEW."finished_at", NEW."format", NEW."id", NEW."institution_id", NEW."invent_copies", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."problem", NEW."started_by_id", NEW."status", NEW."total_bytes", NEW."updated_at"); RETURN NULL;',
                    hash="dfd942872b5257a977a6d5f900049d9b52549f1d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_38418",
                    table="catalogue_importjob",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importjob",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."file_id" IS DISTINCT FROM (NEW."file_id") OR OLD."finished_at" IS DISTINCT FROM (NEW."finished_at") OR OLD."format" IS DISTINCT FROM (NEW."format") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."institution_id" IS DISTINCT FROM (NEW."institution_id") OR OLD."invent_copies" IS DISTINCT FROM (NEW."invent_copies") OR OLD."problem" IS DISTINCT FROM (NEW."problem") OR OLD."started_by_id" IS DISTINCT FROM (NEW."started_by_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."total_bytes" IS DISTINCT FROM (NEW."total_bytes") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at"))',
                    func='INSERT INTO "catalogue_importjobaudit" ("created_at", "file_id", "finished_at", "format", "id", "institution_id", "invent_copies", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "started_by_id", "status", "total_bytes", "updated_at") VALUES (NEW."created_at", NEW."file_id", NEW."finished_at", NEW."format", NEW."id", NEW."institution_id", NEW."invent_copies", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."problem", NEW."started_by_id", NEW."status", NEW."total_bytes", NEW."updated_at"); RETURN NULL;',
                    hash="ceefcca252dbbf1b4754f36c2962f73b463a4c98",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2a8e5",
                    table="catalogue_importjob",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importjob",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "catalogue_importjobaudit" ("created_at", "file_id", "finished_at", "format", "id", "institution_id", "invent_copies", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "started_by_id", "status", "total_bytes", "updated_at") VALUES (OLD."created_at", OLD."file_id", OLD."finished_at", OLD."format", OLD."id", OLD."institution_id", OLD."invent_copies", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."problem", OLD."started_by_id", OLD."status", OLD."total_bytes", OLD."updated_at"); RETURN NULL;',
                    hash="2afab2a251e166283ce05fa0f04d63c391cb718a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_073d2",
                    table="catalogue_importjob",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importjobaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="beda548aadf9e242690cdc31d410a21831a1c156",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_425f7",
                    table="catalogue_importjobaudit",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="copyaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="177358fedcdd2cb25aece68135d83f624611338c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_388e2",
                    table="catalogue_copyaudit",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="copy",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "catalogue_copyaudit" ("accession_number", "barcode", "call_number", "condition", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "title_id") VALUES (NEW."accession_number", NEW."barcode", NEW."call_number", NEW."condition", NEW."id", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."price", NEW."title_id"); RETURN NULL;',
                    hash="65f6aaae8d6386555add70d46e7d4d84dcea90d2",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d3db2",
                    table="catalogue_copy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="copy",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."accession_number" IS DISTINCT FROM (NEW."accession_number") OR OLD."barcode" IS DISTINCT FROM (NEW."barcode") OR OLD."call_number" IS DISTINCT FROM (NEW."call_number") OR OLD."condition" IS DISTINCT FROM (NEW."condition") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."price" IS DISTINCT FROM (NEW."price") OR OLD."title_id" IS DISTINCT FROM (NEW."title_id"))',
                    func='INSERT INTO "catalogue_copyaudit" ("accession_number", "barcode", "call_number", "condition", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "title_id") VALUES (NEW."accession_number", NEW."barcode", NEW."call_number", NEW."condition", NEW."id", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."price", NEW."title_id"); RETURN NULL;',
                    hash="48924262d54a95102212564897addfdd2f9aeaea",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_87b6d",
                    table="catalogue_copy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="copy",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "catalogue_copyaudit" ("accession_number", "barcode", "call_number", "condition", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "title_id") VALUES (OLD."accession_number", OLD."barcode", OLD."call_number", OLD."condition", OLD."id", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."price", OLD."title_id"); RETURN NULL;',
                    hash="72fab2124798093540cb6471d5af198f1fdf4fb0",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9a14f",
                    table="catalogue_copy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="titleaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c12fde435b676a4dbd4325c6f498f4c14420f3f6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_214c7",
                    table="catalogue_titleaudit",
                    when="BEFORE",
                ),
            ),
        ),
    ]
