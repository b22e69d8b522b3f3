"""The door of a desk's requests answers what the long way would: each situation is tried by both, on the same rows."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from moderation.models import Decision, Draft
from people.access import OWED
from people.models import RoleGrant, Subject, TeamMembership, User
from queues.models import Claim, Queue, Skip
from tests.cast import subject_of
from tests.queues.work import has_looked
from tests.web.desk.scene import a_break_is_due, a_case_waits, address_on_stage, sits_down
from web.desk.asked_by import HEADER
from web.desk.one_door import BEAT
from wellbeing.core.rules.days import quarter_start
from wellbeing.limits.services.setting import set_limit
from wellbeing.models import Exposure

pytestmark = pytest.mark.django_db

DOOR = "web.desk.one_door.DeskDoorMiddleware"
TOKEN = "a" * 32
OTHERS_TOKEN = "b" * 32
UNLIKE = {"Vary", "Content-Language", "Content-Length", "Expires"}
"""Of a beat. What is never kept need not say for whom it would hold, nor what is no text in which language it is."""
ALWAYS_NEW = {"Expires", "Content-Length"}
NUMBER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OF_ITS_OWN = re.compile(
    r'(?<=name="csrfmiddlewaretoken" value=")[^"]+|\b[0-2]\d:[0-5]\d\b|<li class="fact[^<]+</li>|(?<=data-again=")\d+'
)
"""A token is masked anew in every page, and time passes between two of them: a second more of a limit is used, and what
is to be said soon is sooner."""


@dataclass
class Beat:
    """What a page of alice's sends, from her browser."""

    alice: User
    amina: User
    key: str
    fields: dict[str, Any]
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    address: str = BEAT
    is_secure: bool = False
    body: str | None = None
    kind: str = "application/x-www-form-urlencoded"

    def send(self) -> Any:
        client = Client(enforce_csrf_checks=True, raise_request_exception=False, headers=self.headers)
        for name, value in self.cookies.items():
            client.cookies[name] = value
        how: dict[str, Any] = {"secure": self.is_secure}
        if self.method != "POST":
            return client.generic(self.method, self.address, **how)
        if self.body is not None:
            return client.post(self.address, self.body, content_type=self.kind, **how)
        return client.post(self.address, self.fields, **how)


@pytest.fixture
def beat(alice: User, amina: User, photos: Queue) -> Beat:
    """Alice has a case of severity 3 on her stage."""
    a_case_waits(photos)
    page = sits_down(alice).press("show", level="text")
    key = str(page.client.session.session_key)
    shown = Exposure.objects.get(subject=subject_of(alice), closed_at=None)
    fields = {
        "claim": str(page.fields()["claim"]),
        "exposure": str(shown.id),
        "csrfmiddlewaretoken": TOKEN,
    }
    return Beat(alice, amina, key, fields, cookies={"sessionid": key, "csrftoken": TOKEN})


@contextmanager
def taken_back() -> Iterator[None]:
    """Leave the rows as they were."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def sees(answer: Any) -> dict[str, Any]:
    """Return what a browser sees of an answer to a beat. How long a stage lasts runs on between two posts."""
    headers = {name: value for name, value in answer.headers.items() if name not in UNLIKE}
    body: Any = answer.content
    if answer.headers.get("Content-Type", "").startswith("application/json"):
        body = answer.json()
        body["covers_in"] = body["covers_in"] is None
    elif answer.headers.get("Content-Type", "").startswith("text/html"):
        body = None  # it bears a new token
    return {"status": answer.status_code, "headers": headers, "body": body}


def rows() -> list[Any]:
    """Return what a beat may have moved. What a quarter of an hour cut off on the way has an id of its own each time."""
    stretches = Exposure.objects.exclude(closed_reason="quarter").order_by("pk")
    return [
        list(stretches.values_list("pk", "level", "closed_reason")),
        list(Claim.objects.order_by("pk").values_list("pk", "state")),
        [(one.pk, one.get_decoded()) for one in Session.objects.order_by("pk")],
    ]


# ── what may be about a beat ─────────────────────────────────────────────────────────────────────────────────────


def nothing_is_odd(beat: Beat, settings: Settings) -> None:
    pass


def it_tells_nothing(beat: Beat, settings: Settings) -> None:
    del beat.fields["claim"], beat.fields["exposure"]


def it_tells_what_is_no_number(beat: Beat, settings: Settings) -> None:
    beat.fields["claim"] = beat.fields["exposure"] = "\0 no number"


def the_claim_is_anothers(beat: Beat, settings: Settings) -> None:
    beat.fields["claim"] = "00000000-0000-4000-8000-000000000000"


def the_limit_is_spent(beat: Beat, settings: Settings) -> None:
    has_looked(beat.alice, 100, severity=3, at=timezone.now())
    team = TeamMembership.objects.get(user=beat.alice).team_id
    how: dict[str, Any] = {"scope": "team", "scope_ref": str(team), "set_by": "system", "reason": ""}
    set_limit(name="seconds_3", value=60, at=timezone.now(), **how)


def the_limit_is_spent_and_her_sign_in_was_set_anew(beat: Beat, settings: Settings) -> None:
    the_limit_is_spent(beat, settings)
    User.objects.filter(pk=beat.alice.pk).update(email="somebody@else.example")


def the_stage_was_covered_meanwhile(beat: Beat, settings: Settings) -> None:
    sits_down(beat.alice).press("cover")


def fell_silent(beat: Beat) -> None:
    """Four minutes without a sign."""
    four_ago = timezone.now() - timedelta(minutes=4)
    Exposure.objects.filter(pk=beat.fields["exposure"]).update(
        opened_at=four_ago, last_beat_at=four_ago, quarter_at=quarter_start(four_ago), covers_at=None
    )


def it_is_late(beat: Beat, settings: Settings) -> None:
    fell_silent(beat)


def it_says_since_when_it_was_covered(beat: Beat, settings: Settings) -> None:
    fell_silent(beat)
    beat.fields["silence"] = "180000"


def it_says_what_cannot_be(beat: Beat, settings: Settings) -> None:
    fell_silent(beat)
    beat.fields["silence"] = "-180000"


def she_signed_out(beat: Beat, settings: Settings) -> None:
    Session.objects.filter(session_key=beat.key).delete()


def the_session_ran_out(beat: Beat, settings: Settings) -> None:
    Session.objects.filter(session_key=beat.key).update(expire_date=timezone.now() - timedelta(seconds=1))


def the_password_is_another(beat: Beat, settings: Settings) -> None:
    beat.alice.set_password("another one of twelve")
    beat.alice.save()


def she_is_deactivated(beat: Beat, settings: Settings) -> None:
    User.objects.filter(pk=beat.alice.pk).update(is_active=False)


def she_is_gone(beat: Beat, settings: Settings) -> None:
    says(beat, **{SESSION_KEY: "999999"})


def her_link_was_cut(beat: Beat, settings: Settings) -> None:
    Subject.objects.filter(user=beat.alice).update(user=None)


def the_role_is_gone(beat: Beat, settings: Settings) -> None:
    RoleGrant.objects.filter(user=beat.alice).update(revoked_at=timezone.now())


def the_role_is_another(beat: Beat, settings: Settings) -> None:
    RoleGrant.objects.filter(user=beat.alice).update(role="lead")


def a_second_factor_is_owed(beat: Beat, settings: Settings) -> None:
    RoleGrant.objects.create(user=beat.alice, role="operator", granted_at=timezone.now())
    says(beat, **{OWED: True})


def a_second_factor_was_owed(beat: Beat, settings: Settings) -> None:
    says(beat, **{OWED: True})


def the_session_is_of_another_backend(beat: Beat, settings: Settings) -> None:
    says(beat, **{BACKEND_SESSION_KEY: "some.other.Backend"})


def the_session_bears_no_proof(beat: Beat, settings: Settings) -> None:
    says(beat, **{HASH_SESSION_KEY: ""})


def the_session_is_garbled(beat: Beat, settings: Settings) -> None:
    Session.objects.filter(session_key=beat.key).update(session_data="garbled")


def the_session_is_now_anothers(beat: Beat, settings: Settings) -> None:
    client = Client()
    client.force_login(beat.amina)
    data = Session.objects.get(session_key=client.session.session_key).session_data
    Session.objects.filter(session_key=beat.key).update(session_data=data)


def the_secret_key_is_another(beat: Beat, settings: Settings) -> None:
    settings.SECRET_KEY = "x" * 50


def there_is_no_cookie(beat: Beat, settings: Settings) -> None:
    beat.cookies.clear()


def the_cookie_is_odd(beat: Beat, settings: Settings) -> None:
    beat.cookies["sessionid"] = "' OR 1=1"


def the_cookie_is_nobodys(beat: Beat, settings: Settings) -> None:
    beat.cookies["sessionid"] = "z" * 32


def there_is_no_token(beat: Beat, settings: Settings) -> None:
    del beat.fields["csrfmiddlewaretoken"]


def the_token_is_wrong(beat: Beat, settings: Settings) -> None:
    beat.fields["csrfmiddlewaretoken"] = OTHERS_TOKEN


def the_token_is_odd(beat: Beat, settings: Settings) -> None:
    beat.fields["csrfmiddlewaretoken"] = beat.cookies["csrftoken"] = "odd"


def there_is_no_cookie_of_a_token(beat: Beat, settings: Settings) -> None:
    del beat.cookies["csrftoken"]


def the_token_is_in_the_header(beat: Beat, settings: Settings) -> None:
    beat.headers["X-CSRFToken"] = beat.fields.pop("csrfmiddlewaretoken")


def the_post_is_of_another_site(beat: Beat, settings: Settings) -> None:
    beat.headers["Origin"] = "https://elsewhere.example"


def the_post_is_of_no_site(beat: Beat, settings: Settings) -> None:
    beat.headers["Origin"] = "null"


def the_post_is_of_our_site(beat: Beat, settings: Settings) -> None:
    beat.headers["Origin"] = "http://testserver"


def it_is_secure_and_tells_not_from_where(beat: Beat, settings: Settings) -> None:
    beat.is_secure = True


def it_is_secure_and_comes_from_our_page(beat: Beat, settings: Settings) -> None:
    beat.is_secure, beat.headers["Referer"] = True, "https://testserver/desk/"


def it_is_sent_to_another_host(beat: Beat, settings: Settings) -> None:
    beat.headers["Host"] = "elsewhere.example"


def it_is_a_get(beat: Beat, settings: Settings) -> None:
    beat.method = "GET"


def it_is_a_put(beat: Beat, settings: Settings) -> None:
    beat.method = "PUT"


def the_address_has_a_slash_more(beat: Beat, settings: Settings) -> None:
    beat.address += "/"


def it_is_json(beat: Beat, settings: Settings) -> None:
    beat.body, beat.kind = "{}", "application/json"


def it_is_torn(beat: Beat, settings: Settings) -> None:
    beat.body, beat.kind = "--x\r\nodd", "multipart/form-data; boundary=x"


def it_is_too_large(beat: Beat, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    beat.body = f"csrfmiddlewaretoken={TOKEN}&claim={'x' * 100}"


def it_has_too_many_fields(beat: Beat, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2


SITUATIONS = [
    nothing_is_odd,
    it_tells_nothing,
    it_tells_what_is_no_number,
    the_claim_is_anothers,
    the_limit_is_spent,
    the_limit_is_spent_and_her_sign_in_was_set_anew,
    the_stage_was_covered_meanwhile,
    it_is_late,
    it_says_since_when_it_was_covered,
    it_says_what_cannot_be,
    she_signed_out,
    the_session_ran_out,
    the_password_is_another,
    she_is_deactivated,
    she_is_gone,
    her_link_was_cut,
    the_role_is_gone,
    the_role_is_another,
    a_second_factor_is_owed,
    a_second_factor_was_owed,
    the_session_is_of_another_backend,
    the_session_bears_no_proof,
    the_session_is_garbled,
    the_session_is_now_anothers,
    the_secret_key_is_another,
    there_is_no_cookie,
    the_cookie_is_odd,
    the_cookie_is_nobodys,
    there_is_no_token,
    the_token_is_wrong,
    the_token_is_odd,
    there_is_no_cookie_of_a_token,
    the_token_is_in_the_header,
    the_post_is_of_another_site,
    the_post_is_of_no_site,
    the_post_is_of_our_site,
    it_is_secure_and_tells_not_from_where,
    it_is_secure_and_comes_from_our_page,
    it_is_sent_to_another_host,
    it_is_a_get,
    it_is_a_put,
    the_address_has_a_slash_more,
    it_is_json,
    it_is_torn,
    it_is_too_large,
    it_has_too_many_fields,
]


def says(beat: Beat, **said: object) -> None:
    store = import_module(django_settings.SESSION_ENGINE).SessionStore(beat.key)
    store.update(said)
    store.save()


@pytest.mark.parametrize("happens", SITUATIONS)
def test_both_ways_answer_the_same_and_move_the_same_rows(
    beat: Beat, settings: Settings, happens: Any
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    happens(beat, settings)
    with taken_back():
        short, moved = sees(beat.send()), rows()
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != DOOR]
    with taken_back():
        assert sees(beat.send()) == short
        assert rows() == moved


def statements(beat: Beat) -> int:
    with taken_back(), CaptureQueriesContext(connection) as queries:
        assert beat.send().status_code == 200
    return len(queries)


def test_a_plain_beat_is_answered_at_the_door(beat: Beat, settings: Settings) -> None:
    short = statements(beat)
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != DOOR]
    assert statements(beat) == short + 2


def test_a_beat_at_the_door_is_taken(beat: Beat) -> None:
    before = Exposure.objects.get(pk=beat.fields["exposure"]).last_beat_at
    assert beat.send().json()["level"] == "text"
    assert Exposure.objects.get(pk=beat.fields["exposure"]).last_beat_at > before


def test_the_door_knows_the_address_of_a_beat() -> None:
    assert reverse("desk:beat") == BEAT


# ── all other requests of a desk ─────────────────────────────────────────────────────────────────────────────────


CHOSEN: dict[str, Any] = {"category": "ACCIDENT", "action": "remove", "rationale": "Someone is hurt."}
DECISION = "7c0f8f4e-2a6b-4a43-a8d5-1d6f2e6c8b11"


def a_page(beat: Beat) -> None:
    beat.method, beat.address = "GET", "/desk/"


def the_page_by_its_script(beat: Beat) -> None:
    a_page(beat)
    beat.headers[HEADER] = "desk"


def an_act(name: str, *, by_script: bool = True, **fields: object) -> Callable[[Beat], None]:
    def asks(beat: Beat) -> None:
        beat.address = f"/desk/{name}"
        beat.fields |= {"beats": "1" if by_script else "", "fence": "1", "picture": "1"} | fields
        if by_script:
            beat.headers[HEADER] = "desk"

    asks.__name__ = name if by_script else f"{name}_without_a_script"
    return asks


def bytes_of_a_picture(beat: Beat) -> None:
    """A second case, with a picture: the first is skipped."""
    queue = Queue.objects.get()
    a_case_waits(queue, "rocket.jpg")
    sits_down(beat.alice).get().press("skip").press("show", level="grey", beats="1")
    beat.method, beat.address = "GET", address_on_stage(queue, "grey")
    beat.headers[HEADER] = beat.address.split("/")[3]


decides = an_act("decide", decision=DECISION, **CHOSEN)
KINDS = [
    a_page,
    the_page_by_its_script,
    an_act("open"),
    an_act("next"),
    an_act("close"),
    an_act("show", level="text"),
    an_act("show", by_script=False, level="text"),
    an_act("cover"),
    an_act("draft", **CHOSEN),
    decides,
    an_act("decide", by_script=False, decision=DECISION, **CHOSEN),
    an_act("decide"),
    an_act("skip"),
    an_act("hand-back"),
    an_act("escalate"),
    an_act("worse", worse="4"),
    an_act("step-away"),
    an_act("too-much"),
    an_act("postpone"),
    an_act("return"),
    an_act("other-work", activity="training"),
    an_act("nowhere"),
    bytes_of_a_picture,
]


def a_case_came_by_itself(beat: Beat, settings: Settings) -> None:
    """Then the session remembers that it was met."""
    Claim.objects.update(arrived_while_waiting=True)


def a_break_came(beat: Beat, settings: Settings) -> None:
    a_break_is_due(beat.alice)


OF_WHO_ASKS = [
    one
    for one in SITUATIONS[SITUATIONS.index(she_signed_out) :]
    if one not in {it_is_a_get, the_address_has_a_slash_more, it_is_too_large, it_has_too_many_fields}
]


def tells(answer: Any) -> dict[str, Any]:
    """Return all that a browser is told, but for numbers and tokens that are new each time."""
    named: dict[str, str] = {}

    def as_it_came(found: re.Match[str]) -> str:
        return named.setdefault(found.group(), f"number {len(named)}")

    body = NUMBER.sub(as_it_came, OF_ITS_OWN.sub("", answer.content.decode("latin-1")))
    headers = {name: value for name, value in answer.headers.items() if name not in ALWAYS_NEW}
    cookies = {
        name: (bool(one["max-age"]), one["path"], one["httponly"], one["samesite"])
        for name, one in answer.cookies.items()
    }
    return {"status": answer.status_code, "headers": headers, "body": body, "cookies": cookies}


def all_rows() -> list[Any]:
    """Return what any request of a desk may have moved, without the numbers that are new each time."""
    said = [(one.session_key, one.get_decoded(), one.expire_date) for one in Session.objects.order_by("pk")]
    return [
        sorted(
            Exposure.objects.exclude(closed_reason="quarter").values_list("level", "closed_reason", "beating")
        ),
        sorted(Claim.objects.values_list("state", "fence", "arrived_while_waiting")),
        list(Decision.objects.values_list("pk", "action", "rationale")),
        list(Draft.objects.values_list("case_id", "action", "rationale")),
        list(Skip.objects.values_list("case_ref")),
        said,
    ]


def both_ways(beat: Beat, settings: Settings) -> tuple[list[Any], list[Any]]:
    """Return what is told and moved through the door, and on the long way."""
    found = []
    for middleware in (settings.MIDDLEWARE, [name for name in settings.MIDDLEWARE if name != DOOR]):
        settings.MIDDLEWARE = middleware
        with taken_back():
            found.append([tells(beat.send()), all_rows()])
    return found[0], found[1]


@pytest.mark.parametrize("asks", KINDS, ids=lambda asks: asks.__name__)
@pytest.mark.parametrize("happens", [nothing_is_odd, a_case_came_by_itself, a_break_came, the_limit_is_spent])
def test_every_request_is_told_and_moves_the_same_through_the_door(
    beat: Beat, settings: Settings, asks: Any, happens: Any
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    asks(beat)
    happens(beat, settings)
    short, long = both_ways(beat, settings)
    assert short == long


@pytest.mark.parametrize(
    "asks", [the_page_by_its_script, decides, bytes_of_a_picture], ids=lambda a: a.__name__
)
@pytest.mark.parametrize("happens", OF_WHO_ASKS)
def test_whoever_the_long_way_refuses_is_refused_through_the_door(
    beat: Beat, settings: Settings, asks: Any, happens: Any
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    asks(beat)
    happens(beat, settings)
    short, long = both_ways(beat, settings)
    assert short == long


@pytest.mark.parametrize("asks", KINDS, ids=lambda asks: asks.__name__)
def test_a_plain_request_is_recognised_in_one_statement(beat: Beat, settings: Settings, asks: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    asks(beat)
    asked = []
    for middleware in (settings.MIDDLEWARE, [name for name in settings.MIDDLEWARE if name != DOOR]):
        settings.MIDDLEWARE = middleware
        with taken_back(), CaptureQueriesContext(connection) as queries:
            beat.send()
        asked.append(len(queries))
    # Where there is nothing nobody is asked for, but through the door it was too late to know that.
    assert asked[1] - asked[0] == (-1 if beat.address == "/desk/nowhere" else 2)
