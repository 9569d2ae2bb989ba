"""Settings, all from the environment. Each name is explained in `.env.example`; a missing one stops the start.

There is one settings file for every place it runs: nothing exists only in production.
"""

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from kerjasama.schedule import TIMETABLE

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env", overwrite=False)

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("SECRET_KEY is too short: give it at least 32 random characters.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Where this installation is reached from outside; printed in mails and in the QR codes of papers.
BASE_URL = env.str("BASE_URL", default="http://localhost:8000").rstrip("/")
# What the installation calls itself.
SITE_NAME = env.str("SITE_NAME", default="Kerjasama")
DEMO = env.bool("DEMO", default=False)

# --- applications -----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "kerjasama.apps.KerjasamaConfig",
    "libraries.apps.LibrariesConfig",
    "libraries.catalogue.apps.CatalogueConfig",
    "agreements.apps.AgreementsConfig",
    "loans.apps.LoansConfig",
    "mobile_service.apps.MobileServiceConfig",
    "kerjasama.admin_site.KerjasamaAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Index expressions by operator class (search by any word).
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "kerjasama.requests.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "libraries.language.LanguageMiddleware",
    "kerjasama.pages.views.MethodPage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "libraries.portal.carrying.CarriedFormMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "libraries.second_factor.SecondFactorMiddleware",
    "kerjasama.requests.HistoryMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

# The triggers of the history are installed whole at the end of each `migrate` (kerjasama.domain.audit). Written into the
# migrations, each would cost a new rendering of all models: half of the time that an empty database takes.
PGTRIGGER_MIGRATIONS = False

ROOT_URLCONF = "kerjasama.urls"
WSGI_APPLICATION = "kerjasama.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kerjasama.pages.context.house",
            ],
            "libraries": {"house": "kerjasama.pages.templatetags.house"},
        },
    },
]
FORM_RENDERER = "kerjasama.pages.forms.FormRenderer"

# --- data -------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL")}
if "postgresql" not in DATABASES["default"]["ENGINE"]:
    raise ImproperlyConfigured(
        "DATABASE_URL must name a PostgreSQL database: constraints and triggers depend on it."
    )
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The cache lives in PostgreSQL: allauth counts sign-in attempts in it, and a flushed broker must not reset them.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media")))
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static")))
# Leaflet draws the maps; it comes in a package whose Django app is not needed, so only its files are taken.
_leaflet = find_spec("leaflet")
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *(Path(place) / "static" for place in (_leaflet.submodule_search_locations or () if _leaflet else ())),
]
STORAGES = {
    # Private: nothing under MEDIA_ROOT has an address of its own, files leave only through a checked view.
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"base_url": None}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# Each look-up by itself, also in the tests: else every browser of a test lists all files of all apps before its first page.
WHITENOISE_AUTOREFRESH = DEBUG
# Source maps are read by developers' tools alone; compressing them takes longer than all the rest together.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- language and time ------------------------------------------------------------------------------------------

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "kerjasama" / "locale"]
LANGUAGE_COOKIE_NAME = "bahasa"
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Jakarta")
FIRST_DAY_OF_WEEK = 1

# --- people -----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "libraries.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "libraries.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO
# Where somebody is signed in is noted at sign-in; noting every page would cost three statements each.
USERSESSIONS_TRACK_ACTIVITY = False
# Staff must show a second factor in the session they work in. The demo alone turns this off.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=True)
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=12) * 3600

# Years after the last agreement until a contact is erased (UU 27/2022); an earlier or later day can be set for each.
CONTACT_RETENTION_YEARS = env.int("CONTACT_RETENTION_YEARS", default=5)

# --- the wire ---------------------------------------------------------------------------------------------------

BEHIND_TLS = env.bool("BEHIND_TLS", default=not DEBUG and not DEMO)
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = False
LANGUAGE_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "kerjasama.pages.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Without tiles a map shows its points alone, and no reader's browser asks anybody else for anything.
TILE_URL = env.str("TILE_URL", default="")
TILE_ATTRIBUTION = env.str("TILE_ATTRIBUTION", default="")
# Driving times: a road engine (OSRM), where there is one; else the crow's way at this speed, and so much more for each leg.
OSRM_URL = env.str("OSRM_URL", default="").rstrip("/")
VAN_SPEED_KMH = env.float("VAN_SPEED_KMH", default=24.0)
VAN_LEG_MINUTES = env.float("VAN_LEG_MINUTES", default=2.0)
if TILE_URL:
    # {s} stands for a few subdomains; the policy names them all by an asterisk.
    _tiles = urlsplit(TILE_URL.replace("{s}", "*"))
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(f"{_tiles.scheme}://{_tiles.netloc}")
PERMISSIONS_POLICY = {
    feature: [] for feature in ("camera", "microphone", "geolocation", "payment", "usb", "interest-cohort")
}

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Kerjasama <kerjasama@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- background work --------------------------------------------------------------------------------------------

# Redis is the broker and nothing else: no cache, no results, so it may die or be flushed without loss.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="redis://localhost:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # At least three times the longest task: a task that outlives this would be handed out a second time.
    "visibility_timeout": 3600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "retry_on_timeout": False,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_ENABLE_UTC = True
CELERY_BEAT_SCHEDULE = TIMETABLE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- the API ----------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "libraries.api.authentication.TokenAuthentication",
        "libraries.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["libraries.api.permissions.HasScope"],
    "DEFAULT_PAGINATION_CLASS": "kerjasama.api.pagination.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["kerjasama.api.filtering.StrictFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["kerjasama.api.parsing.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "kerjasama.api.schema.HouseSchema",
    "EXCEPTION_HANDLER": "kerjasama.api.problems.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": ["kerjasama.api.throttling.RequestBrake"],
    "URL_FORMAT_OVERRIDE": None,
    "PAGE_SIZE": 50,
    "DEFAULT_VERSIONING_CLASS": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# Counted in each worker process: a brake for programs that have run wild, not a quota.
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=3000)
API_FAILURES_PER_MINUTE = 60
IDEMPOTENCY_MEMORY = "libraries.api.memory.Memory"
SPECTACULAR_SETTINGS = {
    "TITLE": "Kerjasama API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "DESCRIPTION": "Agreements between libraries and what is lent under them. Every transition is one POST; "
    "errors are problem details (RFC 9457); lists are cursor pages.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none", "validatorUrl": None},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "kerjasama.api.schema.with_problem",
    ],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    # One name per closed vocabulary, wherever it is used.
    "ENUM_NAME_OVERRIDES": {
        name: f"{module}.{name}"
        for module, names in {
            "libraries.choices": "InstitutionKind Zone RegionLevel PaperKind PaperStatus Tone NetworkKind LegalForm NetworkRole NetworkStatus AssessmentStatus AnswerValue FollowUpStatus PersonFunction ConsentHow ServiceKind",
            "libraries.catalogue.choices": "ReadingLevel Material CopyPlace Condition ImportStatus ImportFormat ImportOutcome",
            "agreements.choices": "AgreementKind AgreementStatus PartyRole AgreedHow InitiatedBy ReplacementWay ActivityKind"
            " ActivityStatus Ground InvitationAnswer EquipmentOpenTo BookingStatus CooperationForm"
            " RequestChannel RequestStatus RequestSide IndicatorKind Direction Gathering MeasurementSource"
            " ObstacleKind EvaluationStatus Recommendation SignedKind Audience Proof CostBearer"
            " ObligationStatus Factor DeskOutcome",
            "loans.choices": "ProgrammeStatus PeriodStatus ConsignmentStatus LineStatus ReceiptState DiscrepancyKind ScanDesk ScanOutcome CaseKind CaseStatus Settlement VisitStatus PlanStatus PlanMode StocktakeStatus ReviewState PleaKind PleaAnswer BulkKind WriteOffReason",
            "mobile_service.choices": "SeriesStatus TripStatus StopKind CrewFunction StopSheetStatus RoutePlanStatus EntryKind EntryOutcome",
        }.items()
        for name in names.split()
    }
    | {
        "VanVisitStatus": "mobile_service.choices.VisitStatus",
        "VisitRequestStatus": "mobile_service.choices.RequestStatus",
    },
    "SORT_OPERATIONS": False,
}
REST_KNOX = {
    "TOKEN_MODEL": "libraries.ApiToken",
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_PREFIX": "kjs_",
    "TOKEN_TTL": None,
    "AUTO_REFRESH": False,
}
KNOX_TOKEN_MODEL = "libraries.ApiToken"
# Knox's own migrations would create the table of the model that ours takes the place of.
MIGRATION_MODULES = {"knox": None}

# --- audit and logs ---------------------------------------------------------------------------------------------

LOG_JSON = env.bool("LOG_JSON", default=not DEBUG and not DEMO)
LOG_CHAIN = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *LOG_CHAIN,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "house": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": LOG_CHAIN,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer()
                if LOG_JSON
                else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "house"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"level": "INFO"},
        # Sweeps run every few seconds and mostly find nothing; what a task did is its own line to write.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        # Its triggers are installed anew by every `migrate`, which is nothing to report.
        "pgtrigger": {"level": "WARNING"},
    },
}

# --- rules of this installation ---------------------------------------------------------------------------------

# Uploads: 10 MB for scans and photographs, more for catalogue files.
UPLOAD_MAX_BYTES = 10 * 1024 * 1024
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_MB", default=200) * 1024 * 1024
