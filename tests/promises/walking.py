"""Somebody opens every address there is, with the ids of everything there is, and keeps what came back.

``CLASSED`` names every address of Respite, and who may read names of moderators there. A new address fails the walk
until somebody has thought about it and listed it here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import quote

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

NOBODY: frozenset[str] = frozenset()
LEAD, OPERATOR, OFFICER = frozenset({"lead"}), frozenset({"operator"}), frozenset({"wellbeing_officer"})
CONFIRMERS = OFFICER | {"representative"}

CLASSED: Mapping[str, frozenset[str]] = {
    "": NOBODY,
    "healthz": NOBODY,
    "readyz": NOBODY,
    "policy-reports": NOBODY,
    # One's own account.
    "accounts/login/": NOBODY,
    "accounts/logout/": NOBODY,
    "accounts/inactive/": NOBODY,
    "accounts/reauthenticate/": NOBODY,
    "accounts/password/change/": NOBODY,
    "accounts/sessions/": NOBODY,
    "accounts/sessions/others/end/": NOBODY,
    "accounts/sessions/<str:mark>/end/": NOBODY,
    "accounts/2fa/": NOBODY,
    "accounts/2fa/authenticate/": NOBODY,
    "accounts/2fa/reauthenticate/": NOBODY,
    "accounts/2fa/totp/activate/": NOBODY,
    "accounts/2fa/totp/activate/picture.svg": NOBODY,
    "accounts/2fa/totp/deactivate/": NOBODY,
    "accounts/2fa/recovery-codes/": NOBODY,
    "accounts/2fa/recovery-codes/generate/": NOBODY,
    "accounts/2fa/recovery-codes/download/": NOBODY,
    # An operator manages accounts: names, roles and teams, and nothing of what anybody did.
    "people/": OPERATOR,
    "people/invite/": OPERATOR,
    "people/teams/": OPERATOR,
    "people/<int:person_id>/": OPERATOR,
    "people/<int:person_id>/roles/": OPERATOR,
    "people/<int:person_id>/team/": OPERATOR,
    "people/<int:person_id>/country/": OPERATOR,
    "people/<int:person_id>/link/": OPERATOR,
    "people/<int:person_id>/factor/": OPERATOR,
    "people/<int:person_id>/leaving/": OPERATOR,
    "people/<int:person_id>/deactivate/": OPERATOR,
    "people/platforms/": NOBODY,
    "people/platforms/<uuid:platform_id>/keys/": NOBODY,
    "people/keys/<int:key_id>/revoke/": NOBODY,
    "people/invitation/<str:token>/": NOBODY,
    "people/sign-in/": NOBODY,
    "people/announcements/<int:announcement_id>/away/": NOBODY,
    # The platform's interface.
    "api/v1/openapi.json": NOBODY,
    "api/v1/docs": NOBODY,
    "api/v1/items": NOBODY,
    "api/v1/items/<item_id>": NOBODY,
    "api/v1/items/<item_id>/withdraw": NOBODY,
    "api/v1/items/<item_id>/reports": NOBODY,
    "api/v1/decisions": NOBODY,
    "api/v1/decisions/<decision_id>": NOBODY,
    "api/v1/categories": NOBODY,
    "api/v1/queues": NOBODY,
    "api/v1/key": NOBODY,
    "api/v1/": NOBODY,
    "api/^.*$": NOBODY,
    # The desk: one's own.
    "desk/": NOBODY,
    "desk/open": NOBODY,
    "desk/next": NOBODY,
    "desk/close": NOBODY,
    "desk/show": NOBODY,
    "desk/cover": NOBODY,
    "desk/beat": NOBODY,
    "desk/draft": NOBODY,
    "desk/decide": NOBODY,
    "desk/confirm": NOBODY,
    "desk/split": NOBODY,
    "desk/skip": NOBODY,
    "desk/hand-back": NOBODY,
    "desk/escalate": NOBODY,
    "desk/worse": NOBODY,
    "desk/step-away": NOBODY,
    "desk/too-much": NOBODY,
    "desk/keep-for-me": NOBODY,
    "desk/postpone": NOBODY,
    "desk/return": NOBODY,
    "desk/other-work": NOBODY,
    "desk/wellness": NOBODY,
    "desk/back": NOBODY,
    "desk/media/<uuid:exposure_id>/<uuid:medium_id>/<str:level>": NOBODY,
    "break/": NOBODY,
    "break/puzzle/": NOBODY,
    "my-day/": NOBODY,
    "my-day/days/": NOBODY,
    "my-day/day/": NOBODY,
    "my-day/own": NOBODY,
    "my-day/own/undo": NOBODY,
    "my-day/ask/": NOBODY,
    "my-day/ask/<int:row>/": NOBODY,
    "my-day/asked/<uuid:request_id>": NOBODY,
    "my-shifts/": NOBODY,
    "my-shifts/plan": NOBODY,
    "my-shifts/<uuid:shift_id>/cancel": NOBODY,
    "talk/": NOBODY,
    "talk/buddy": NOBODY,
    "talk/buddy/<uuid:buddy_id>/yes": NOBODY,
    "talk/buddy/<uuid:buddy_id>/end": NOBODY,
    "first-day/": NOBODY,
    "first-day/begin": NOBODY,
    "first-day/taken": NOBODY,
    "first-day/<str:walk_step>/": NOBODY,
    "languages/": NOBODY,
    "handed/": NOBODY,
    "handed/keep-away": NOBODY,
    "handed/<uuid:opt_out_id>/again": NOBODY,
    "handed/agree": NOBODY,
    "handed/take-back": NOBODY,
    "day/close": NOBODY,
    "day/closed/": NOBODY,
    # A lead: queues without people, limits of the team, and names on the pages of the team.
    "lead/": NOBODY,
    "lead/queues/new/": NOBODY,
    "lead/queues/<int:queue_id>/": NOBODY,
    "lead/queues/<int:queue_id>/act/": NOBODY,
    "lead/queues/<int:queue_id>/guidelines/": NOBODY,
    "lead/limits/": NOBODY,
    "lead/presets/": NOBODY,
    "lead/presets/<str:preset>/": NOBODY,
    "lead/other-work/": NOBODY,
    "lead/history/": NOBODY,
    # When people work is the lead's business; what they did then is not.
    "lead/shifts/": LEAD,
    "lead/shifts/plan/": LEAD,
    "lead/shifts/<uuid:shift_id>/cancel/": LEAD,
    "lead/people/": LEAD,
    "lead/people/<int:person_id>/": LEAD,
    "lead/people/<int:person_id>/tighten/": LEAD,
    "lead/people/<int:person_id>/ask/": LEAD,
    # The safeguard is read by everybody; a question names who asked, to the officer alone.
    "safeguard/": NOBODY,
    "safeguard/change/<str:kind>/<str:target>/": NOBODY,
    "safeguard/proposals/<uuid:proposal_id>/": NOBODY,
    "safeguard/proposals/<uuid:proposal_id>/sign/": NOBODY,
    "safeguard/proposals/<uuid:proposal_id>/withdraw/": NOBODY,
    "safeguard/proposals/<uuid:proposal_id>/object/": NOBODY,
    "safeguard/proposals/<uuid:proposal_id>/object-no-more/": NOBODY,
    # Whose sign-in somebody else set anew is told to those who confirm them.
    "safeguard/sign-ins/": CONFIRMERS,
    "safeguard/sign-ins/<int:reset_id>/": CONFIRMERS,
    "questions/": NOBODY,
    "questions/<uuid:question_id>/": OFFICER,
    "questions/<uuid:question_id>/answer/": OFFICER,
    # The officer: the first page names nobody; a list, a flag and a record name whom they are about, and note it.
    "officer/": NOBODY,
    "officer/flags/": OFFICER,
    "officer/flags/<uuid:flag_id>/": OFFICER,
    "officer/people/": OFFICER,
    "officer/people/<int:person_id>/": OFFICER,
    "officer/people/<int:person_id>/measure/": OFFICER,
    "officer/contracts/": NOBODY,
    "officer/contracts/<uuid:contract_id>/end/": NOBODY,
    "officer/measures/<uuid:measure_id>/end/": OFFICER,
    "officer/sharing/": NOBODY,
    "officer/contacts/": NOBODY,
    "officer/contacts/<uuid:contact_id>/": NOBODY,
    "officer/contacts/<uuid:contact_id>/end/": NOBODY,
    "reviews/": NOBODY,
    "reviews/sign/": NOBODY,
    "reviews/object/": NOBODY,
    "reviews/take-back/": NOBODY,
}

ARGUMENT = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Yield every address as its pattern has it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern, route)


def addresses(route: str, ids: Mapping[str, list[object]]) -> Iterator[str]:
    """Yield the address of *route* for every combination of the ids that are known for its arguments."""
    names = ARGUMENT.findall(route)
    parts = ARGUMENT.sub("{}", route.replace("^.*$", "v9/nothing"))
    for chosen in product(*(ids[name] for name in names)):
        yield "/" + parts.format(*chosen)


@dataclass(frozen=True)
class Answer:
    """What came back from one address: everything that can be read of it."""

    route: str
    address: str
    status: int
    text: str


@dataclass
class Walk:
    """All answers to one person."""

    answers: list[Answer] = field(default_factory=list)

    def of(self, status: int) -> set[str]:
        """Return the routes that answered so at least once."""
        return {answer.route for answer in self.answers if answer.status == status}

    def found(self, needles: Mapping[str, str]) -> list[str]:
        """Return where which needle was read: '/lead/: 2907 (seconds of Zyxwvut)'."""
        return [
            f"{answer.address}: {needle} ({what})"
            for answer in self.answers
            for needle, what in needles.items()
            if is_in(needle, answer.text)
        ]


def walks(
    client: Client, ids: Mapping[str, list[object]], *, among: Iterable[str] = CLASSED, **headers: Any
) -> Walk:
    """Open every address of ``CLASSED`` with GET, with every id; or those of some routes alone."""
    walk = Walk()
    for route in among:
        for address in addresses(route, ids):
            answer = client.get(address, **headers)
            walk.answers.append(Answer(route, address, answer.status_code, read(answer, address)))
    return walk


def is_in(needle: str, text: str) -> bool:
    """Tell whether *text* says *needle* as a word of its own, and not as digits inside an id or a time of day."""
    plain = needle.casefold()
    if plain not in text:
        return False
    return bool(re.search(rf"(?<![0-9a-z-])(?<![0-9]:){re.escape(plain)}(?![0-9a-z-])(?!:[0-9])", text))


def read(answer: Any, address: str) -> str:
    """Return headers and body in lower case; a streamed file too.

    Left out: the token of forms, which is random, the address itself, which some answers repeat, and how long the page is,
    which may be any number.
    """
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = "\n".join(f"{k}: {v}" for k, v in answer.headers.items() if k != "Content-Length")
    text = f"{body.decode(errors='replace')}\n{headers}"
    text = text.replace(address, "").replace(quote(address, safe=""), "")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text).casefold()
