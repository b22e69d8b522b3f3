"""The way without a script and the way with one write the same rows and show the same words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from audit.models import AuditRow
from moderation.models import Decision, Draft
from outbox.models import OutboxEntry
from people.models import User
from queues.models import Claim, Job, Queue, Skip, Ticket
from tests.cast import PASSWORD
from tests.web.desk.scene import Page, a_break_is_due, a_case_waits, works_today
from web.desk.asked_by import HEADER
from web.desk.views import GO
from wellbeing.models import Break, Exposure, Presence

pytestmark = pytest.mark.django_db

CHOSEN = {"category": "ACCIDENT", "action": "remove", "rationale": "Someone is hurt."}
WITHOUT_SCRIPTS = {
    "It is shown on another page of yours, and counts there. A step below shows it here.",
    "Look again",
}
"""What a page says only to who has no script."""
TIME = re.compile(r"\b\d\d:\d\d\b|\b\d+ min left\b")
"""Between two of them a second passes, and a limit has a minute less."""


class Words(HTMLParser):
    """The sentences of the desk, in order: what stands around it is told once, with the page."""

    PARTS = frozenset({"notices", "desk-head", "desk", "rest"})
    EMPTY = frozenset({"input", "img", "br", "hr", "meta", "link"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.depth, self.found = 0, []  # type: int, list[str]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.EMPTY and (self.depth or dict(attrs).get("id") in self.PARTS):
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if self.depth and tag not in self.EMPTY:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        words = TIME.sub("TIME", " ".join(data.split()))
        if self.depth and words and words not in WITHOUT_SCRIPTS:
            self.found.append(words)


@dataclass
class Script(Page):
    """The same person's page with a script: what an act is answered with is the next page."""

    def press(self, act: str, **fields: object) -> "Script":
        sent = {**self.fields(), "beats": "1", **fields}
        self.last = self.client.post(f"/desk/{act}", sent, headers={HEADER: "desk"})
        elsewhere = self.last.headers.get(GO)
        if elsewhere:
            self.last = self.client.get(elsewhere, follow=True)
        return self


def sits(kind: type[Page], user: User) -> Page:
    client = Client()
    assert client.login(username=user.username, password=PASSWORD)
    return kind(client, user).get().press("open")


def rows() -> list[Any]:
    """Return what an act may have written, but for numbers and times that are new each time."""
    return [
        sorted(Exposure.objects.values_list("level", "with_text", "closed_reason", "case_ref"), key=str),
        sorted(Claim.objects.values_list("state", "fence", "closed_reason", "job__case_ref"), key=str),
        sorted(Job.objects.values_list("state", "fence", "kind", "case_ref"), key=str),
        list(Decision.objects.values_list("case_id", "action", "severity", "rationale")),
        list(Draft.objects.values_list("case_id", "action", "rationale")),
        list(Skip.objects.values_list("case_ref", flat=True)),
        list(Break.objects.values_list("cause", "state")),
        list(Presence.objects.order_by("pk").values_list("kind", "activity")),
        Ticket.objects.count(),
        sorted(AuditRow.objects.values_list("action", flat=True)),
        sorted(OutboxEntry.objects.values_list("kind", flat=True)),
    ]


def decides(page: Page) -> None:
    page.press("decide", **CHOSEN)


def decides_twice(page: Page) -> None:
    sent = page.fields() | CHOSEN
    page.press("decide", **sent)
    page.press("decide", **sent)


def decides_without_a_choice(page: Page) -> None:
    page.press("decide", category="ACCIDENT", rationale="Half a word")


def looks_at_the_second_picture(page: Page) -> None:
    page.press("show", see="2").press("show", level="grey").press("show", words="unfold")


def covers_the_second_picture(page: Page) -> None:
    page.press("show", see="2").press("cover", picture="2")


def says_it_is_worse(page: Page) -> None:
    page.press("show", see="2").press("worse", worse="4")


def gives_up(act: str) -> Callable[[Page], None]:
    def does(page: Page) -> None:
        page.press(act, rationale="Half a word", category="", action="")

    does.__name__ = act
    return does


def acts(act: str, **fields: object) -> Callable[[Page], None]:
    def does(page: Page) -> None:
        page.press(act, **fields)

    does.__name__ = act
    return does


def a_break_comes_and_is_refused_to_end(page: Page) -> None:
    a_break_is_due(page.user)
    page.press("decide", **CHOSEN).press("return")


def comes_back_from_other_work(page: Page) -> None:
    page.press("other-work", activity="training").press("back")


def acts_on_a_case_that_is_nobodys(page: Page) -> None:
    page.press("skip", claim="00000000-0000-4000-8000-000000000000")


def sends_what_nobody_can_read(page: Page) -> None:
    page.press("decide", claim="\0")


def rests(page: Page) -> None:
    page.press("step-away").press("step-away")


ACTS = [
    decides,
    decides_twice,
    decides_without_a_choice,
    looks_at_the_second_picture,
    covers_the_second_picture,
    says_it_is_worse,
    gives_up("skip"),
    gives_up("hand-back"),
    gives_up("escalate"),
    acts("next"),
    acts("close"),
    acts("too-much"),
    acts("wellness"),
    a_break_comes_and_is_refused_to_end,
    comes_back_from_other_work,
    acts_on_a_case_that_is_nobodys,
    sends_what_nobody_can_read,
    rests,
]


REFUSED_BY_A_BREAK = {rests, a_break_comes_and_is_refused_to_end}


def stage_of(page: Page) -> object:
    """Return what is on the stage of the page that is shown; None for a page that has none."""
    shown = page.shown
    return (shown.kind, shown.level, shown.case and shown.case.picture_number) if shown else None


def after(kind: type[Page], user: User, does: Callable[[Page], None]) -> Iterator[Any]:
    """Yield what is shown and written in the end, and leave the rows as they were."""
    with transaction.atomic():
        page = sits(kind, user)
        does(page)
        yield page.path
        yield stage_of(page)
        yield Words(page.html).found
        yield rows()
        transaction.set_rollback(True)


@pytest.mark.parametrize("does", ACTS, ids=lambda does: does.__name__)
def test_both_ways_write_the_same_rows_and_show_the_same_words(
    alice: User, photos: Queue, does: Callable[[Page], None]
) -> None:
    works_today(alice)
    a_case_waits(photos, "rocket.jpg", "chelsea.png")
    a_case_waits(photos, "chelsea.png")
    a_case_waits(photos, severity=1, category="HATE")
    (where, stage, words, written), (scripts, its_stage, its_words, its_rows) = (
        list(after(kind, alice, does)) for kind in (Page, Script)
    )
    assert len(words) > 2
    assert its_rows == written
    if does in REFUSED_BY_A_BREAK:
        # The page of the break says why and until when by itself: what was refused is said, its rule not once more.
        assert set(its_words) <= set(words)
        assert any("What you wrote is kept." in one or "Not yet." in one for one in its_words)
        return
    assert its_words == words
    assert its_stage == stage
    assert where in {"/desk/", scripts}
