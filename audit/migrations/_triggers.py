"""What of the record stays as it was written, and of what there is one row per quarter of an hour."""

APPEND_ONLY = {
    "audit_auditrow": ("id",),
    "audit_auditseal": ("sequence", "row_id"),
    "audit_auditcheckpoint": ("id", "sequence"),
}
"""Table → its keys."""
BOUNDED = ("sign_in.refused", "sign_in.locked", "door.refused", "key.refused", "link.refused")
"""What anybody can bring about at will."""
FIELDS = ("actor", "action", "target_kind", "target_id", "at")
TRIGGER = "audit_auditrow_no_second"


def refusing_a_second(vendor):
    """SQLite's INSERT OR REPLACE would delete the row that it meets under the unique index, and fire no DELETE trigger."""
    bounded = ", ".join(f"'{action}'" for action in BOUNDED)
    same = " AND ".join(f"{field} = NEW.{field}" for field in FIELDS)
    there = f"SELECT 1 FROM audit_auditrow WHERE action IN ({bounded}) AND {same}"  # noqa: S608 - names of our own
    if vendor == "sqlite":
        yield (
            f"CREATE TRIGGER {TRIGGER} BEFORE INSERT ON audit_auditrow "
            f"WHEN NEW.action IN ({bounded}) AND EXISTS ({there}) "
            "BEGIN SELECT RAISE(ABORT, 'audit_auditrow is append-only'); END"
        )


def allowing_a_second(vendor):
    return [f"DROP TRIGGER {TRIGGER}"] if vendor == "sqlite" else []
