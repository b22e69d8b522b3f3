"""What signing in has to do with a sign-in that somebody else set anew: it is told, and one's own hand is told apart."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from people.exceptions import NotYourCode, TriedTooOften
from people.models import OwnHand, User
from people.selectors import has_only_first_password
from people.services import resets
from people.services.security import note_locked_out, note_own_factor, note_refused_sign_in
from people.sign_in.attempts import CODE, take_try

View = Callable[..., HttpResponseBase]


def tell_of_resets(request: HttpRequest, user: User, *, at: datetime) -> None:
    """Say at each sign-in that somebody else set it anew, until it is confirmed, and once that it was."""
    more = format_html('<a href="{}">{}</a>', reverse("people:my_sign_in"), _("What that means"))
    if resets.tell(user=user, at=at):
        said = (
            _("Somebody else chose your first password. Choose your own; then your records open.")
            if has_only_first_password(user)
            else _("Somebody else has set your sign-in anew, and nobody has confirmed yet that it is you.")
        )
        messages.warning(request, format_html("{} {}", said, more))
    elif resets.tell_confirmed(user=user, at=at):
        messages.success(request, format_html("{} {}", _("Your sign-in is confirmed."), more))


def by_own_hand(view: View) -> View:
    """Let what a signed-in person changes about their second factor in *view* be their own act."""

    @wraps(view)
    def acted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" or not isinstance(request.user, User):
            return view(request, *args, **kwargs)
        before = _factors_of(request.user)
        with OwnHand.objects.of(request.user):
            response = view(request, *args, **kwargs)
        changed = before ^ _factors_of(request.user)
        if changed:
            note_own_factor(user=request.user, what=sorted({kind for _, kind in changed}), at=timezone.now())
        return response

    return acted


def _factors_of(user: User) -> set[tuple[int, str]]:
    return set(Authenticator.objects.filter(user=user).values_list("pk", "type"))


def confirm_by_code(request: HttpRequest, user: User, code: str, *, at: datetime) -> None:
    """Confirm *user* by a code of their own app, or a recovery code of theirs, from before the reset.

    Wrong codes are counted with those of signing in, by person and place.

    Raises:
        TriedTooOften: before the code is looked at.
        NothingToConfirm, NotYourCode: as ``resets.confirm_oneself``.
    """
    counted = take_try(request, who=user.get_username(), what=CODE)
    if counted is None:
        note_locked_out(username=user.username, at=at)
        raise TriedTooOften
    try:
        resets.confirm_oneself(user=user, validates=lambda factor: _is_of(factor, code), at=at)
    except NotYourCode:
        note_refused_sign_in(username=user.username, at=at)
        raise
    counted.rollback()


def _is_of(factor: Authenticator, code: str) -> bool:
    return bool(factor.wrap().validate_code(code))
