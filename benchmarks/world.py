"""What the benchmarks work in: people, a platform with its queue, and cases that wait.

One item is taken in by Respite itself; the others are copies of its rows, made by the database. So every column holds
what the product writes, also one that is added later. Numbers run from 1; a case is known by ``CASE_REF`` of its ``nth``.
"""

import contextlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from moderation.models import Case, Item, ItemRevision
from moderation.services.intake import NewItem, accept
from moderation.services.setup import SCOPES, NewPlatform, set_up_platform
from people.access import BEGAN
from people.models import (
    Organisation,
    Platform,
    RoleGrant,
    Subject,
    Team,
    TeamMembership,
    TimeZonePeriod,
    User,
)
from people.rules.sessions import DESK_IDLE
from people.rules.zones import BEGINNING
from people.services.platforms import issue_key
from queues.models import Job, JobState, Lane, Queue
from wellbeing.models import LimitRow, SevereAgreement

CATEGORY = "ILLICIT"
WORDS = "Offer number {}, today only: write to the seller and ask for the usual."
CASE_REF = "md5('case ' || nth)::uuid"
DIGEST = "md5('content ' || nth) || md5('more ' || nth)"
JOB = {
    "id": "nth",
    "case_ref": CASE_REF,
    "state": f"'{JobState.WAITING}'",
    "sort_key": "nth",
    "fence": "0",
}
REVISION = {
    "item_id": CASE_REF,
    "case_id": CASE_REF,
    "content_digest": DIGEST,
    "text": f"replace('{WORDS}', '{{}}', nth::text)",
}
SKIPPED = "queues_skip, queues_bookmark, queues_earlierjob"
BARE_JOBS = """
CREATE TABLE bench_first_job AS TABLE queues_job;
CREATE TABLE bench_job AS TABLE queues_job WITH NO DATA;
ALTER TABLE bench_job ADD PRIMARY KEY (id);
CREATE INDEX bench_pick ON bench_job (lane_id, sort_key, id) WHERE state = 'waiting';
"""


@dataclass(frozen=True)
class Worker:
    """A moderator, and the session that they are signed in with."""

    subject: UUID
    session: str


@dataclass(frozen=True)
class World:
    """What was seeded. ``lanes`` are of ``queue``, which ``team`` works on; ``far_lanes`` are of a queue of nobody."""

    url: str
    team: Team
    platform: Platform
    queue: Queue
    api_keys: list[str]
    lanes: list[int]
    far_lanes: list[int]
    template: Job

    @property
    def empty_lane(self) -> int:
        """A lane where nothing ever waits: the template's own, once its job is done."""
        return self.template.lane_id


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────


OUT_OF_THE_WAY = {"run_cases": 5_000, "spacing_cases": 0, "load_block_red": 100_000, "load_day_red": 100_000}
"""Nobody decides a hundred cases of one kind a minute: the rules that would end a run of a benchmark are lifted, not cut out."""


def _lift_what_a_run_would_meet(at: datetime) -> None:
    for name, value in OUT_OF_THE_WAY.items():
        LimitRow.objects.get_or_create(
            scope="ceiling",
            scope_ref="",
            name=name,
            defaults={"value": value, "set_at": at, "set_by": "system"},
        )


def hire(team: Team, *, count: int) -> list[Worker]:
    """Make moderators of *team*, each signed in, in a few statements; no ramp of new starters holds for them."""
    at = timezone.now() - timedelta(days=400)
    # Around noon for them now, so that a benchmark at night measures the same.
    zone = f"Etc/GMT{timezone.now().hour - 12:+d}"
    _lift_what_a_run_would_meet(at)
    names = [f"bench-{team.pk}-{number}-{secrets.token_hex(4)}" for number in range(count)]
    users = [User(username=name, created_at=at, began_on=at.date()) for name in names]
    for user in users:
        user.password = "!" + secrets.token_hex(20)
    User.objects.bulk_create(users)
    subjects = Subject.objects.bulk_create([Subject(id=uuid4(), user=user, created_at=at) for user in users])
    RoleGrant.objects.bulk_create([RoleGrant(user=user, role="moderator", granted_at=at) for user in users])
    TeamMembership.objects.bulk_create(
        [TeamMembership(user=user, team=team, effective_from=at) for user in users]
    )
    SevereAgreement.objects.bulk_create([SevereAgreement(subject=one.pk, given_at=at) for one in subjects])
    TimeZonePeriod.objects.bulk_create(
        [TimeZonePeriod(user=user, zone=zone, effective_from=BEGINNING) for user in users]
    )
    sessions = signed_in(users)
    return [Worker(subject.id, session) for subject, session in zip(subjects, sessions, strict=True)]


def signed_in(users: Sequence[User]) -> list[str]:
    """Make a session for each, as signing in does, and return their keys."""
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session

    store, now = SessionStore(), timezone.now()
    rows = [
        Session(
            session_key=secrets.token_hex(16),
            session_data=store.encode(
                {
                    "_auth_user_id": str(user.pk),
                    "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0],
                    "_auth_user_hash": user.get_session_auth_hash(),
                    BEGAN: now.timestamp(),
                }
            ),
            expire_date=now + DESK_IDLE,
        )
        for user in users
    ]
    keys = [row.session_key for row in Session.objects.bulk_create(rows)]
    UserSession.objects.bulk_create(
        UserSession(session_key=key, user=user, ip="127.0.0.1", user_agent="benchmark")
        for key, user in zip(keys, users, strict=True)
    )
    return keys


# ── cases ────────────────────────────────────────────────────────────────────────────────────────────────────────


def seed(url: str, *, lanes: int = 6, far_lanes: int = 0) -> World:
    """Write a team, a platform with a key and a queue, empty lanes, and the first item."""
    now = timezone.now()
    team, new = first_office(now)
    second = issue_key(
        platform=new.platform, scopes=list(SCOPES), live=True, expires_at=None, actor="system", at=now
    )
    job = first_item(new.platform, now)
    elsewhere = Queue.objects.create(platform=new.platform, name="Elsewhere", created_at=now)
    near, far = [
        Lane.objects.bulk_create(
            Lane(queue=queue, language=f"x-{number}", category=CATEGORY, severity=1)
            for number in range(count)
        )
        for queue, count in ((new.queue, lanes), (elsewhere, far_lanes))
    ]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(BARE_JOBS)
    return World(
        url=url,
        team=team,
        platform=new.platform,
        queue=new.queue,
        api_keys=[new.api_key, second.secret],
        lanes=[lane.pk for lane in near],
        far_lanes=[lane.pk for lane in far],
        template=job,
    )


def first_office(at: datetime) -> tuple[Team, NewPlatform]:
    """Make a team, and a platform with a queue without a grace."""
    Organisation.objects.get_or_create(name="Benchmark", defaults={"created_at": at})
    team = Team.objects.create(name="Benchmark", created_at=at)
    new = set_up_platform(name="Benchmark", actor="system", at=at)
    new.queue.grace_seconds = 0
    new.queue.save(update_fields=["grace_seconds"])
    return team, new


def first_item(platform: Platform, at: datetime) -> Job:
    """Take one item in as the API does; its job is put aside."""
    with transaction.atomic():
        accept(platform=platform, item=NewItem("first", CATEGORY, text=WORDS.format(0)), at=at)
    job = Job.objects.get()
    Job.objects.update(state=JobState.ENDED)
    return job


def fill_jobs(world: World, count: int, *, after: int = 0) -> None:
    """Make exactly *count* jobs wait, the same in the bare table: half in ``lanes``, half in ``far_lanes`` if any.

    They are those of the cases *after* + 1 and on, first in line first. Triggers and foreign keys rest meanwhile (which
    only a superuser may ask for), and indexes are made anew: filling is not what is measured.
    """
    halves = [world.lanes, world.far_lanes] if world.far_lanes else [world.lanes]
    with psycopg.connect(world.url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(f"TRUNCATE queues_job, queues_claim, {SKIPPED}, bench_job")
        with indexes_aside(connection, "queues_job"), indexes_aside(connection, "bench_job"):
            for half, lanes in enumerate(halves, 1):
                lane = f"(ARRAY{lanes}::bigint[])[1 + nth / {len(halves)} % {len(lanes)}]"
                changed = JOB | {"lane_id": lane}
                series = f"generate_series({after + half}, {after + count}, {len(halves)})"
                copies(connection, Job, "bench_first_job", changed, series)
            connection.execute("INSERT INTO bench_job SELECT * FROM queues_job")
        connection.execute(f"VACUUM ANALYZE queues_job, queues_claim, {SKIPPED}, bench_job")


def fill_cases(world: World, count: int) -> None:
    """Make the content of the cases up to *count* that are not there yet: a case, an item and its revision for each."""
    case = Case.objects.get(pk=world.template.case_ref)
    revision = ItemRevision.objects.get(case=case)
    firsts = {
        Case: (f"id = '{case.pk}'", {"id": CASE_REF, "content_digest": DIGEST}),
        Item: (f"id = '{revision.item_id}'", {"id": CASE_REF, "external_id": "'item ' || nth"}),
        ItemRevision: (f"id = {revision.pk}", REVISION | {"id": f"{revision.pk} + nth"}),
    }
    series = f"generate_series({Case.objects.count()}, {count})"
    with psycopg.connect(world.url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for model, (is_first, changed) in firsts.items():
            table = model._meta.db_table  # noqa: SLF001 - Django's documented API
            first = f"(SELECT * FROM {table} WHERE {is_first})"
            with indexes_aside(connection, table):
                copies(connection, model, first, changed, series)
            connection.execute(f"VACUUM ANALYZE {table}")


def copies(
    connection: "psycopg.Connection[Any]",
    model: type[models.Model],
    first: str,
    changed: Mapping[str, str],
    series: str,
) -> None:
    """Copy the row of *first* once for each ``nth`` of *series*; *changed* says in SQL what differs."""
    columns = [str(field.column) for field in model._meta.concrete_fields]  # noqa: SLF001
    chosen = ", ".join(changed.get(column, f"first.{column}") for column in columns)
    connection.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "  # noqa: SLF001
        f"SELECT {chosen} FROM {first} AS first, {series} AS nth"
    )
    if model._meta.auto_field is not None:  # noqa: SLF001
        go_on_after_copies(connection, model._meta.db_table)  # noqa: SLF001


def go_on_after_copies(connection: "psycopg.Connection[Any]", table: str) -> None:
    """Let the table's sequence go on after the ids that the copies were given."""
    connection.execute(
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
    )


@contextlib.contextmanager
def indexes_aside(connection: "psycopg.Connection[Any]", table: str) -> Iterator[None]:
    """Drop the indexes of *table* that are no constraint's, and make them again at the end: a fifth of the time."""
    found = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass "
        "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
        [table],
    ).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    yield
    for _, definition in found:
        connection.execute(definition)


def skip_the_head(world: World, worker: Worker, *, seen: int) -> None:
    """Let *worker* have skipped the first *seen* jobs of the first lane, with the bookmark that their last skip left."""
    from queues.services import bookmarks

    with psycopg.connect(world.url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO queues_skip (subject, case_ref, at) SELECT %s, case_ref, now() FROM queues_job "
            "WHERE lane_id = %s AND state = 'waiting' ORDER BY sort_key, id LIMIT %s",
            [worker.subject, world.lanes[0], seen],
        )
        while bookmarks.move_on(subject=worker.subject, lane_id=world.lanes[0]):
            continue
        connection.execute(f"VACUUM ANALYZE {SKIPPED}")
