"""How people sign in: accounts are made by the operator, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from people.access import needs_second_factor, owes_second_factor
from people.encryption import decrypt, encrypt
from people.models import User

OWED = "second_factor_owed"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in without sign-up; who owes a second factor enrols before anything else."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        if owes_second_factor(user):
            request.session[OWED] = True


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors under the field keys, and a required one in place."""

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not needs_second_factor(authenticator.user)
