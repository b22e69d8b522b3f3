"""Bookmarks, up to where a person has skipped all that waits in a lane, and the triggers that keep them true.

A job that comes to wait at or before a bookmark is listed, whoever writes: it is put in, handed back, moved from another
lane or forward in its own. One that goes back in its line cannot come before a bookmark by that. A skip that is taken back
takes the bookmarks of its person along.

On PostgreSQL a bookmark that moves and a job that comes to wait do not see each other before both are committed. So whoever
lets a job wait shares the lane's lock from its trigger to its commit, and whoever moves a bookmark holds that lock alone,
for which they only try (``services.bookmarks``): nobody waits in a circle, because who holds it alone waits for nothing. A
person's skips have a lock of the same kind. On SQLite only one writes at a time.
"""

import django.db.models.deletion
from django.db import migrations, models

COMES_TO_WAIT = """
    INSERT INTO queues_earlierjob (lane_id, job_id)
    SELECT NEW.lane_id, NEW.id
    WHERE EXISTS (
        SELECT 1 FROM queues_bookmark AS bookmark
        WHERE bookmark.lane_id = NEW.lane_id AND (bookmark.sort_key, bookmark.job_id) >= (NEW.sort_key, NEW.id)
    ) AND NOT EXISTS (
        SELECT 1 FROM queues_earlierjob AS earlier WHERE earlier.lane_id = NEW.lane_id AND earlier.job_id = NEW.id
    );
"""
IS_TAKEN_BACK = "DELETE FROM queues_bookmark WHERE subject = OLD.subject;"
SHARE_LANE = "PERFORM pg_advisory_xact_lock_shared(hashtext('lane of bookmarks'), hashint8(NEW.lane_id));"
SHARE_PERSON = (
    "PERFORM pg_advisory_xact_lock_shared(hashtext('person of bookmarks'), hashtext(OLD.subject::text));"
)

WAS_ELSEWHERE = "OLD.lane_id <> NEW.lane_id OR OLD.sort_key > NEW.sort_key"
WAS_NOT_THERE = f"OLD.state <> 'waiting' OR OLD.case_ref <> NEW.case_ref OR {WAS_ELSEWHERE}"
# Name → event, condition. A pick that is undone lets its job wait anew, which costs a row and changes nothing.
JOB_TRIGGERS = {
    "queues_job_insert_earlier": ("INSERT", "NEW.state = 'waiting'"),
    "queues_job_update_earlier": (
        "UPDATE OF state, lane_id, sort_key, case_ref",
        f"NEW.state = 'waiting' AND ({WAS_NOT_THERE})",
    ),
}
SKIP_TRIGGERS = {
    "queues_skip_delete_forgotten": ("DELETE", ""),
    "queues_skip_update_forgotten": ("UPDATE OF subject, case_ref", ""),
}
TRIGGERS = {"queues_job": JOB_TRIGGERS, "queues_skip": SKIP_TRIGGERS}
STEPS = {"queues_job": COMES_TO_WAIT, "queues_skip": IS_TAKEN_BACK}
FUNCTIONS = {"queues_job": "queues_list_earlier_job", "queues_skip": "queues_forget_bookmarks"}
LOCKS = {"queues_job": SHARE_LANE, "queues_skip": SHARE_PERSON}


def on_postgresql():
    for table, triggers in TRIGGERS.items():
        yield f"""
            CREATE FUNCTION {FUNCTIONS[table]}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                {LOCKS[table]}
                {STEPS[table]}
                RETURN NULL;
            END $$
        """
        for name, (event, condition) in triggers.items():
            when = f"WHEN ({condition}) " if condition else ""
            yield (
                f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {when}"
                f"EXECUTE FUNCTION {FUNCTIONS[table]}()"
            )


def on_sqlite():
    for table, triggers in TRIGGERS.items():
        for name, (event, condition) in triggers.items():
            when = f"WHEN {condition} " if condition else ""
            yield (
                f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {when}BEGIN {STEPS[table]} END"
            )


def begin(_apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in on_postgresql() if vendor == "postgresql" else on_sqlite():
        schema_editor.execute(statement, params=None)


def cease(_apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for table, triggers in TRIGGERS.items():
        for name in triggers:
            schema_editor.execute(
                f"DROP TRIGGER {name}{f' ON {table}' if is_postgresql else ''}", params=None
            )
        if is_postgresql:
            schema_editor.execute(f"DROP FUNCTION {FUNCTIONS[table]}()", params=None)


def in_lane(to):
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to=to,
    )


class Migration(migrations.Migration):
    dependencies = [("queues", "0020_other_paid_work_is_named")]
    operations = [
        migrations.CreateModel(
            name="Bookmark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.UUIDField()),
                ("sort_key", models.BigIntegerField()),
                ("job_id", models.BigIntegerField()),
                ("lane", in_lane("queues.lane")),
            ],
            options={
                "indexes": [models.Index(fields=["lane", "sort_key", "job_id"], name="bookmark_of_lane")],
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "lane"), name="bookmark_once_per_lane")
                ],
            },
        ),
        migrations.CreateModel(
            name="EarlierJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("job", in_lane("queues.job")),
                ("lane", in_lane("queues.lane")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("lane", "job"), name="earlier_job_once_per_lane")
                ],
            },
        ),
        migrations.RunPython(begin, cease),
    ]
