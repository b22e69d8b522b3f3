"""The second step of signing in: a code from the app, or one of the recovery codes."""

from functools import partial
from typing import Final

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.utils import timezone

from people.services.security import note_locked_out, note_refused_sign_in
from people.sign_in.after import after_answer
from people.sign_in.attempts import CODE, take_try

ANSWERED_BY_A_CODE: Final = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


class CodeForm(AuthenticateForm):
    """Counts tries by person and place together; allauth counts by person alone."""

    def clean_code(self) -> str:
        """Return the code if it is right.

        Raises:
            ValidationError: it is not, or it was tried too often.
        """
        who = self.user.get_username()
        counted = take_try(context.request, who=who, what=CODE)
        if counted is None:
            after_answer(context.request, partial(note_locked_out, username=who, at=timezone.now()))
            raise account_adapter().validation_error("too_many_login_attempts")
        code: str = self.cleaned_data["code"]
        theirs = list(
            Authenticator.objects.filter(user=self.user, type__in=ANSWERED_BY_A_CODE).order_by("-type")
        )
        for one in theirs:
            if one.wrap().validate_code(code):
                one.user = self.user
                self.authenticator = one
                counted.rollback()
                return code
        after_answer(context.request, partial(note_refused_sign_in, username=who, at=timezone.now()))
        if theirs:
            self._emit_authentication_failed(theirs[0])
        raise get_adapter().validation_error("incorrect_code")


class CodeAgainForm(CodeForm, ReauthenticateForm):
    """The same for who is signed in and proves it again."""
