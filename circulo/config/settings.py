"""All settings, read from the environment. Development is the defaults, production is variables."""

from typing import Any
from urllib.parse import urlsplit

from circulo.config import database, env, logs

HOME = env.home()
BASE_URL = env.base_url(HOME)
DEBUG = False
SECRET_KEY = env.secret_key(HOME)
SECURE = BASE_URL.startswith("https://")
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS += [name for name in env.text("CIRCULO_HOSTS").split(",") if name]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "django_htmx",
    "circulo.web",
    "circulo.accounts",
    "circulo.records",
    "circulo.parties",
    "circulo.catalog",
    "circulo.timeline",
    "circulo.agenda",
    "circulo.documents",
    "circulo.needs",
    "circulo.channels.email",
    "circulo.sales",
    "circulo.leads",
    "circulo.territories",
    "circulo.quotes",
    "circulo.forecasts",
    "circulo.desk",
    "circulo.portal",
    "circulo.api",
    "circulo.dav",
]
MIDDLEWARE = [
    "circulo.web.middleware.safety_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "circulo.web.middleware.database_outage",
    "circulo.accounts.middleware.origin_of_the_request",
    "circulo.api.entrance.straight_to_the_api",
    "circulo.dav.entrance.straight_to_the_collections",
    "circulo.web.middleware.heads_of_pages",
    "circulo.web.middleware.CompressedPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "circulo.accounts.middleware.person_of_the_session",
    "circulo.accounts.middleware.locale_of_the_user",
    "django_htmx.middleware.HtmxMiddleware",
    "circulo.web.middleware.toasts_over_redirects",
    "circulo.web.middleware.modest_strangers",
    "circulo.web.middleware.only_for_forms",
]
FORM_RENDERER = "circulo.web.forms.Renderer"
ROOT_URLCONF = "circulo.config.urls"
WSGI_APPLICATION = "circulo.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "circulo.web.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "circulo.web.templatetags.circulo"],
        },
    }
]


def _database() -> dict[str, Any]:
    """The server that DATABASE_URL names, or the one of our own under CIRCULO_HOME."""
    server = database.server()
    return {
        "ENGINE": "circulo.config.engine",
        "NAME": server.get("dbname") or "circulo",
        "USER": server.get("user") or "",
        "PASSWORD": server.get("password") or "",
        "HOST": server.get("host") or "",
        "PORT": str(server.get("port") or ""),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "prepare_threshold": 5,
            "connect_timeout": 5,
            "tcp_user_timeout": 30_000,
            "options": f"-c statement_timeout={1000 * env.whole('CIRCULO_STATEMENT_SECONDS', 30)}"
            " -c idle_in_transaction_session_timeout=60000",
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["circulo.accounts.backends.ByEmail"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "circulo.accounts.passwords.SpanishWordsValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
# How many proxies of ours stand in front; without them X-Forwarded-For is not believed.
TRUSTED_PROXIES = env.whole("CIRCULO_PROXIES", 0)
PASSWORD_RESET_TIMEOUT = 60 * 60
SESSION_ENGINE = "circulo.accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-circulo" if SECURE else "circulo"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "circulo.web.errors.csrf_failed"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None

LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LOCALE_PATHS = [str(env.CHECKOUT / "circulo" / "locale")]
TIME_ZONE = env.text("CIRCULO_TIME_ZONE", "Europe/Madrid")
USE_I18N = USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [("vendor", HOME / "vendor")]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "media"},
    },
    "staticfiles": {"BACKEND": "circulo.web.staticfiles.Storage"},
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "circulo.web.staticfiles.StyleFinder",
]
FILE_LIMIT = env.whole("CIRCULO_FILE_LIMIT_MB", 25) * 1024 * 1024
IMPORT_LIMIT = env.whole("CIRCULO_IMPORT_LIMIT_MB", 200) * 1024 * 1024
# How long changes are kept in the history; 0: for ever.
HISTORY_DAYS = env.whole("CIRCULO_HISTORY_DAYS", 0)
FONTS = HOME / "fonts"
LIVE_SOCKET = env.short(HOME / "live.sock")
WHITENOISE_ROOT = None
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a grid of quotas has twelve cells for everybody
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

EMAIL_HOST = env.text("CIRCULO_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = env.whole("CIRCULO_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("CIRCULO_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("CIRCULO_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("CIRCULO_SMTP_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("CIRCULO_MAIL_FROM", "circulo@localhost")

# Who we are to the push services of browsers, and services that may be reached though they are not
# public: as `host` or `host:port`, for those of one's own network.
PUSH_KEY = env.push_key(HOME)
PUSH_HOSTS = [name for name in env.text("CIRCULO_PUSH_HOSTS").split(",") if name]

API_CALLS_PER_MINUTE = env.whole("CIRCULO_API_CALLS_PER_MINUTE", 120_000)

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
SILENCED_SYSTEM_CHECKS = ["staticfiles.W004"]
LOGGING = logs.lines()
