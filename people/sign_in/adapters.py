"""How people sign in: accounts are made by the operator, nobody signs up."""

import io
import time
from contextlib import nullcontext
from functools import partial
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from people.access import OWED, needs_second_factor, owes_second_factor
from people.encryption import decrypt, encrypt
from people.models import OwnHand, User
from people.services.resets import choose_own_password
from people.services.security import note_locked_out, note_own_password, note_refused_sign_in, note_sign_in
from people.sign_in.after import after_answer
from people.sign_in.attempts import PASSWORD, remember_browser, take_try
from people.sign_in.resets import tell_of_resets


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in without sign-up; who owes a second factor enrols before anything else."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("That name and password do not belong together."),
        "too_many_login_attempts": _(
            "That was tried too often. Wait at least five minutes, then try again, best in a browser that you signed in with "
            "before."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try. Not the parent's way: it counts by name alone, so whoever knows a name could keep them out."""
        who = str(credentials.get("username", ""))
        self._login_failed_rl_usage = take_try(request, who=who, what=PASSWORD)
        if self._login_failed_rl_usage is None:
            after_answer(request, partial(note_locked_out, username=who, at=timezone.now()))
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        who = str(credentials.get("username", ""))
        after_answer(request, partial(note_refused_sign_in, username=who, at=timezone.now()))

    def post_login(self, request: HttpRequest, user: User, **about: Any) -> HttpResponse:
        """Let the browser say from now on whose it is: the tries of others do not count against it."""
        response: HttpResponse = super().post_login(request, user, **about)
        remember_browser(request, response, who=user.username)
        return response

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        note_sign_in(user=user, at=timezone.now())
        if owes_second_factor(user):
            request.session[OWED] = True
        tell_of_resets(request, user, at=timezone.now())

    def set_password(self, user: User, password: str) -> None:
        """Set it; by one's own hand where it is one's own session, otherwise it is somebody else's act."""
        is_own = isinstance(self.request.user, User) and self.request.user.pk == user.pk
        with OwnHand.objects.of(user) if is_own else nullcontext():
            super().set_password(user, password)
            if is_own:
                choose_own_password(user=user, at=timezone.now())
                note_own_password(user=user, at=timezone.now())

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Ask for the password again, but not of who has just signed in with it."""
        since = time.time() - REAUTHENTICATION_TIMEOUT
        proofs = get_authentication_records(self.request, self.request.user)
        if any(proof["at"] >= since for proof in proofs):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors under the field keys, and a required one in place."""

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def build_totp_svg(self, url: str) -> str:
        """Draw *url* black on its own white ground: cameras need it on a dark page too."""
        drawn = io.BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(drawn)
        return drawn.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not needs_second_factor(authenticator.user)
