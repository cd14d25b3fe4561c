"""Django's settings, all derived from `pirab.conf.environment`: nothing is configured in two places."""

from __future__ import annotations

from pirab.conf.environment import Environment

ENVIRONMENT = Environment.load()

DEBUG = False
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = ["*"]  # nginx answers for any name; no absolute link is ever built from the Host header
ROOT_URLCONF = "pirab.conf.urls"
WSGI_APPLICATION = "pirab.conf.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "procrastinate.contrib.django",
    "pirab.blob",
    "pirab.directory",
    "pirab.directory.finding",
    "pirab.signin",
    "pirab.approvals",
    "pirab.groups",
    "pirab.store",
    "pirab.extraction",
    "pirab.delivery",
    "pirab.submission",
    "pirab.filtering",
    "pirab.push",
    "pirab.transfer",
    "pirab.contacts",
    "pirab.domainaudit",
    "pirab.personnel",
    "pirab.console",
    "pirab.conf",
]

MIDDLEWARE: list[str] = []  # the doors authenticate by themselves: see pirab.jmap

_DATABASE = ENVIRONMENT.database
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _DATABASE.name,
        "USER": _DATABASE.user,
        "PASSWORD": ENVIRONMENT.database_password,
        "HOST": _DATABASE.host,
        "PORT": str(_DATABASE.port),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "application_name": "pirab"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "directory.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

SESSION_COOKIE_NAME = "pirab_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = ENVIRONMENT.public_url.startswith("https:")
SESSION_COOKIE_AGE = 14 * 24 * 3600

USE_TZ = True
TIME_ZONE = "UTC"  # facts are kept in UTC; people see Asia/Bangkok
LANGUAGE_CODE = "th"
USE_I18N = False

PROCRASTINATE_WORKER_DEFAULTS = {
    "concurrency": 4,
    "fetch_job_polling_interval": 0.5,  # seconds: how late a job with an hour of its own may start
    "update_heartbeat_interval": 2.0,
    "stalled_worker_timeout": 8.0,  # pirab.core.jobs.STALLED_SECONDS
    "shutdown_graceful_timeout": 15.0,
    "delete_jobs": "successful",
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * ENVIRONMENT.message_size_limit
LOGGING_CONFIG = None  # pirab.core.log configures logging when a process starts
SILENCED_SYSTEM_CHECKS: list[str] = []
