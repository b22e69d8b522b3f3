"""What must be true after every step, promise by promise, said over raw rows."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from audit.models import AuditRow
from queues.models import Claim
from tests.wellbeing.stateful import naive
from tests.wellbeing.stateful.floor import Floor, Hand
from tests.wellbeing.stateful.naive import BEAT_MS, Person, Rows
from wellbeing.models import Break, Exposure


class Checks:
    """Keeps what has to be compared between one step and the next."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.live: dict[UUID, tuple[UUID, str] | None] = {}
        self.clear_when_reached: dict[tuple[UUID, str], tuple[int, int]] = {}
        self.used: dict[tuple[UUID, str], int] = {}
        self.limits: dict[tuple[UUID, str], int] = {}

    def all(self) -> None:
        """Look at every promise for everybody."""
        for hand in self.floor.hands:
            at = hand.person.clock()
            if at is not None:
                self.the_limit_holds(hand.person, at)
                self.hours_and_orders_hold(hand.person)
                self.a_break_is_a_break(hand.person, at)
                self.what_is_taken_may_be_taken(hand, at)
        self.the_ledger_is_whole()
        self.nobody_is_told_of_a_refusal()
        self.floor.before = self.floor.true

    # ── P4, P6: the limit holds, a tighter one at once, a looser one from the next day ───────────────────────────

    def the_limit_holds(self, person: Person, at: datetime) -> None:
        rows = person.rows()
        for name, least in naive.LEAST.items():
            looks = [row for row in rows.exposures if row.severity >= least and row.level != "shielded"]
            self._minutes_hold(person, name, at, rows, sum(naive.heard_ms(row) for row in looks))
        for name in naive.EXACTLY:
            self._cases_hold(person, name, at, rows)

    def _minutes_hold(self, person: Person, name: str, at: datetime, rows: Rows, clear: int) -> None:
        key, limit = (person.subject, name), person.limit(name, at, rows) * 1000
        used, before = person.used(name, at, rows), self.limits.get(key)
        if limit == 0 or used < limit:
            self.clear_when_reached.pop(key, None)
        elif key not in self.clear_when_reached:
            self.clear_when_reached[key] = clear, limit
            is_clear = max(rows.exposures, key=lambda row: row.opened_at).level != "shielded"
            if before is not None and limit >= before and is_clear:
                heard = person.used(name, at, rows, heard=True)
                assert heard <= limit + BEAT_MS, f"P4: {heard} ms at {name}, of {limit}"
        else:
            reached_with, _ = self.clear_when_reached[key]
            assert clear - reached_with <= BEAT_MS, f"P4: clear media after {name} was reached"
        self.limits[key] = limit

    def _cases_hold(self, person: Person, name: str, at: datetime, rows: Rows) -> None:
        key = person.subject, name
        count, limit = person.used(name, at, rows), person.limit(name, at, rows)
        assert count <= max(limit, self.used.get(key, 0)), f"P4: {count} cases at {name}, of {limit}"
        self.used[key] = count

    def hours_and_orders_hold(self, person: Person) -> None:
        """Nothing above what the hour, the shift and the weeks leave is shown there, but for a beat in all."""
        if person.is_starter:
            assert not Exposure.objects.filter(subject=person.subject, severity__gte=3).exists()
        beyond: dict[datetime, int] = {}
        rows = Exposure.objects.filter(subject=person.subject, severity__gte=3).exclude(level="shielded")
        for row in rows.exclude(shown_ms__lt=1):
            if person.is_night(row.quarter_at):
                beyond[row.quarter_at] = beyond.get(row.quarter_at, 0) + naive.heard_ms(row)
        for quarter, shown in beyond.items():
            assert shown <= BEAT_MS, f"P4: {shown} ms at severity 3 and up at night, {quarter}"

    # ── P5: a break is a break ───────────────────────────────────────────────────────────────────────────────────

    def a_break_is_a_break(self, person: Person, at: datetime) -> None:
        rest = person.open_break(at)
        if rest is not None:
            on_stage = Exposure.objects.filter(
                subject=person.subject, closed_at__isnull=True, cleared_at__isnull=True
            )
            assert not on_stage.exists(), "P5: something is on the stage during a break"
        self._is_served_in_real_time(person)

    def _is_served_in_real_time(self, person: Person) -> None:
        for rest in Break.objects.filter(subject=person.subject).exclude(state="due"):
            begun = self.floor.began_resting.setdefault(rest.pk, self.floor.before)
            lasted = (self.floor.true - begun).total_seconds() * 1000
            # Less than the break itself may have been absence already when the sweep began it.
            most = lasted + rest.length_ms + 1
            assert rest.served_ms <= most, "P5: a break was served that did not pass"
            if rest.state == "over" and not self.floor.was_long_away:
                assert rest.served_ms >= rest.length_ms, "P5: a break ended before its length"

    # ── P4, P5, P8: what is taken ────────────────────────────────────────────────────────────────────────────────

    def what_is_taken_may_be_taken(self, hand: Hand, at: datetime) -> None:
        person = hand.person
        claims = (
            Claim.objects.filter(subject=person.subject).exclude(state="closed").select_related("job__lane")
        )
        claim = claims.first()
        now = None if claim is None else (claim.pk, claim.state)
        before = self.live.get(person.subject)
        self.live[person.subject] = now
        if claim is None:
            return
        assert not person.opted_out_of(claim, at), "P8: a case in hand that its holder opted out of"
        if claim.state != "live" or now == before:
            return
        taken_at = person.by_their_clock(claim.claimed_at)
        if before is not None and before[0] == claim.pk:
            assert person.open_break(at) is None, "P5: a case was taken up again during a break"
            return
        rest = person.open_break(taken_at)
        assert rest is None or rest.due_at > taken_at, "P5: a case was handed out during a break"
        self._is_free_to_take(person, claim, taken_at, later=at - taken_at)

    def _is_free_to_take(self, person: Person, claim: Claim, at: datetime, *, later: timedelta) -> None:
        """Look back at the moment of the claim, *later* after it: what it was shown itself since then is left out."""
        severity = claim.job.lane.severity
        assert not person.skipped(claim), "P8: a skipped case came back"
        assert severity <= person.most(at), f"P4: severity {severity} where at most {person.most(at)} is"
        if not Break.objects.filter(subject=person.subject, state="due").exists():
            self._no_break_is_due(person, claim, later)
        rows = person.rows()
        before = replace(rows, exposures=[row for row in rows.exposures if row.claim_ref != claim.pk])
        for name, least in (naive.LEAST | naive.EXACTLY).items():
            limit, unit = person.limit(name, at, before), 1000 if name in naive.LEAST else 1
            used = person.used(name, at, before, without=claim.job.case_ref)
            if used >= limit * unit:
                assert severity < least, f"P4: a case of severity {severity} after {name} was reached"

    def _no_break_is_due(self, person: Person, claim: Claim, later: timedelta) -> None:
        """Of one that was put off (and so is still open) this is not asked."""
        since = later / timedelta(milliseconds=1)
        assert person.worked_ms(minutes=10) - since < naive.WORK_MS, "P5: a case although a break is due"
        for least, most in ((3, naive.SEVERE_MS), (4, naive.EXTREME_MS)):
            shown = person.severe_ms(least, without=claim.pk)
            assert shown < most, f"P5: a case although a break is due after severity {least}"

    # ── P7, P8: the ledger is whole, and nobody else is told ─────────────────────────────────────────────────────

    def the_ledger_is_whole(self) -> None:
        sums = naive.sums()
        assert naive.kept_sums() == sums
        for hand in self.floor.hands:
            assert naive.kept_days(hand.person.subject) == naive.days(hand.person, sums)

    def nobody_is_told_of_a_refusal(self) -> None:
        private = ("opt", "skip", "step", "agreement", "reveal", "exposure")
        for action in AuditRow.objects.values_list("action", flat=True):
            assert not any(word in action for word in private), f"P8: the audit tells of {action}"
