"""The one door to 'something is on the stage', and the ledger of what was shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from wellbeing.core import writing
from wellbeing.core.locked import Locked
from wellbeing.core.rules import clock
from wellbeing.core.rules.breaks import Cause, Seen, State, asks_for_rest
from wellbeing.core.rules.clock import BEAT
from wellbeing.core.rules.days import quarter_start
from wellbeing.core.rules.load import Level
from wellbeing.core.selectors.severe_closes import would_be_third
from wellbeing.core.services import (
    attendance,
    guard,
    ledger,
    openings,
    relabelling,
    rest,
    taking_back,
    turns,
    weighing,
)
from wellbeing.exceptions import BeatLate, CoverNotBelieved, NothingOnStage
from wellbeing.models import Exposure, SevereClose

COLOUR_FALLS_BACK_AFTER = timedelta(seconds=10)
OLDEST_REPORT_MS = clock.in_ms(timedelta(days=1))


@dataclass(frozen=True)
class Look:
    """What is about to be shown: opaque references and plain values.

    ``severity`` 0 to 4; ``medium`` is ``text``, ``image``, ``video`` or ``audio``.
    """

    claim_ref: UUID
    case_ref: UUID
    category: str
    severity: int
    medium: str


@dataclass(frozen=True)
class Stage:
    """What is on the stage after a beat.

    ``exposure`` is None when covered. ``falls_back_at``: when colour turns grey unless held.
    ``covers_at``: when the page must cover itself, because a limit or a break is reached then.
    """

    exposure: Exposure | None
    level: str
    falls_back_at: datetime | None
    covers_at: datetime | None


COVERED = Stage(exposure=None, level="covered", falls_back_at=None, covers_at=None)


def show(
    *,
    locked: Locked,
    look: Look,
    level: str,
    with_text: bool = False,
    sound: bool = False,
    full_screen: bool = False,
    beating: bool,
) -> Exposure:
    """Open an exposure row; call it, and commit, before any byte is served.

    It replaces what was on the stage and counts the case once a local day. ``level`` is one of
    ``wellbeing.core.rules.load.Level``. ``beating``: the page beats every 5 s; a page that does not
    counts in full until it is covered or replaced, at most 10 min. In the 5 minutes after a limit
    is reached the shield (``shielded``, without text, sound and full screen) of the case in hand
    may be shown, and counts.

    Raises:
        OnBreak: a break is due or running.
        LimitReached: a limit that this severity counts towards is used up, or closes it.
    """
    attendance.touch(locked)
    ledger.hear(locked)
    was_covered = locked.exposure is None or locked.exposure.case_ref != look.case_ref
    ledger.close(locked, reason="replaced", goes_on=not was_covered)
    guard.enforce(locked)
    row = Exposure(
        subject=locked.subject,
        case_ref=look.case_ref,
        claim_ref=look.claim_ref,
        quarter_at=quarter_start(locked.at),
        category=look.category,
        severity=look.severity,
        level=Level(level),
        medium=look.medium,
        with_text=with_text,
        sound=sound,
        full_screen=full_screen,
        beating=beating,
        opened_at=locked.at,
        last_beat_at=locked.at,
        falls_back_at=locked.at + COLOUR_FALLS_BACK_AFTER if level == Level.COLOUR else None,
        limits_version=locked.binding.version,
        load_model_version=locked.binding.load_model_version,
        was_covered=was_covered,
    )
    seen = openings.seen(locked, case_ref=look.case_ref)
    if (refusal := locked.look_refusal(row, was_counted=seen.was_counted)) is not None:
        raise refusal
    openings.note(locked, seen, severity=look.severity, was_covered=was_covered)
    writing.write_shown(locked)
    if seen.is_known:
        weighing.begin_anew(locked, row)
    ledger.weigh(locked, row)
    row.covers_at = locked.covers_at(row)
    locked.rows.stretch = locked.unwritten.begun = row
    ledger.keep(locked)
    ledger.announce(locked)
    return row


def cover(*, locked: Locked, reason: str) -> None:
    """Close what is on the stage (Esc, hidden tab, two minutes without input, a lost line).

    Raises:
        NothingOnStage: it was covered already.
    """
    was_shown = locked.stretch is not None
    ledger.hear(locked)
    if not was_shown:
        raise NothingOnStage
    clear(locked=locked, reason=reason)


def believe(*, locked: Locked, exposure_id: UUID | None, silent_ms: int) -> None:
    """Take a page at its word that it covered itself *silent_ms* ago, of what was shown last; within bounds.

    Nothing within 10 s of its last heard sign is taken back, and no more than 5 min on a local date. The report is itself
    a sign: what was on the stage ends. A report is taken once.

    Raises:
        CoverNotBelieved: it lies ahead or more than a day back, or is about something that was not shown to this person
            last; all of it counts.
    """
    attendance.touch(locked)
    if locked.stretch is not None and locked.stretch.pk != exposure_id:
        ledger.keep(locked)
        raise CoverNotBelieved
    ledger.hear(locked)
    clear(locked=locked, reason="covered_itself")
    writing.write_back(locked)
    row = Exposure.objects.filter(subject=locked.subject).order_by("-opened_at", "-last_beat_at").first()
    if row is None or row.pk != exposure_id or not 0 <= silent_ms <= OLDEST_REPORT_MS:
        raise CoverNotBelieved
    taking_back.take_back(locked, row, covered_at=locked.at - clock.ms(silent_ms))
    guard.enforce(locked)
    ledger.keep(locked)
    ledger.announce(locked)


def clear(*, locked: Locked, reason: str) -> None:
    """Take from the stage whatever is on it, also where nobody was heard: then it counts on until somebody is."""
    ledger.close(locked, reason=reason)
    guard.enforce(locked)
    ledger.keep(locked)


def beat(*, locked: Locked, exposure_id: UUID | None, holding: bool) -> Stage:
    """Extend the open presence, and the exposure that the page says is on its stage (None: covered).

    ``holding``: a key is held, so colour does not fall back to grey after 10 s. An exposure that is
    no longer open (replaced by another tab, covered by a limit or break) answers as covered.

    Raises:
        BeatLate: more than 15 s since the last beat; the stretch was counted until now, at most 10 min, and closed.
    """
    is_lost = exposure_id is not None and locked.lost_exposure_id == exposure_id
    is_its_page = locked.stretch is not None and locked.stretch.pk == exposure_id
    if not is_lost:
        _count_a_standing_clock(locked)
    attendance.touch(locked)
    shown = locked.exposure
    if is_its_page and shown is not None and holding and shown.falls_back_at is not None:
        shown.falls_back_at = locked.at + COLOUR_FALLS_BACK_AFTER
    if is_its_page or _is_covered_as_told(locked, exposure_id):
        ledger.accrue(locked)
        ledger.hear(locked)
        guard.enforce(locked)
        _note_beat(locked)
    ledger.keep(locked)
    if is_lost:
        raise BeatLate
    return _stage(locked) if is_its_page else COVERED


def raise_severity(*, locked: Locked, case_ref: UUID, category: str, severity: int) -> None:
    """Re-count this person's whole exposure of this case at a higher severity, all days and counters.

    A severity that is not higher changes only the category of the rows.
    """
    _count_anew(locked, case_ref=case_ref, category=category, severity=severity, may_lower=False)


def count_as_found(*, locked: Locked, case_ref: UUID, category: str, severity: int) -> None:
    """Re-count this person's whole exposure of a case that had no label as what they found it to be, also where that is less."""
    _count_anew(locked, case_ref=case_ref, category=category, severity=severity, may_lower=True)


def _count_anew(locked: Locked, *, case_ref: UUID, category: str, severity: int, may_lower: bool) -> None:
    writing.write_back(locked)
    relabelling.relabel(locked, case_ref=case_ref, category=category, severity=severity, may_lower=may_lower)
    if locked.stretch is not None:
        locked.stretch.refresh_from_db()
    guard.enforce(locked)
    if locked.exposure is not None:
        locked.exposure.covers_at = locked.covers_at(locked.exposure)
        locked.unwritten.exposures[locked.exposure.pk] = locked.exposure
    ledger.keep(locked)
    ledger.announce(locked)


def close_look(
    *,
    locked: Locked,
    case_ref: UUID,
    severity: int,
    category: str = "",
    claim_ref: UUID | None = None,
    reason: str = "closed",
    was_decided: bool = True,
) -> None:
    """Cover, because the person is done with the case, and make due what rest it asks for.

    Severity 4 seen clearer than its shield for 10 s in all, or with sound: 3 min. The third such case in 15 min: 15 min,
    twice a shift at most. ``was_decided`` is false when the case leaves otherwise (skipped, handed back,
    escalated, withdrawn); ``reason`` is kept with the stretch. What was decided, or shown (under ``claim_ref``, where it is
    named), moves what should come next (``core.services.turns``).
    A break made due here is to be started by the caller (``breaks.start``) once the claim is closed.
    """
    if was_decided:
        ledger.hear(locked)
    shown = locked.exposure
    if shown is not None and shown.case_ref == case_ref:
        ledger.close(locked, reason=reason)
    if severity == 4:
        _close_severe(locked, case_ref=case_ref)
    turns.count(
        locked,
        case_ref=case_ref,
        claim_ref=claim_ref,
        category=category,
        severity=severity,
        was_decided=was_decided,
    )
    locked.state.limit_grace_until = None
    guard.enforce(locked)
    ledger.keep(locked)
    ledger.announce(locked)


def _count_a_standing_clock(locked: Locked) -> None:
    """Let a beat whose clock is not later than the last count 5 s: the wall clock stands or went back."""
    if locked.open_break is not None and locked.open_break.state == State.RUNNING:
        return  # nothing is shown, and a beat must not serve the break
    if locked.is_clock_still:
        since = locked.at
        locked.set_clock(since + BEAT)
        attendance.accrue(locked, since=since)


def _is_covered_as_told(locked: Locked, exposure_id: UUID | None) -> bool:
    """Say whether a page that answers in time tells that it has cleared what was taken from its stage."""
    taken = locked.unheard
    return exposure_id is None and taken is not None and taken.beating and locked.lost_exposure_id is None


def _note_beat(locked: Locked) -> None:
    shown = locked.exposure
    if shown is None:
        return
    shown.last_beat_at = locked.at
    shown.covers_at = locked.covers_at(shown)
    locked.unwritten.exposures[shown.pk] = shown


def _stage(locked: Locked) -> Stage:
    shown = locked.exposure
    if shown is None:
        return COVERED
    return Stage(shown, shown.level, shown.falls_back_at, shown.covers_at)


def _close_severe(locked: Locked, *, case_ref: UUID) -> None:
    """Make due what a severity-4 case asks for, as it was seen since it was last closed so."""
    writing.write_back(locked)
    closes = SevereClose.objects.filter(subject=locked.subject)
    last = closes.filter(case_ref=case_ref).aggregate(last=Max("at"))["last"]
    rows = Exposure.objects.filter(subject=locked.subject, case_ref=case_ref)
    if last is not None:
        rows = rows.exclude(closed_at__lte=last)
    seen = (Seen(*row) for row in rows.values_list("level", "shown_ms", "with_text", "sound"))
    if not asks_for_rest(seen):
        return
    close = SevereClose(subject=locked.subject, case_ref=case_ref, at=locked.at)
    close.is_cluster = would_be_third(locked, case_ref)
    close.save(force_insert=True)
    rest.make_due(locked, cause=Cause.COLOUR)
    if close.is_cluster:
        rest.make_due(locked, cause=Cause.CLUSTER)
