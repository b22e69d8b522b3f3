"""One person's time, tick by tick from the first event: what was on the stage, whether it was work, and what the breaks made of it.

WELLBEING.md, 'Exposure' (what counts, heard and unheard) and 'Breaks' (rows, merging, rests, other paid work, postponing).
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from tests.wellbeing.naive import history, text
from tests.wellbeing.naive.history import Event, Person, seconds


@dataclasses.dataclass
class Tick:
    """Five seconds from `at`: the showing that counts (None where nothing counts), whether it was heard, what the desk was doing."""

    at: dt.datetime
    shown: Event | None
    heard: bool
    doing: str


@dataclasses.dataclass
class Break:
    """`causes` among work, severe, extreme, red, seen4, cluster, too_much; `stage` among due, running, over; times in seconds."""

    due_at: dt.datetime
    causes: set[str]
    length: int
    postponable: bool
    stage: str = "due"
    postponed_until: dt.datetime | None = None
    was_postponed: bool = False
    rested: int = 0

    def holds(self, at: dt.datetime) -> bool:
        return self.stage in ("due", "running") and not (self.postponed_until and at < self.postponed_until)


@dataclasses.dataclass
class CaseLoad:
    """What a case weighed since the last break, before its severity is known: points of time, and of BASE."""

    time: float = 0.0
    base: float = 0.0

    def load(self, severity: int) -> float:
        return text.WEIGHT[severity] * (self.time + (self.base if severity >= 2 else 0))


def presentation(shown: Event) -> float:
    """'P = shielded 0.5, lens 0.8, grey 0.9, colour 1.0, full-screen colour 1.1, text 0.5, audio only 0.9', 1.3 with sound."""
    factor = text.MEDIUM[shown.medium] if shown.medium in text.MEDIUM else text.PRESENTATION[shown.level]
    return factor * (text.SOUND if shown.sound else 1)


UNHEARD = ("claimed", "parked", "released")
"""What happens to a case without a sign of the person: it came, it was put aside, or went back because its lease was over."""


SITS_DOWN = ("opened", "came_back", "asked", "other_work_ended")
"""Acts by which somebody sits down again; a page covers itself too, and a refused act is no work."""

LEAVES = ("stepped_away", "signed_out", "closed_desk")
"""Acts that are themselves the beginning of a rest: what was silent before them goes on."""


class Walk:
    """`Walk(person, events, at)` is everything as it stands at `at`."""

    def __init__(self, person: Person, events: list[Event], at: dt.datetime) -> None:
        self.person = person
        self.at = at
        self.events = sorted((e for e in events if e.at <= at), key=lambda e: e.at)
        self.ticks: list[Tick] = []
        self.presence = "closed"
        self.stage: Event | None = None
        self.hand: Event | None = None
        self.last_sign: dt.datetime | None = None
        self.severity: dict[str, int] = {}
        self.queue_work = 0
        self.work_since_rest: int | None = None
        self.by_case: dict[str, CaseLoad] = {}
        self.lines: dict[tuple[dt.date, str, float], int] = {}
        self.clearest: dict[tuple[dt.date, str], float] = {}
        self.in_blocks: dict[str, int] = {}
        self.looked_at: set[str] = set()
        self.seen_clear: dict[str, int] = {}
        self.heard_sound: set[str] = set()
        self.closed_4: list[dt.datetime] = []
        self.clusters: list[dt.datetime] = []
        self.kept = 0
        self.rest = 0
        self.other = 0
        self.break_: Break | None = None
        self.spacing = 0
        self.run_category: tuple[str, int] = ("", 0)
        self.run_severe = 0
        self.believed: dict[dt.date, int] = {}
        self.parked: Event | None = None
        if self.events:
            self._walk()

    # --- the timeline -------------------------------------------------------------------------------------------------------------------------------

    def _walk(self) -> None:
        at, index = self.events[0].at, 0
        while True:
            while index < len(self.events) and self.events[index].at <= at:
                self._hear(self.events[index])
                index += 1
                self._break_falls_due(at)
            self._break_falls_due(at)
            self._break_begins(at)
            if at >= self.at:
                return
            following = self.events[index] if index < len(self.events) else None
            self._pass(at, next((e for e in self.events[index:] if e.what not in UNHEARD), None))
            at += dt.timedelta(seconds=text.TICK)
            if self._nothing_can_change():
                at = following.at if following is not None else self.at

    def _nothing_can_change(self) -> bool:
        """A rest longer than every row asks for: only what is heard next can change anything."""
        running = self.break_ is not None and self.break_.stage != "over"
        return self.ticks[-1].doing == "rest" and self.rest > text.LONG and not running

    def _pass(self, at: dt.datetime, following: Event | None) -> None:
        """Let one tick pass: count the stage, then work, other work or rest."""
        shown = self._counts(at, following)
        heard = self.last_sign is not None and seconds(self.last_sign, at) < text.HEARD_FOR
        doing = self._doing(at, following, content=shown is not None)
        self.ticks.append(Tick(at, shown, heard, doing))
        if shown is not None:
            self._see(shown, at)
        if doing == "work":
            self._work()
        elif doing == "other":
            self._other_work()
        elif doing == "fading":
            self.queue_work += text.TICK
            self._rest(at)
        elif doing == "rest":
            self._rest(at)

    def _counts(self, at: dt.datetime, following: Event | None) -> Event | None:
        """'A stretch counts until an act, a beat or a cover is heard, at most 10 min'; a reported cover is believed within its bounds."""
        if self.stage is None or self.last_sign is None:
            return None
        silent = seconds(self.last_sign, at)
        if silent >= text.SILENCE_COUNTS_AT_MOST:
            return None
        if following is not None and following.what == "reported_cover" and following.covered_at is not None:
            believed = self.believed.get(self.person.date(following.at), 0)
            if silent >= text.COVERS_ITSELF and at >= following.covered_at and believed < text.BELIEVED_A_DAY:
                self.believed[self.person.date(following.at)] = believed + text.TICK
                return None
        if self.stage.level == "colour" and silent >= text.COLOUR_FALLS_BACK_AFTER:
            self.stage = dataclasses.replace(self.stage, level="grey")
        return self.stage

    def _doing(self, at: dt.datetime, following: Event | None, *, content: bool) -> str:
        """'The desk open and not on a break, away or at other paid work; waiting counts'; a silence is work or rest by what the last sign showed."""
        if self.presence == "other":
            return "other"
        if self.presence != "open" or (
            self.break_ is not None and self.break_.stage == "running" and self.break_.holds(at)
        ):
            return "content" if content else "rest"
        assert self.last_sign is not None
        end = following.at if following is not None else self.at
        if seconds(self.last_sign, end) <= text.STALE_AFTER:
            return "work"
        if self.stage is None:
            return "fading" if seconds(self.last_sign, at) < text.STALE_AFTER else "rest"
        return "work" if seconds(self.last_sign, at) < text.SILENCE_COUNTS_AT_MOST else "rest"

    def _see(self, shown: Event, at: dt.datetime) -> None:
        self._weigh(shown, self.person.date(at))
        self.in_blocks[shown.case] = self.in_blocks.get(shown.case, 0) + text.TICK
        if shown.level != "shielded":
            self.seen_clear[shown.case] = self.seen_clear.get(shown.case, 0) + text.TICK

    def _weigh(self, shown: Event, on: dt.date) -> None:
        """'P × (BASE + min(seconds, 600)) / 60, BASE charged once at the clearest level': of a date, and 600 s of each presentation."""
        load, factor = self.by_case.setdefault(shown.case, CaseLoad()), presentation(shown)
        line = (on, shown.case, factor)
        if self.lines.get(line, 0) < text.LONGEST_CASE_FOR_LOAD:
            load.time += factor * text.TICK / 60
        self.lines[line] = self.lines.get(line, 0) + text.TICK
        clearest = self.clearest.get((on, shown.case), 0.0)
        load.base += max(factor - clearest, 0) * text.BASE / 60
        self.clearest[on, shown.case] = max(factor, clearest)

    def _work(self) -> None:
        self.queue_work += text.TICK
        self.rest = self.other = 0
        if self.work_since_rest is not None:
            self.work_since_rest += text.TICK

    def _other_work(self) -> None:
        """'Answers the counters of severity and pays spacing; the 50-minute break only rest answers.'"""
        self.rest, self.other = 0, self.other + text.TICK
        if self.other >= text.SHORT:
            self.spacing = 0
        if self.other >= text.BREAK:
            self.in_blocks.clear()

    def _rest(self, at: dt.datetime) -> None:
        """'A rest resets every counter whose row asks for no more than its length.'"""
        self.rest, self.other = self.rest + text.TICK, 0
        self._rest_on_the_break(at)
        self._answer_what_is_rested()

    def _answer_what_is_rested(self) -> None:
        if self.rest >= text.ANY_REST:
            self.work_since_rest = 0
        if self.rest >= text.SHORT:
            self.spacing = 0
        if self.rest >= text.BREAK:
            self.queue_work = 0
            self.by_case.clear()
            self.in_blocks.clear()
            self.run_category, self.run_severe = ("", 0), 0
        if self.rest >= text.LONG:
            self.kept = 0
            self.closed_4.clear()

    def _rest_on_the_break(self, at: dt.datetime) -> None:
        """'Time away counts, whatever it was called': an absence as long as the break answers it, also one that is merely due."""
        now = self.break_
        if now is None or now.stage == "over" or self.last_sign is None:
            return
        silent = text.SILENCE_COUNTS_AT_MOST if self.stage is not None else 0
        absent = seconds(self.last_sign, at) + text.TICK - silent
        if now.stage == "running":
            now.rested = max(now.rested + text.TICK, absent)
        if max(now.rested, absent) >= now.length:
            self._break_is_over()

    # --- what is heard ------------------------------------------------------------------------------------------------------------------------------

    def _hear(self, event: Event) -> None:
        if event.what in UNHEARD:
            getattr(self, "_hear_" + event.what)(event)
            return
        if self.last_sign is not None and seconds(self.last_sign, event.at) >= text.SILENCE_COUNTS_AT_MOST:
            self.stage = None
        if (
            self.last_sign is not None
            and seconds(self.last_sign, event.at) >= text.AWAY_ENDS_ALL
            and self.presence != "closed"
        ):
            self.presence = "after_break"
        if self.last_sign is not None and seconds(self.last_sign, event.at) > text.STALE_AFTER:
            self.stage = None  # the page had covered itself
        self.last_sign = event.at
        if event.what not in LEAVES and self._is_at_work(event.at):
            self.rest = 0
        if event.what in SITS_DOWN and self.presence == "after_break":
            self.presence = "open"
        if self.break_ is not None and self.break_.holds(event.at):
            self.stage = None
        getattr(self, "_hear_" + event.what, self._hear_nothing)(event)
        if event.what in history.ACTS_THAT_CLOSE_A_CASE:
            self._close(event)

    def _is_at_work(self, at: dt.datetime) -> bool:
        """Say whether a sign now is one of somebody who works: 'a rest begins at the last heard sign', so each such sign ends the one before."""
        running = self.break_ is not None and self.break_.stage == "running" and self.break_.holds(at)
        return self.presence == "open" and not running

    def _hear_nothing(self, event: Event) -> None:
        """A beat or a sign of life: nothing but a sign."""

    def _hear_opened(self, event: Event) -> None:
        self.presence = "open"

    _hear_came_back = _hear_other_work_ended = _hear_opened

    def _hear_claimed(self, event: Event) -> None:
        self.hand, self.parked = event, None
        self._grade(event)

    def _hear_parked(self, event: Event) -> None:
        self._park()

    def _park(self) -> None:
        self.parked, self.hand = self.hand or self.parked, None

    def _hear_released(self, event: Event) -> None:
        stage = self.stage
        self._close(event)
        self.stage = stage  # what is shown counts until it is heard
        self._answer_what_is_rested()  # the case was seen before the rest in which it went back

    def _hear_shown(self, event: Event) -> None:
        self._grade(event)
        self.stage = dataclasses.replace(event)
        if event.level == "shielded":
            return
        self.looked_at.add(event.case)
        if event.sound:
            self.heard_sound.add(event.case)

    def _hear_covered(self, event: Event) -> None:
        self.stage = None

    _hear_reported_cover = _hear_covered

    def _hear_worse(self, event: Event) -> None:
        self._grade(event)

    def _hear_decided(self, event: Event) -> None:
        if event.unknown and event.severity <= 2:
            self.severity[event.case] = event.severity
        else:
            self._grade(event)

    def _hear_stepped_away(self, event: Event) -> None:
        self.presence = "away"
        self.stage = None
        self._park()

    def _hear_signed_out(self, event: Event) -> None:
        self.presence = "closed"

    _hear_closed_desk = _hear_signed_out

    def _hear_other_work(self, event: Event) -> None:
        self.presence, self.stage = "other", None
        self._park()

    def _hear_too_much(self, event: Event) -> None:
        now = self.break_
        rested = now.rested if now is not None and now.stage == "running" else 0
        self._fall_due(event.at, {"too_much"}, text.LONG, postponable=False)
        assert self.break_ is not None
        self.break_.length = max(self.break_.length, rested + text.LONG)

    def _hear_postponed(self, event: Event) -> None:
        """'Once per break, 5 min, not for the rows of severity 4 seen, of 15 min at least, and of a red load.'"""
        if self.break_ is not None and self.may_postpone(event.at):
            self.break_.postponed_until = event.at + dt.timedelta(seconds=text.POSTPONED_FOR)
            self.break_.was_postponed, self.break_.stage, self.break_.rested = True, "due", 0

    def _hear_asked(self, event: Event) -> None:
        """'If half of that break's minutes are counted, it is due now' where something waits and nothing fits before it."""
        if not event.waiting or any(job.seconds <= self.before_break(job.severity) for job in event.waiting):
            return
        for cause, counted, block in self.blocks():
            if 2 * counted >= block:
                self._fall_due(event.at, {cause}, self._length(), postponable=True)

    def _grade(self, event: Event) -> None:
        self.severity[event.case] = max(self.severity.get(event.case, 0), event.severity)

    def _close(self, event: Event) -> None:
        """The claim ends: the stage is empty, and a case of severity 4 that was seen causes its rest."""
        case = self.hand or self.parked
        self.stage = self.hand = self.parked = None
        if case is None:
            return
        if event.what == "decided" or case.case in self.looked_at:
            self._runs(case)
            self.spacing = 2 if self.severity[case.case] >= 3 else max(0, self.spacing - 1)
        self.looked_at.discard(case.case)
        if self.severity[case.case] >= 4 and (
            self.seen_clear.get(case.case, 0) >= 10 or case.case in self.heard_sound
        ):
            self.seen_clear.pop(case.case, None)
            self.heard_sound.discard(case.case)
            self._closed_a_seen_4(event.at)

    def _quarters(self) -> set[dt.datetime]:
        """Work, as the code has it: the quarters of an hour in which anything was shown (see UNDECIDED)."""
        return {history.quarter(tick.at) for tick in self.ticks if tick.shown is not None}

    def _runs(self, case: Event) -> None:
        category, length = self.run_category
        severity = self.severity[case.case]
        self.run_category = ("", 0)
        if severity >= 1:
            self.run_category = (case.category, length + 1 if case.category == category else 1)
        self.run_severe = self.run_severe + 1 if severity >= 3 else 0

    def _closed_a_seen_4(self, at: dt.datetime) -> None:
        self.closed_4.append(at)
        shift = history.worked(self.person, [*self._quarters(), history.quarter(at)])[-1].began
        near = [closed for closed in self.closed_4 if seconds(closed, at) <= text.CLUSTER_WITHIN]
        if len(near) >= text.CLUSTER and sum(one >= shift for one in self.clusters) < text.CLUSTERS_A_SHIFT:
            self.clusters.append(at)
            self.closed_4.clear()
            self._fall_due(at, {"cluster"}, text.LONG, postponable=False)
        else:
            self._fall_due(at, {"seen4"}, text.SHORT, postponable=False)

    # --- breaks -------------------------------------------------------------------------------------------------------------------------------------

    def at_least(self, severity: int) -> int:
        """Seconds at this severity or worse since the rest that last reset them."""
        return sum(spent for case, spent in self.in_blocks.items() if self.severity[case] >= severity)

    def load(self) -> float:
        return sum(load.load(self.severity[case]) for case, load in self.by_case.items())

    def blocks(self) -> list[tuple[str, int, int]]:
        """(cause, seconds counted, seconds after which it is due) of the first three rows."""
        return [
            ("work", self.queue_work, text.WORK_BLOCK),
            ("severe", self.at_least(3), text.SEVERE_BLOCK),
            ("extreme", self.at_least(4), text.EXTREME_BLOCK),
        ]

    def before_break(self, severity: int) -> float:
        """Seconds that a case of this severity could still be worked on, in silent colour, before a break falls due."""
        lowest = {"work": 0, "severe": 3, "extreme": 4}
        left: list[float] = [
            block - counted + (self.waits() if cause == "work" else 0)
            for cause, counted, block in self.blocks()
            if severity >= lowest[cause]
        ]
        if text.WEIGHT[severity]:
            left.append((text.RED_SINCE_BREAK - self.load()) * 60 / text.WEIGHT[severity])
        return min(left)

    def waits(self) -> int:
        """'A 50-minute break due within 10 min of work after any rest waits until those 10 min have passed': so many seconds longer, once."""
        if self.work_since_rest is None:
            return 0
        left = text.WORK_BLOCK - self.queue_work
        waits = min(text.BREAK - self.work_since_rest, left + text.BREAK)
        return max(waits - left, 0)

    def may_postpone(self, at: dt.datetime) -> bool:
        return (
            self.break_ is not None
            and self.break_.holds(at)
            and self.break_.postponable
            and not self.break_.was_postponed
        )

    def _length(self) -> int:
        """'Every third of the breaks above since the last rest of 15 min or the day's start: 15 instead of 10.'"""
        return text.LONG if self.kept >= 2 else text.BREAK

    def _break_falls_due(self, at: dt.datetime) -> None:
        for cause, counted, block in self.blocks():
            if counted >= block + (self.waits() if cause == "work" else 0):
                self._fall_due(at, {cause}, self._length(), postponable=True)
        if self.load() >= text.RED_SINCE_BREAK:
            self._fall_due(at, {"red"}, text.BREAK, postponable=False)

    def _fall_due(self, at: dt.datetime, causes: set[str], length: int, *, postponable: bool) -> None:
        if length < text.BREAK and self.queue_work >= text.MERGES_FROM:
            causes, length = causes | {"work"}, self._length()
        now = self.break_
        if now is None or now.stage == "over":
            self.break_ = Break(at, causes, length, postponable)
            return
        if causes <= now.causes:
            return
        now.causes |= causes
        now.length = max(now.length, length)
        now.postponable = now.postponable and postponable
        if now.postponed_until and at < now.postponed_until and not postponable:
            now.postponed_until, now.due_at = None, at

    def _break_begins(self, at: dt.datetime) -> None:
        """'Running from the end of the claim or its parking'; the case in hand has five minutes."""
        now = self.break_
        if now is None or now.stage != "due" or not now.holds(at):
            return
        due_at = max(now.due_at, now.postponed_until or now.due_at)
        if self.hand is not None and seconds(due_at, at) >= text.CASE_IN_HAND:
            self._park()
        if self.hand is None:
            now.stage = "running"

    def _break_is_over(self) -> None:
        assert self.break_ is not None
        self.break_.stage = "over"
        if self.break_.causes & {"work", "severe", "extreme"}:
            self.kept += 1
        if self.presence == "open":
            self.presence = "after_break"

    # --- answers ------------------------------------------------------------------------------------------------------------------------------------

    @property
    def takes_cases(self) -> bool:
        return self.presence == "open" and not (self.break_ is not None and self.break_.holds(self.at))

    def seconds_seen(self, *, heard: bool) -> int:
        return sum(text.TICK for tick in self.ticks if tick.shown is not None and tick.heard is heard)
