"""The addresses of allauth that Respite uses. What is not named here does not exist.

Signing out is mounted by ``config``: it lets go of the case in hand first.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path

from people.sign_in.resets import by_own_hand
from people.sign_in.views import end_other_sessions, end_session, own_sessions, totp_picture

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("sessions/", own_sessions, name="own_sessions"),
    path("sessions/others/end/", end_other_sessions, name="end_other_sessions"),
    path("sessions/<str:mark>/end/", end_session, name="end_session"),
    path("2fa/", second_factor.index, name="mfa_index"),
    path("2fa/authenticate/", second_factor.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", by_own_hand(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/activate/picture.svg", totp_picture, name="totp_picture"),
    path("2fa/totp/deactivate/", by_own_hand(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        by_own_hand(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
]
