"""What a lead typed into the fields of the team's limits, and what of it is a change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from people.rules.texts import kept_text
from web.lead.seen import NOTHING_SEEN, opened
from web.shared import limits, refusals
from web.shared.limits import LOOSER, STAYS, TIGHTER
from wellbeing.rules.names import bounds_of, is_looser
from wellbeing.selectors.limits import LimitLine


@dataclass(frozen=True, slots=True)
class Typed:
    """One field as it came back: ``was`` is what stood in it, ``seen`` the row that the page showed (0: none)."""

    text: str
    was: str
    seen: int
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """A value that somebody wants. ``before`` is in force now; ``kind`` is one of ``limits.KINDS``."""

    name: str
    before: int
    value: int
    kind: str
    typed: Typed

    @property
    def needs_reason(self) -> bool:
        """Tell whether the change waits for words: a looser value does."""
        return self.kind == LOOSER


@dataclass(frozen=True, slots=True)
class Reading:
    """All fields together: what changes, what cannot be, and where somebody else was first."""

    typed: Mapping[str, Typed]
    changes: list[Change] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    overtaken: set[str] = field(default_factory=set)


def read_limits(post: QueryDict, lines: Sequence[LimitLine]) -> Reading:
    """Return what *post* says about *lines*; a limit that it does not name stays as it is."""
    reading = Reading({line.name: _typed(post, line.name) for line in lines if f"value_{line.name}" in post})
    for line in lines:
        if line.name in reading.typed:
            _read_one(reading, line, reading.typed[line.name])
    return reading


def _read_one(reading: Reading, line: LimitLine, typed: Typed) -> None:
    try:
        value = limits.read(line.name, typed.text)
    except limits.Unreadable as unreadable:
        reading.errors[line.name] = str(unreadable)
        return
    if limits.written(line.name, value) == typed.was:
        return
    problem = problem_of(line.name, value, ceiling=line.ceiling)
    if problem:
        reading.errors[line.name] = problem
    elif typed.seen != line.last_seen:
        reading.overtaken.add(line.name)
    else:
        reading.changes.append(
            Change(line.name, line.value, value, kind_of(line.name, value, line.value), typed)
        )


def problem_of(name: str, value: int, *, ceiling: int) -> str:
    """Return why a value cannot be, with the number that could; nothing if it can."""
    bounds = bounds_of(name)
    if is_looser(name, value, ceiling):
        return refusals.above_ceiling(name, ceiling)
    if not bounds.hold(value):
        return refusals.out_of_bounds(refusals.About(name=name), bounds.least, bounds.most)
    return ""


def kind_of(name: str, value: int, before: int) -> str:
    """Return whether *value* is tighter or looser than what is in force, or leaves it (and takes back what waits)."""
    if value == before:
        return STAYS
    return LOOSER if is_looser(name, value, before) else TIGHTER


def _typed(post: QueryDict, name: str) -> Typed:
    seen = opened(post.get(f"seen_{name}", ""))
    return Typed(
        text=post.get(f"value_{name}", "").strip(),
        was=post.get(f"was_{name}", ""),
        seen=NOTHING_SEEN if seen is None else seen,
        reason=kept_text(post.get(f"reason_{name}", "")),
    )
