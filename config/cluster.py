"""What every process of a cluster asks before it serves: is it one, and is nothing about its settings a lie?"""

import multiprocessing
import signal
import sys
from pathlib import Path

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.db import DatabaseError
from django.utils.module_loading import import_string

from config import database_logs
from config.preflight import raise_file_limit
from config.private import tighten
from config.supervisor import die_with_parent


def database_talks() -> list[str]:
    """Return what to say where PostgreSQL's log may repeat content; nothing while it cannot be asked."""
    try:
        database_logs.insist()
    except database_logs.DatabaseTalks as talks:
        return [talks.line]
    except DatabaseError:
        pass  # it is away; whoever needs it says so, and /readyz asks again
    return []


def insist() -> None:
    """End this process, with a sentence for each reason, unless it may be part of a cluster."""
    said = (
        []
        if settings.MODE == "cluster"
        else ["DATABASE_URL (PostgreSQL) and REDIS_URL are both needed here."]
    )
    said += database_talks()
    said += [f"{trouble.id}: {trouble.msg}" for trouble in run_checks() if trouble.level >= ERROR]
    if said:
        sys.exit("Respite does not start.\n" + "\n".join(f"  {line}" for line in said))
    tighten(data=Path(settings.DATA_DIR), media=Path(settings.MEDIA_ROOT))
    raise_file_limit()
    import_string(settings.OUTBOX_NUDGE)  # now, and not in the first request that promises something


def insist_beside() -> None:
    """Insist in a child that ends: what the checks import, every page, is 16 MB that sockets and workers never use."""
    child = multiprocessing.get_context("fork").Process(target=_insist_while_the_parent_lives)
    child.start()
    child.join()
    if child.exitcode:
        sys.exit(child.exitcode)
    raise_file_limit()


def _insist_while_the_parent_lives() -> None:
    """A process that is told to end while it starts must leave nobody behind."""
    die_with_parent(signal.SIGKILL)
    insist()
