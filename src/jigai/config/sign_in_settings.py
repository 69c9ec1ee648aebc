"""Sign-in by django-allauth: identifiers, second factor, rate limits, lock-out, sessions."""

from __future__ import annotations

from jigai.config import environment

# The full path: sessions keep the module in which the class is defined.
AUTHENTICATION_BACKENDS = ["jigai.core.sign_in.backend.IdentifierBackend"]
ACCOUNT_ADAPTER = "jigai.core.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
# Per address; a whole office may share one. The lock-out of an account is our own (below), since
# these counters live in each process.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip",
    "change_password": "10/m/user",
    "reauthenticate": "10/m/user",
}
# How many reverse proxies stand before the server; their X-Forwarded-For is believed, no other.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("JIGAI_PROXIES", 0)

# Wrong passwords or codes of one account within the window lock it for a while.
SIGN_IN_FAILURES = environment.number("JIGAI_SIGN_IN_FAILURES", 5)
SIGN_IN_WINDOW_SECONDS = environment.number("JIGAI_SIGN_IN_WINDOW_SECONDS", 600)
SIGN_IN_LOCK_SECONDS = environment.number("JIGAI_SIGN_IN_LOCK_SECONDS", 600)

# The oldest session ends when an account opens one more; an idle one ends by itself.
SESSIONS_PER_ACCOUNT = environment.number("JIGAI_SESSIONS_PER_ACCOUNT", 3)
SESSION_IDLE_SECONDS = environment.number("JIGAI_SESSION_IDLE_SECONDS", 30 * 60)
# Our own middleware touches sessions once a minute; allauth would write with every request.
USERSESSIONS_TRACK_ACTIVITY = False

MFA_ADAPTER = "jigai.core.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "技改通"
# One step to either side, for phones whose clock is half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "jigai.core.sign_in.second_factor.AuthenticateForm",
    "activate_totp": "jigai.core.sign_in.second_factor.ActivateForm",
    "reauthenticate": "jigai.core.sign_in.second_factor.ReauthenticateForm",
}

_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "mobile", "email")},
    },
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
    {"NAME": "jigai.core.sign_in.passwords.SeveralKinds"},
    {"NAME": "jigai.core.sign_in.passwords.NotTheOldOne"},
]
