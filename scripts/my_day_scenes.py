"""Pictures of 'My day': today with a flag and an officer's order, 7 and 28 days, one day, and a question about a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.screenshots import Studio
    from tests.browser.respite import Office

SEEDED = """
from datetime import timedelta
from uuid import uuid4
from django.utils import timezone
from people.models import User
from wellbeing.models import Break, DaySum, Exposure, ExposureSum, LoadFlag, Measure, Presence
now = timezone.now()
subject = User.objects.get(username={username!r}).subject.pk
today = now.date()
def shown(ago, severity, minutes, cases, points):
    DaySum.objects.update_or_create(subject=subject, local_date=today - timedelta(days=ago), severity=severity,
        defaults=dict(shown_ms=minutes * 60_000, cases=cases, load_units=int(points * 600_000_000)))
for ago in range(1, 28):
    if (today - timedelta(days=ago)).weekday() >= 5:
        continue
    shown(ago, 0, 6 + ago % 3, 11, 0)
    shown(ago, 1, 20 + 3 * (ago % 5), 14 + ago % 4, 5.5 + ago % 5)
    shown(ago, 2, 30 + 4 * (ago % 7), 25, 36.25 + 4 * (ago % 7))
    if ago % 5 in (1, 2, 4):
        shown(ago, 3, 24 + 6 * (ago % 4), 21, 55.5 + 12 * (ago % 4))
    if ago % 9 == 1:
        shown(ago, 4, 9, 7, 38.0)
    Break.objects.create(subject=subject, cause='work', state='over', length_ms=600_000, served_ms=610_000,
        due_at=now - timedelta(days=ago), started_at=now - timedelta(days=ago), over_at=now - timedelta(days=ago, minutes=-10),
        postponed_until=now - timedelta(days=ago) if ago % 6 == 0 else None)
for n, (severity, category, level, seconds, units) in enumerate((
    (3, 'ANIMAL', 'grey', 95, 1_890_000_000), (3, 'GORE', 'colour', 40, 1_000_000_000),
    (2, 'HATE', 'text', 120, 650_000_000), (1, 'DISINFO', 'text', 75, 93_750_000), (4, 'VIO_KILL', 'grey', 30, 1_440_000_000),
)):
    at = now - timedelta(minutes=20 - 3 * n)
    quarter = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    Exposure.objects.create(subject=subject, case_ref=uuid4(), claim_ref=uuid4(), quarter_at=quarter, category=category,
        severity=severity, level=level, medium='text' if level == 'text' else 'picture', opened_at=at, last_beat_at=at,
        shown_ms=seconds * 1000, closed_at=at, closed_reason='decided', load_model_version=1, load_units=units)
    for model, when in ((ExposureSum, dict(quarter_at=quarter)), (DaySum, dict(local_date=today))):
        row, made = model.objects.get_or_create(subject=subject, severity=severity, **when)
        row.shown_ms, row.cases, row.load_units = row.shown_ms + seconds * 1000, row.cases + 1, row.load_units + units
        row.save()
LoadFlag.objects.create(subject=subject, code='HEAVY_STREAK', level='amber', local_date=today - timedelta(days=1),
    figures=dict(days=3, least=160, loads='163.5, 171, 168.25'), raised_at=now - timedelta(days=1))
Measure.objects.create(subject=subject, kind='lighter_queue', from_on=today, until_on=today + timedelta(days=3),
    words='Three light days, as we said on the phone.', set_by='system', set_at=now - timedelta(hours=2))
"""


def telling_of_days(studio: Studio) -> None:
    """One person's days, seeded: nobody can be shown four weeks of cases for a picture."""
    office: Office = studio.office("chelsea.png", category="ANIMAL")
    studio.respite.manage(SEEDED.format(username=office.usernames[0]))
    alice = studio.moderator(office)
    alice.page.goto(f"{alice.address}/desk/")
    alice.page.get_by_role("button", name="Start").click()
    alice.page.locator("details.why > summary").click()
    studio.takes(alice, "desk-why-less-comes")
    for name, address in (
        ("today", "/my-day/"),
        ("7-days", "/my-day/days/"),
        ("28-days", "/my-day/days/?span=28"),
        ("one-day", "/my-day/day/"),
        ("ask", "/my-day/ask/?about=refusal&ref=lighter_queue"),
    ):
        alice.page.goto(f"{alice.address}{address}")
        studio.takes(alice, f"my-day-{name}")
