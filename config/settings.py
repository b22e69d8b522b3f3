"""Deployment facts, all from the environment. Product knobs are rows with defaults, not settings."""

import os
import sys
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from kombu import Exchange, Queue

from config import env
from config.private import create_private
from config.shared.breaker import MOST_COUNTED, impatient, impatient_in_a_loop

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
create_private()  # here, because no process of ours goes without settings

DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var"))).resolve()
PORT = env.number("PORT", 8000)
DEMO = env.flag("DEMO")
DEBUG = env.flag("DEBUG")

SECRET_KEY = env.text("SECRET_KEY")
_generated_key = DATA_DIR / "secret_key"
if not SECRET_KEY and _generated_key.exists():
    SECRET_KEY = _generated_key.read_text().strip()
if not SECRET_KEY and TESTING:
    SECRET_KEY = "tests-only-and-never-anywhere-else-" + "x" * 32

SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
FIELD_KEYS = env.words("FIELD_KEYS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
PUBLIC_URL = env.text("PUBLIC_URL", f"http://127.0.0.1:{PORT}")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")
# Safe to believe: config.proxy takes the header away from requests that came past the trusted proxies.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
MAX_BODY_BYTES = env.number("MAX_BODY_BYTES", 64 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES
CONNECTIONS_PER_ADDRESS = env.number("CONNECTIONS_PER_ADDRESS", 256)
WEBHOOK_ALLOW_NETWORKS = env.networks("WEBHOOK_ALLOW_NETWORKS")

DATABASES = {"default": env.database("DATABASE_URL", sqlite_file=DATA_DIR / "respite.sqlite3")}
DATABASE_LOGS_ACKNOWLEDGED = env.flag("DATABASE_LOGS_ACKNOWLEDGED")
REDIS_URL = env.text("REDIS_URL")
CLUSTER = env.flag("CLUSTER")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    MODE = "embedded"
else:
    MODE = "cluster" if REDIS_URL else "postgresql"
if TESTING:
    # Races hold more connections at once than a process of ours ever would.
    DATABASES["default"]["OPTIONS"].pop("pool", None)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "channels",
    "csp",
    "ninja",
    "config",
    "audit",
    "outbox",
    "live",
    "people",
    "wellbeing",
    "queues",
    "moderation",
]

MIDDLEWARE = [
    "config.proxy.TrustedProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Before what serves static files, so that they say the same.
    "config.policies.PoliciesMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.probes.ProbesMiddleware",
    "config.astray.ClockMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "web.desk.one_door.DeskDoorMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.sign_in.middleware.SessionUseMiddleware",
    "people.sign_in.middleware.SecondFactorMiddleware",
    "people.sign_in.middleware.RefusedDoorMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
CHANNEL_LAYERS: dict[str, Any] = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": MOST_COUNTED},
    }
}
RATE_STORAGE = "limits.storage.MemoryStorage"
OUTBOX_HANDLERS = "config.outbox.HANDLERS"
OUTBOX_SWEEPS = "config.outbox.SWEEPS"
OUTBOX_NUDGE = "config.waking.pipe.nudge" if MODE == "embedded" else "config.waking.notices.nudge"
OUTBOX_EAR = "config.waking.pipe.listen" if MODE == "embedded" else "config.waking.notices.listen"
if TESTING:
    # A line to the database that nobody asked for would keep the tests' own from being dropped.
    OUTBOX_NUDGE = OUTBOX_EAR = ""
TRUSTED_CLOCK = "config.clock.now"
if REDIS_URL:
    CHANNEL_LAYERS["default"] = {
        # Publish and subscribe: memberships are the processes' own, so a Redis that comes back empty loses none.
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"prefix": "respite", "hosts": [{"address": REDIS_URL, **impatient_in_a_loop()}]},
    }
    CACHES["default"] = {
        "BACKEND": "config.shared.cache.SharedCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "respite",
        "OPTIONS": impatient(),
    }
    RATE_STORAGE = "config.shared.rates.SharedStorage"
    OUTBOX_NUDGE, OUTBOX_EAR = "config.celery.nudge", ""  # workers hear by Celery, the sweeper by itself

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": "respite-tasks-",
    # A nudge that nobody confirmed comes again after this; longer than any task may take (CELERY_TASK_TIME_LIMIT).
    "visibility_timeout": 1200,
    "socket_connect_timeout": 0.5,
    "socket_timeout": 2,
    "health_check_interval": 10,
}
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_DEFAULT_QUEUE = "main"
# One for each pool of config/outbox.py, on the nameless exchange: it needs no binding that an empty Redis would lack.
CELERY_TASK_QUEUES = [
    Queue(name, Exchange("", type="direct"), routing_key=name) for name in ("main", "media", "webhooks")
]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 900
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 25
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = True
CELERY_TIMEZONE = "UTC"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"desk_panel": "web.desk.panel"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "people.sign_in.context.around",
            ],
        },
    }
]

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "people.sign_in.passwords.Strength"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "people.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# What they mean: people.sign_in.attempts. A key is a name and a place together, in ``anywhere`` and ``at_most`` a name.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "10/m/ip",
    "login_failed_here": "5/5m/key",
    "login_failed_anywhere": "20/h/key",
    "login_failed_slow": "1/5m/key",
    "code_failed": "10/m/ip",
    "code_failed_here": "5/5m/key",
    "code_failed_anywhere": "20/h/key",
    "code_failed_slow": "1/5m/key",
    "code_failed_at_most": "100/d/key",
}
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 56  # what one connection is given
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Respite"
MFA_FORMS = {
    "authenticate": "people.sign_in.forms.CodeForm",
    "reauthenticate": "people.sign_in.forms.CodeAgainForm",
}
MFA_ADAPTER = "people.sign_in.adapters.SecondFactorAdapter"

SECURE_COOKIES = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "people.sign_in.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60  # of the cookie; when the session itself ends, people.rules.sessions says
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "worker-src": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # Not report-to: where it is named Chromium leaves this one alone, and over plain HTTP it then reports nothing.
        "report-uri": "/policy-reports",
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_AUTOREFRESH = DEBUG or TESTING  # each test client would list all static files anew
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(DATA_DIR / "media")))

MESSAGE_STORAGE = "people.sign_in.telling.Storage"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
TEST_RUNNER = "django.test.runner.DiscoverRunner"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # whether subdomains and preload lists join is the operator's domain, not ours
    "security.W021",
    "security.W008",  # the proxy that ends TLS redirects; embedded mode has no TLS
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.plain_logs.PlainFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
    "loggers": {"respite": {"level": os.environ.get("LOG_LEVEL", "INFO")}},
}
