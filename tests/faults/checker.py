"""The offline checker: joins what the clients remember with what the database holds, with nothing running.

The database may be of either kind: the statements are the same.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.faults.bots import BEAT_SECONDS, ModeratorBot, PlatformBot

END_STATES = {"decided", "waiting"}


@dataclass(frozen=True)
class Findings:
    """What is wrong, in words; empty when nothing is."""

    faults: list[str]


def check(folder: Path, platform: PlatformBot, moderator: ModeratorBot) -> Findings:
    """Compare both histories with the database of *folder*."""
    with sqlite3.connect(folder / "respite.sqlite3") as database:
        return Findings([*integrity(database), *joined(database, platform, moderator)])


def joined(database: Any, platform: PlatformBot, moderator: ModeratorBot) -> list[str]:
    """Compare both histories with what a connection of either kind reads."""
    return [*items(database, platform), *decisions(database, moderator), *seconds(database, moderator)]


def integrity(database: sqlite3.Connection) -> list[str]:
    result = database.execute("PRAGMA integrity_check").fetchone()[0]
    return [] if result == "ok" else [f"the database is damaged: {result}"]


def items(database: Any, platform: PlatformBot) -> list[str]:
    """Everything acknowledged is there once, under the id that was told, and on its way or decided."""
    rows = database.execute(
        "SELECT item.external_id, item.id, revision.status FROM moderation_item AS item"
        " JOIN moderation_itemrevision AS revision ON revision.item_id = item.id"
    ).fetchall()
    stored = {external: (UUID(str(found)), status) for external, found, status in rows}
    faults = [] if len(stored) == len(rows) else ["an item is there twice"]
    for external, told in platform.acknowledged.items():
        found, status = stored.get(external, (None, "lost"))
        if found is None or UUID(told.removeprefix("itm_")) != found or status not in END_STATES:
            faults.append(f"{external} was acknowledged as {told}, and is {found} {status}")
    return faults


def decisions(database: Any, moderator: ModeratorBot) -> list[str]:
    """Every acknowledged decision stands once; no case is decided twice; each is answered once."""
    rows = database.execute("SELECT id, case_id FROM moderation_decision").fetchall()
    stored = {UUID(str(found)) for found, _case in rows}
    faults = [
        f"decision {look.decision} was acknowledged and lost"
        for look in moderator.looks
        if look.decided and UUID(look.decision) not in stored
    ]
    if len({case for _found, case in rows}) != len(rows):
        faults.append("a case was decided twice")
    feeds: dict[str, list[int]] = {}
    for platform, position in database.execute(
        "SELECT platform_id, feed_position FROM moderation_answer ORDER BY 1, 2"
    ):
        feeds.setdefault(str(platform), []).append(position)
    faults += [
        f"a feed has gaps: {positions}"
        for positions in feeds.values()
        if positions != list(range(1, len(positions) + 1))
    ]
    answers = sum(map(len, feeds.values()))
    if answers != len(rows):
        faults.append(f"{len(rows)} decisions, {answers} answers")
    return faults


def seconds(database: Any, moderator: ModeratorBot) -> list[str]:
    """What was shown is counted, but for at most one beat; sums and raw rows agree."""
    raw = database.execute("SELECT claim_ref, SUM(shown_ms) FROM wellbeing_exposure GROUP BY claim_ref")
    counted = {UUID(str(claim)): float(shown) / 1000 for claim, shown in raw}
    known: dict[str, float] = {}
    for look in moderator.looks:
        known[look.claim] = known.get(look.claim, 0.0) + look.last_beat_at - look.shown_at
    faults = [
        f"claim {claim}: shown for {shown:.1f} s at least, counted {counted.get(UUID(claim), 0.0):.1f} s"
        for claim, shown in known.items()
        if counted.get(UUID(claim), 0.0) < shown - BEAT_SECONDS
    ]
    whole = database.execute("SELECT SUM(shown_ms) FROM wellbeing_exposuresum").fetchone()[0] or 0
    whole = float(whole)
    if abs(whole / 1000 - sum(counted.values())) > 0.001:
        faults.append(f"sums say {whole / 1000} s, raw rows {sum(counted.values())} s")
    return faults
