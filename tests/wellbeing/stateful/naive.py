"""What the promises ask, computed once more from raw rows, as simply as it can be said: nothing here knows the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from queues.models import Claim
from wellbeing.models import (
    Break,
    CaseSeen,
    DaySum,
    Exposure,
    ExposureSum,
    LimitRow,
    Measure,
    OptOut,
    PersonState,
    Presence,
    SevereAgreement,
    Shift,
)

BEAT_MS = 5_000
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HEARD_FOR = timedelta(minutes=10)
SHIPPED = {"seconds_1": 240 * 60, "seconds_3": 120 * 60, "seconds_4": 30 * 60, "cases_3": 150, "cases_4": 60}
LEAST = {"seconds_1": 1, "seconds_3": 3, "seconds_4": 4}
EXACTLY = {"cases_3": 3, "cases_4": 4}
WORK_MS, SEVERE_MS, EXTREME_MS = (n * 60_000 for n in (60, 25, 10))
# The break after 50 min at the desk may wait for ten minutes of work after any rest, and no longer.


def shown_ms(row: Exposure) -> int:
    return row.shown_ms


def heard_ms(row: Exposure) -> int:
    """Return what stands inside P4's sum: silence counts, and stands outside it."""
    return row.shown_ms - row.unheard_ms


@dataclass(frozen=True)
class Rows:
    """What there is of one person now, read once for all that is asked of it: limits in the order they were set in."""

    exposures: list[Exposure]
    seen: list[CaseSeen]
    limits: list[LimitRow]


@dataclass
class Person:
    """One person as raw rows show them. ``is_starter``: in the first two weeks of this work."""

    subject: UUID
    zone: ZoneInfo
    team: str
    is_starter: bool = False

    # ── the clock ────────────────────────────────────────────────────────────────────────────────────────────────

    def clock(self) -> datetime | None:
        """Return the person's own clock; None for somebody who has never been at the desk."""
        return PersonState.objects.filter(pk=self.subject).values_list("clock_at", flat=True).first()

    def by_their_clock(self, wall: datetime) -> datetime:
        """Return what the person's clock says when the wall's says *wall*, as the two lie now."""
        state = PersonState.objects.get(pk=self.subject)
        return wall + (state.clock_at - state.wall_at)

    def next_midnight(self, at: datetime) -> datetime:
        on = at.astimezone(self.zone).date() + DAY
        return datetime(on.year, on.month, on.day, tzinfo=self.zone)

    def is_night(self, at: datetime) -> bool:
        return not 6 <= at.astimezone(self.zone).hour < 22

    # ── what was shown ───────────────────────────────────────────────────────────────────────────────────────────

    def rows(self) -> Rows:
        return Rows(
            list(Exposure.objects.filter(subject=self.subject)),
            list(CaseSeen.objects.filter(subject=self.subject)),
            list(LimitRow.objects.order_by("set_at", "id")),
        )

    def used(
        self, name: str, at: datetime, rows: Rows, *, without: UUID | None = None, heard: bool = False
    ) -> int:
        """Return what is used of a limit: of the local date, or of the quarter and the 96 before, whichever is more.

        ``heard``: without what counts although its page was not heard of.
        """
        spent = heard_ms if heard else shown_ms
        since = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0) - DAY
        today = at.astimezone(self.zone).date()
        if name in EXACTLY:
            cases = [one for one in rows.seen if one.severity == EXACTLY[name] and one.case_ref != without]
            return max(
                sum(one.quarter_at.astimezone(self.zone).date() == today for one in cases),
                sum(one.quarter_at >= since for one in cases),
            )
        counting = [row for row in rows.exposures if row.severity >= LEAST[name]]
        return max(
            sum(spent(row) for row in counting if row.quarter_at.astimezone(self.zone).date() == today),
            sum(spent(row) for row in counting if row.quarter_at >= since),
        )

    # ── what is allowed ──────────────────────────────────────────────────────────────────────────────────────────

    def limit(self, name: str, at: datetime, rows: Rows) -> int:
        """Return the limit in force: tighter at once, looser from the next local day; in seconds or cases."""
        values = [SHIPPED[name]]
        for scope, ref in (("ceiling", ""), ("team", self.team), ("own", str(self.subject))):
            holds, waits, from_at = None, None, None
            for row in rows.limits:
                if (row.scope, row.scope_ref, row.name) != (scope, ref, name) or row.set_at > at:
                    continue
                if from_at is not None and from_at <= row.set_at:
                    holds, waits, from_at = waits, None, None
                if holds is None or row.value <= holds:
                    holds, waits, from_at = row.value, None, None
                else:
                    waits, from_at = row.value, self.next_midnight(row.set_at)
            if from_at is not None and from_at <= at:
                holds = waits
            if holds is not None:
                values.append(holds)
        least = min(values)
        if not self.is_starter:
            return least
        return least // 2 if name == "seconds_1" else 0

    def most(self, at: datetime) -> int:
        """Return the highest severity that the hour, the shift, an order, an agreement and the weeks leave."""
        bounds = [4]
        if self.is_night(at):
            bounds.append(2)
        for shift in Shift.objects.filter(subject=self.subject, cancelled_at__isnull=True):
            if max(shift.ends_at - HOUR, shift.starts_at) <= at < shift.ends_at and not self._goes_on(shift):
                bounds.append(2)
            if shift.ends_at <= at < shift.ends_at + 11 * HOUR and not self._works_on(shift, at):
                bounds.append(1)
        if self.is_starter:
            bounds.append(2)
        if not SevereAgreement.objects.filter(subject=self.subject, revoked_at__isnull=True).exists():
            bounds.append(3)
        return min([*bounds, *self._ordered(at.astimezone(self.zone).date(), at)])

    def _ordered(self, today: date, at: datetime) -> list[int]:
        orders = Measure.objects.filter(
            subject=self.subject,
            ended_at__isnull=True,
            set_at__lte=at,
            from_on__lte=today,
            until_on__gte=today,
        )
        return [{"rest_day": -1, "lighter_queue": 1}.get(order.kind, 4) for order in orders]

    def _goes_on(self, shift: Shift) -> bool:
        """Say whether another part of the same date ends later."""
        on = shift.starts_at.astimezone(self.zone).date()
        later = Shift.objects.filter(
            subject=self.subject, cancelled_at__isnull=True, ends_at__gt=shift.ends_at
        )
        return any(one.starts_at.astimezone(self.zone).date() == on for one in later)

    def _works_on(self, shift: Shift, at: datetime) -> bool:
        return Shift.objects.filter(
            subject=self.subject, cancelled_at__isnull=True, starts_at__gte=shift.ends_at, starts_at__lte=at
        ).exists()

    def opted_out_of(self, claim: Claim, at: datetime) -> bool:
        for choice in OptOut.objects.filter(subject=self.subject, ended_at__isnull=True):
            if choice.until is not None and choice.until <= at:
                continue
            lane = claim.job.lane
            found = {"category": lane.category, "medium": claim.job.medium, "queue": str(lane.queue_id)}
            if found.get(choice.kind) == choice.value or (choice.kind == "sound" and claim.job.sound):
                return True
        return False

    def skipped(self, claim: Claim) -> bool:
        """Say whether this person gave the same case away before, not to see it again."""
        before = Claim.objects.filter(subject=self.subject, job__case_ref=claim.job.case_ref, state="closed")
        return before.filter(closed_reason__in=("skip", "escalated")).exists()

    # ── breaks ───────────────────────────────────────────────────────────────────────────────────────────────────

    def open_break(self, at: datetime) -> Break | None:
        """Return the break that binds at *at*."""
        rest = Break.objects.filter(subject=self.subject).exclude(state="over").first()
        if rest is None or (
            rest.state == "due" and rest.postponed_until is not None and at < rest.postponed_until
        ):
            return None
        return rest

    def since_rest(self, *, minutes: int) -> datetime | None:
        """Return when the last rest of that length was over, of absence too, by the wall's clock: it was no shorter."""
        over = Break.objects.filter(subject=self.subject, state="over", served_ms__gte=minutes * 60_000)
        ended = [at for at in over.values_list("over_at", flat=True) if at is not None]
        rows = Presence.objects.filter(subject=self.subject).exclude(kind="lost_line")
        sat = list(rows.order_by("opened_at"))
        for before, after in pairwise(sat):
            if before.closed_at is not None and after.opened_at - before.closed_at >= timedelta(
                minutes=minutes
            ):
                ended.append(after.opened_at)
        return max(ended, default=None)

    def worked_ms(self, *, minutes: int) -> int:
        """Return the queue work since the last rest of that length, at least: of one interval ten minutes at most.

        A page without beats is taken at its word for so long, and an interval does not tell how often it was heard of.
        """
        since = self.since_rest(minutes=minutes)
        total = timedelta(0)
        for one in Presence.objects.filter(subject=self.subject, kind__in=("waiting", "reviewing")):
            begins_at = max(one.opened_at, since) if since else one.opened_at
            lasted = (one.closed_at or one.last_beat_at) - begins_at
            total += min(max(lasted, timedelta(0)), HEARD_FOR)
        return total // timedelta(milliseconds=1)

    def severe_ms(self, least: int, *, without: UUID) -> int:
        since = self.since_rest(minutes=10)
        rows = Exposure.objects.filter(subject=self.subject, severity__gte=least).exclude(claim_ref=without)
        return sum(row.shown_ms for row in rows if since is None or row.opened_at >= since)


# ── the sums ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def kept_sums() -> dict[tuple[UUID, datetime, int], tuple[int, int, int, int]]:
    rows = ExposureSum.objects.exclude(shown_ms=0, cases=0, load_units=0, units_at_one=0)
    return {
        (row.subject, row.quarter_at, row.severity): (
            row.shown_ms,
            row.cases,
            row.load_units,
            row.units_at_one,
        )
        for row in rows
    }


def sums() -> dict[tuple[UUID, datetime, int], tuple[int, int, int, int]]:
    found: dict[tuple[UUID, datetime, int], tuple[int, int, int, int]] = {}
    for row in Exposure.objects.exclude(shown_ms=0, load_units=0, units_at_one=0):
        key = row.subject, row.quarter_at, row.severity
        shown, cases, load, at_one = found.get(key, (0, 0, 0, 0))
        found[key] = shown + row.shown_ms, cases, load + row.load_units, at_one + row.units_at_one
    for case in CaseSeen.objects.all():
        key = case.subject, case.quarter_at, case.severity
        shown, cases, load, at_one = found.get(key, (0, 0, 0, 0))
        found[key] = shown, cases + 1, load, at_one
    return found


def kept_days(subject: UUID) -> dict[tuple[object, int], tuple[int, int, int, int]]:
    rows = DaySum.objects.filter(subject=subject).exclude(shown_ms=0, cases=0, load_units=0, units_at_one=0)
    return {
        (row.local_date, row.severity): (row.shown_ms, row.cases, row.load_units, row.units_at_one)
        for row in rows
    }


def days(
    person: Person, of_quarters: Mapping[tuple[UUID, datetime, int], tuple[int, int, int, int]]
) -> dict[tuple[object, int], tuple[int, int, int, int]]:
    """Return what ``sums`` found, of one person by local date."""
    found: dict[tuple[object, int], tuple[int, int, int, int]] = {}
    for (subject, quarter, severity), figures in of_quarters.items():
        if subject == person.subject:
            key = quarter.astimezone(person.zone).date(), severity
            before = found.get(key, (0, 0, 0, 0))
            found[key] = (
                before[0] + figures[0],
                before[1] + figures[1],
                before[2] + figures[2],
                before[3] + figures[3],
            )
    return found
