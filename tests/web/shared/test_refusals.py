"""One table says every refusal. Seen red: a class without its row, a fault without its sentence."""

import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from moderation import exceptions as moderation
from moderation.media.prepare import PrepareFailed
from moderation.media.rejections import MediaRejected
from moderation.media.store import BlobMissing
from people import access
from people import exceptions as people
from queues.exceptions import JobMoved, QueueIncomplete, QueueInvalid
from web.shared.refusals import (
    ELSEWHERE,
    FAULTS_OF_A_DECISION,
    FAULTS_OF_A_QUEUE,
    REFUSALS,
    ROWS,
    About,
    by_field,
    sentence,
    status_of,
)
from wellbeing import exceptions as wellbeing
from wellbeing.core.rules import recounting
from wellbeing.exceptions import ContactRefused, ContractRefused, NoCountry, UnknownPreset
from wellbeing.shifts import rules as shifts

APPS = ("people", "wellbeing", "queues", "moderation")
ROOMS = {"core", "rules", "selectors", "services"}
FOR_A_PLATFORM = {
    access.KeyRefused,
    access.KeyMissing,
    access.KeyUnknown,
    access.KeyExpired,
    access.ScopeMissing,
    moderation.ExternalIdConflict,
    moderation.InFlight,
    moderation.ItemDecided,
    moderation.ItemInvalid,
    moderation.KeyReused,
    moderation.MediumRefused,
    moderation.NotFound,
    moderation.QueueClosed,
    moderation.QueuePaused,
}
"""The API answers these; ``moderation.api.errors`` has their problems."""
FOR_AN_OPERATOR_AT_A_TERMINAL = {
    moderation.EndpointInvalid,
    people.PlatformNameMissing,
    people.PlatformNameTaken,
    people.ReasonMissing,
}
"""A command says them."""
ABSENT = {
    moderation.CategoryUnknown,
    moderation.DraftRefused,
    moderation.NoSuchId,
    people.NoSuchAnnouncement,
    people.NoSuchSession,
    UnknownPreset,
}
"""A page answers these like an address that does not exist, whatever was asked."""
ELSEWHERE_A_DOOR = {people.SecondFactorOwed, people.Unconfirmed}
"""The door leads on to where it is mended."""
CAUGHT_BELOW = {
    JobMoved,
    BlobMissing,
    MediaRejected,
    PrepareFailed,
    moderation.CategoryTaken,
    moderation.HolderChanged,
    moderation.Moved,
    moderation.NoPolicyInForce,
    moderation.NotFinal,
    moderation.StillPending,
    people.ShieldNotStronger,
    people.ShieldOutOfBounds,
    people.ShieldUnknown,
}
"""Whoever calls handles these."""
OURS = {people.CannotDecrypt, people.TwoValues, people.WayUnknown, recounting.UnknownVersion}
"""A mistake of the code, of a key ring, or of a form that was made by hand."""
BASES = {ContactRefused, ContractRefused, shifts.ShiftRefused}
NEVER_ON_A_PAGE = (
    FOR_A_PLATFORM | FOR_AN_OPERATOR_AT_A_TERMINAL | ABSENT | ELSEWHERE_A_DOOR | CAUGHT_BELOW | OURS | BASES
)
RAISES = re.compile(r'DecisionInvalid\("(\w+)", "(\w+)"\)')


def _modules(app: str) -> Iterator[str]:
    """Yield the modules whose exceptions can come up to a page."""
    yield from (f"{app}.exceptions", f"{app}.access") if app == "people" else (f"{app}.exceptions",)
    inside = pkgutil.walk_packages(import_module(app).__path__, f"{app}.")
    yield from (found.name for found in inside if ROOMS & set(found.name.split(".")))


def _refusals() -> set[type[Exception]]:
    """Return every exception that one of the four apps defines there."""
    found = (each for app in APPS for name in _modules(app) for each in vars(import_module(name)).values())
    return {
        each
        for each in found
        if isinstance(each, type) and issubclass(each, Exception) and each.__module__.split(".")[0] in APPS
    }


def test_whatever_may_be_refused_has_its_own_row_or_never_reaches_a_page() -> None:
    assert _refusals() - set(ROWS) - NEVER_ON_A_PAGE == set()


def test_what_never_reaches_a_page_has_no_row() -> None:
    assert set(ROWS) & NEVER_ON_A_PAGE == set()


def test_what_one_page_says_otherwise_is_said_in_general_too() -> None:
    assert all(set(own) <= set(ROWS) for own in ELSEWHERE.values())


def test_every_row_has_the_status_of_a_refusal() -> None:
    assert {status for status, _words in ROWS.values()} == {400, 404, 409, 410, 422}
    assert set(REFUSALS) == set(ROWS)


def test_every_fault_of_a_decision_that_is_raised_anywhere_has_its_sentence() -> None:
    sources = [path.read_text() for room in ("moderation", "web") for path in Path(room).rglob("*.py")]
    raised = {fault for source in sources for fault in RAISES.findall(source)}
    assert raised == set(FAULTS_OF_A_DECISION)


@pytest.mark.parametrize(("field", "fault"), sorted(FAULTS_OF_A_DECISION))
def test_a_decision_that_cannot_be_says_why(field: str, fault: str) -> None:
    refusal = moderation.DecisionInvalid(field, fault)
    assert (status_of(refusal), sentence(refusal)[-1]) == (422, ".")


def test_a_queue_says_each_fault_beside_its_field() -> None:
    refusal = QueueInvalid({"name": "missing", "purpose": "characters"})
    assert dict(by_field(refusal)) == {
        "name": "A queue needs a name.",
        "purpose": "Write this without line breaks and control characters.",
    }
    assert all(str(said).endswith(".") for said in FAULTS_OF_A_QUEUE.values())


def test_a_queue_that_lacks_something_names_it_in_one_sentence() -> None:
    refusal = QueueIncomplete(("client_name", "purpose", "decision_use", "guidelines"))
    assert sentence(refusal) == (
        "It cannot be open without the client’s name, its purpose, what its decisions are used for and "
        "guidelines in force."
    )


def test_what_is_refused_about_a_part_is_said_at_its_field() -> None:
    assert dict(by_field(NoCountry("country"))) == {
        "country": "A country is two letters, like BE or FR. Empty means everywhere."
    }
    assert [field for field, _said in by_field(wellbeing.ReasonMissing())] == [None]


def test_a_page_may_say_it_otherwise() -> None:
    refusal = wellbeing.AlreadyAsked()
    said = {sentence(refusal, About(page=page)) for page in ("", "own", "talk", "officer")}
    assert said == {
        "That was asked before, and waits for the answer.",
        "You asked this before. The answer will stand here.",
        "You have asked somebody already. It stands here.",
    }


def test_an_unforeseen_refusal_of_wellbeing_is_told_in_general() -> None:
    class Unforeseen(wellbeing.Refused):
        """Nobody thought of it."""

    assert (status_of(Unforeseen()), sentence(Unforeseen())) == (
        409,
        "That is not possible now. This page shows what holds.",
    )


def test_a_shift_is_told_on_the_clock_of_who_works_it() -> None:
    shift = shifts.Planned(datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 11, 23, 21, tzinfo=UTC))
    said = sentence(shifts.ShiftTooLong(shift), About(zone=ZoneInfo("Europe/Brussels")))
    assert said.startswith("Monday 23 November, 09:00 to 22:00 is 13 hours long.")


def test_an_app_keeps_what_it_refuses_in_one_module() -> None:
    """Not the keys of the API, which say whose they were, and not the media, whose child process loads no more than it must."""
    homes = {each.__module__ for each in _refusals() if not each.__module__.startswith("wellbeing.")}
    media = {f"moderation.media.{name}" for name in ("prepare", "rejections", "store")}
    assert (
        homes == {"people.exceptions", "people.access", "queues.exceptions", "moderation.exceptions"} | media
    )


def test_one_table_of_links_serves_every_head() -> None:
    """Seen red while the operator's pages built their own."""
    builders = [path for path in Path("web").rglob("*.py") if "nav_links" in path.read_text()]
    assert builders == [Path("web/shared/chrome.py")]
