"""The page on which people say which languages they read. Their lead reads it too; an opt-out stays their own."""

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people.exceptions import LanguagesAsBefore, UnknownSkill
from people.rules.skills import LANGUAGE, LANGUAGE_PREFIX
from people.selectors.languages import languages_of
from people.services.languages import choose_languages
from queues.selectors.instead import languages_that_come
from web.desk.doors import at_the_desk
from web.desk.pages import DeskVisit
from web.shared.chrome import chrome
from web.shared.languages import all_languages, language, what_they_read
from web.shared.refusals import REFUSALS, About, sentence

HERE: Final = "desk:languages"
ABOUT: Final = About(page="languages")
FIELD, SEEN = "language", "seen"


@dataclass(frozen=True, slots=True)
class Box:
    """One language to choose."""

    code: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """``near``: what is chosen, and what comes to the queues of the team; ``others``: every other language.

    ``now``: what is on record, as words; ``seen``: the same as codes, which the page sends back.
    """

    near: list[Box]
    others: list[Box]
    now: str
    seen: str
    is_asked: bool


def choice(visit: DeskVisit, chosen: set[str] | None = None) -> Choice:
    """Return what the page offers; *chosen*: what was ticked and could not be taken."""
    held = languages_of(visit.subject)
    ticked = set(held) if chosen is None else chosen
    come = _that_come(visit)
    near = ticked | come
    boxes = [Box(code, name, code in ticked) for code, name in _offered({*held, *come}).items()]
    return Choice(
        near=[box for box in boxes if box.code in near],
        others=[box for box in boxes if box.code not in near],
        now=what_they_read(held),
        seen=" ".join(held),
        is_asked=not held,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def languages(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """Show which languages a person reads; with a POST, write it down."""
    if request.method != "POST":
        return _page(request, choice(visit))
    problem = take(request, visit)
    if problem:
        return _page(request, choice(visit, ticked(request)), problem=problem)
    messages.success(
        request, _("Noted. From now on cases come in these languages alone. You can change it here.")
    )
    return redirect(HERE)


def take(request: HttpRequest, visit: DeskVisit) -> str:
    """Write down what was ticked; return why it could not be, or nothing. What is so already is well."""
    chosen, held = ticked(request), languages_of(visit.subject)
    if not chosen <= _offered({*held, *_that_come(visit)}).keys():
        return sentence(UnknownSkill(""), ABOUT)
    try:
        choose_languages(
            subject=visit.subject,
            languages=chosen,
            seen=request.POST.get(SEEN, "").split(),
            actor=str(visit.subject),
            at=visit.at,
        )
    except LanguagesAsBefore:
        return ""
    except REFUSALS as refusal:
        return sentence(refusal, ABOUT)
    return ""


def ticked(request: HttpRequest) -> set[str]:
    """Return the codes that were ticked, each once."""
    return set(request.POST.getlist(FIELD))


def _that_come(visit: DeskVisit) -> set[str]:
    """Return what comes to the queues of the person's team, of what could be kept of a person."""
    come = languages_that_come(visit.subject, at=visit.at)
    return {code for code in come if LANGUAGE.fullmatch(f"{LANGUAGE_PREFIX}{code}")}


def _offered(more: set[str]) -> dict[str, str]:
    """Return code → name of what can be ticked: every language that has a name, and *more*, on record or coming in."""
    named = all_languages()
    return named | {code: _with_region(code) for code in sorted(more - named.keys())}


def _with_region(code: str) -> str:
    return f"{language(code)} ({code})" if language(code) != code else code


def _page(request: HttpRequest, found: Choice, *, problem: str = "") -> HttpResponse:
    context = {
        "choice": found,
        "problem": problem,
        **chrome(request.user, "desk:handed"),
    }
    return render(request, "desk/languages.html", context, status=422 if problem else 200)
