"""What comes in: five kinds of queue, and how often the same content comes twice.

The kinds are those that EVIDENCE.md section 5 weighs: a mixed queue, hateful text, graphic pictures, violent video, and
short clips most of which are extreme. The mix of severities and the seconds of a look are taken from there; how much of
each comes in a day, how long the work around a look takes and how often content repeats are assumptions, stated here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

DAY = timedelta(days=1)
BEGINS_AT = datetime(2026, 10, 5, tzinfo=UTC)
"""A Monday. Within 28 days of it the clocks of Europe and of New York go back."""

DUPLICATES = 0.2
"""The share of items whose content came before, within the last day."""

BURST_DAYS = range(9, 12)
BURST = 2.5
"""Something happened: on these days of four weeks the streams of ``in_burst`` bring so many times as much."""

HOURS = (3, 2, 2, 2, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 6, 5, 4)
"""How much comes in each hour of a day (UTC), in proportion."""


@dataclass(frozen=True)
class Stream:
    """One kind of queue.

    ``a_day``: items for 100 people. ``mix``: severity → share. ``look``: severity → mean seconds of a look; ``around``:
    mean seconds of reading the policy and the item's circumstances, with nothing on the stage. ``colour``: the share seen
    in colour, the others in grey; ``sound``: the share heard. ``due``: until when after it came it is to be decided.
    """

    name: str
    medium: str
    a_day: int
    mix: Mapping[int, float]
    look: Mapping[int, int]
    around: int
    due: timedelta
    category: Mapping[int, str]
    colour: float = 0.0
    sound: float = 0.0
    in_burst: bool = False


HOUR = timedelta(hours=1)
STREAMS = (
    Stream(
        name="mixed",
        medium="image",
        a_day=2_600,
        mix={0: 0.40, 1: 0.30, 2: 0.22, 3: 0.07, 4: 0.01},
        look={0: 8, 1: 10, 2: 14, 3: 18, 4: 15},
        around=160,
        due=24 * HOUR,
        category={0: "SPAM_FRAUD", 1: "SEX_ADULT", 2: "VIO_ASSAULT", 3: "ACCIDENT", 4: "VIO_KILL"},
        colour=0.3,
    ),
    Stream(
        name="hateful text",
        medium="text",
        a_day=2_600,
        mix={0: 0.10, 1: 0.25, 2: 0.65},
        look={0: 8, 1: 10, 2: 14},
        around=130,
        due=24 * HOUR,
        category={0: "SPAM_FRAUD", 1: "DISINFO", 2: "HATE"},
    ),
    Stream(
        name="graphic pictures",
        medium="image",
        a_day=1_100,
        mix={1: 0.20, 2: 0.34, 3: 0.34, 4: 0.12},
        look={1: 10, 2: 15, 3: 20, 4: 15},
        around=170,
        due=24 * HOUR,
        category={1: "SEX_ADULT", 2: "DISGUST", 3: "GORE", 4: "VIO_KILL"},
        colour=0.3,
        in_burst=True,
    ),
    Stream(
        name="violent video",
        medium="video",
        a_day=450,
        mix={2: 0.25, 3: 0.70, 4: 0.05},
        look={2: 60, 3: 90, 4: 60},
        around=200,
        due=12 * HOUR,
        category={2: "VIO_ASSAULT", 3: "TERROR", 4: "VIO_KILL"},
        colour=0.4,
        sound=0.5,
        in_burst=True,
    ),
    Stream(
        name="extreme clips",
        medium="video",
        a_day=500,
        mix={2: 0.10, 3: 0.25, 4: 0.65},
        look={2: 10, 3: 10, 4: 10},
        around=170,
        due=8 * HOUR,
        category={2: "THREAT", 3: "SELF_INJURY", 4: "VIO_SEXUAL"},
        colour=0.4,
        sound=0.2,
        in_burst=True,
    ),
)


def _alone(name: str, severity: int, *, like: str, colour: float = 0.0, look: int | None = None) -> Stream:
    """Return a queue with cases of one severity and nothing else."""
    model = next(stream for stream in STREAMS if stream.name == like)
    seconds = look if look is not None else model.look[severity]
    return replace(
        model, name=name, mix={severity: 1.0}, look={severity: seconds}, colour=colour, sound=0.0, around=0
    )


LENGTHS = (9, 15, 20, 30, 45, 60)
"""Of the hotline's cases of severity 4: how many seconds a look is, all alike."""

PLAYED = (
    *(replace(stream, name=f"only {stream.name}", around=0) for stream in STREAMS),
    _alone("spam", 0, like="hateful text"),
    _alone("severity 3 alone", 3, like="graphic pictures"),
    _alone("severity 4 alone, grey", 4, like="graphic pictures"),
    _alone("severity 4 alone, colour", 4, like="graphic pictures", colour=1.0),
    replace(
        STREAMS[2],
        name="severity 2 to 4, colour",
        mix={2: 0.4, 3: 0.4, 4: 0.2},
        colour=1.0,
        around=0,
    ),
    *(
        _alone(f"severity 4 of {look} s", 4, like="graphic pictures", look=look, colour=1.0)
        for look in LENGTHS
    ),
)
"""The queues of ``benchmarks.shifts``: cases are there whenever somebody asks, and nothing but looking takes time."""

EVERY = (*STREAMS, *PLAYED)
BY_NAME = {stream.name: stream for stream in EVERY}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a platform. ``case``: the number of the first item with this content, its own where it is new.

    ``look``, ``around`` and ``expected``: whole seconds; ``expected`` is what anybody can know before.
    """

    number: int
    case: int
    stream: Stream
    severity: int
    arrives_at: datetime
    due_at: datetime
    look: int
    around: int
    expected: int
    level: str
    sound: bool

    @property
    def category(self) -> str:
        """What kind of content it is."""
        return self.stream.category[self.severity]


def arrivals(*, people: float, days: int, seed: int) -> Iterator[Item]:
    """Yield what comes in for *people*, in order of time; the same for the same seed, whoever works on it."""
    random, number = Random(f"arrivals {seed}"), 0
    recent: dict[str, list[Item]] = {stream.name: [] for stream in STREAMS}
    for day in range(days):
        for at, stream in _times(people=people, day=day, random=random):
            item = _item(number, stream, at, recent[stream.name], random)
            number += 1
            if item.case == item.number:
                recent[stream.name].append(item)
            yield item
        for stream in STREAMS:
            recent[stream.name] = [
                one for one in recent[stream.name] if one.arrives_at > BEGINS_AT + day * DAY
            ]


def _times(*, people: float, day: int, random: Random) -> list[tuple[datetime, Stream]]:
    found = []
    for stream in STREAMS:
        count = stream.a_day * people / 100 * (BURST if stream.in_burst and day in BURST_DAYS else 1)
        for hour in random.choices(range(24), HOURS, k=round(count)):
            at = BEGINS_AT + timedelta(days=day, hours=hour, seconds=random.randrange(3600))
            found.append((at, stream))
    return sorted(found, key=lambda one: (one[0], one[1].name))


def _item(number: int, stream: Stream, at: datetime, recent: list[Item], random: Random) -> Item:
    """Make an item; how long people take over it differs even where the content is the same."""
    first = random.choice(recent) if recent and random.random() < DUPLICATES else None
    severity = first.severity if first else random.choices(list(stream.mix), list(stream.mix.values()))[0]
    return Item(
        number=number,
        case=first.case if first else number,
        stream=stream,
        severity=severity,
        arrives_at=at,
        due_at=at + stream.due,
        look=max(round(_about(stream.look[severity], random)), 2),
        around=max(round(_about(stream.around, random)), 5),
        expected=stream.look[severity] + stream.around,
        level=first.level if first else _level(stream, random),
        sound=first.sound if first else random.random() < stream.sound,
    )


def _level(stream: Stream, random: Random) -> str:
    if stream.medium == "text":
        return "text"
    return "colour" if random.random() < stream.colour else "grey"


def _about(mean: float, random: Random) -> float:
    """Return a duration around *mean*, long ones rarer: half to twice as much."""
    return mean * random.triangular(0.4, 2.0, 0.6)
