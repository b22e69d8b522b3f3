"""How a page does what it is asked: it is done and said, or refused and said. What is not there is the door's to answer."""

from collections.abc import Callable
from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise

from web.shared.refusals import INVALID, REFUSALS, About, by_field, sentence, status_of
from wellbeing.exceptions import NotFound

LONGEST_NUMBER: Final = 9


def tell(
    request: HttpRequest, act: Callable[[], object], done: str | Promise, about: About | None = None
) -> bool:
    """Do *act* and say *done*, or say why it cannot be; return whether it was done.

    Raises:
        NotFound: what it is about is not there.
    """
    try:
        act()
    except NotFound:
        raise
    except REFUSALS as refusal:
        messages.warning(request, sentence(refusal, about))
        return False
    messages.success(request, str(done))
    return True


def submit(form: forms.Form, act: Callable[[], object], about: About | None = None) -> int:
    """Do *act* if *form* is valid; return 0 once it is done, else the status of the page, whose form says why.

    Raises:
        NotFound: what it is about is not there.
    """
    if not form.is_valid():
        return INVALID
    try:
        act()
    except NotFound:
        raise
    except REFUSALS as refusal:
        for field, said in by_field(refusal, about):
            form.add_error(field if field in form.fields else None, said)
        return status_of(refusal)
    return 0


def number_in(request: HttpRequest, name: str) -> int:
    """Return a count or version as the page showed it; -1, which nothing is, for what is no number."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else -1
