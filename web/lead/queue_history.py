"""What was done to the queues of a team: who, when, what and why, from the audit record."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import AuditRow
from audit.selectors import rows_about_queues
from queues.selectors import QueueLine
from web.lead import wording
from web.lead.history_pages import Happened, HistoryPart
from web.shared.moments import moment
from web.shared.names import Names

SHOWN: Final = 200
FIELDS: Final[Mapping[str, str | Promise]] = {
    "name": gettext_lazy("name"),
    "client_name": gettext_lazy("client"),
    "purpose": gettext_lazy("purpose"),
    "decision_use": gettext_lazy("use of the decisions"),
    "trains_model": gettext_lazy("whether it trains a model"),
    "target_seconds": gettext_lazy("due time"),
    "grace_seconds": gettext_lazy("grace"),
    "every_team": gettext_lazy("teams"),
    "team_ids": gettext_lazy("teams"),
}


def queue_changes(lines: list[QueueLine]) -> HistoryPart:
    """Return what was done to these queues, newest first; two queries."""
    rows = rows_about_queues([line.id for line in lines], at_most=SHOWN)
    names, queues = Names(row.actor for row in rows), {str(line.id): line.name for line in lines}
    return HistoryPart(_("Queues"), [_happened(row, queues, names) for row in rows])


def _happened(row: AuditRow, queues: Mapping[str, str], names: Names) -> Happened:
    return Happened(
        when=moment(row.at),
        who=names.of(row.actor),
        what=_("%(queue)s: %(words)s") % {"queue": queues[row.target_id], "words": _words(row)},
        why=row.reason,
    )


def _words(row: AuditRow) -> str:
    detail: Mapping[str, Any] = row.detail
    match row.action:
        case "queue.created":
            return _("made as a draft")
        case "queue.edited":
            return _("described anew: %(fields)s") % {"fields": _fields(detail)}
        case "queue.made_default":
            return _("made the platform’s default")
        case "guidelines.written":
            return _("guidelines, version %(version)s") % {"version": detail["version"]}
        case "guidelines.taken_back":
            return _("guidelines, version %(version)s, taken back") % {"version": detail["version"]}
    return _state(detail)


def _state(detail: Mapping[str, Any]) -> str:
    if "after" not in detail:
        return wording.state("open").lower()
    return f"{wording.state(detail['before']).lower()} → {wording.state(detail['after']).lower()}"


def _fields(detail: Mapping[str, Any]) -> str:
    told = dict.fromkeys(str(FIELDS[name]) for name in detail.get("changed", ()) if name in FIELDS)
    return get_text_list(list(told), _("and"))
