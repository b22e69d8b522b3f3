"""What was said of each kind of a team's other paid work, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from web.lead.history_pages import Happened, HistoryPart
from web.shared.activities import LABELS
from web.shared.limits import KINDS, LOOSER, TIGHTER
from web.shared.moments import moment
from web.shared.names import Names
from wellbeing.rules.presence import Activity
from wellbeing.selectors.other_work import SaidLine


def said_changes(lines: Sequence[SaidLine], names: Names) -> HistoryPart:
    """Return what was said of which kind, newest first."""
    return HistoryPart(_("Other paid work"), [_said(line, names) for line in reversed(lines)])


def _said(line: SaidLine, names: Names) -> Happened:
    is_without = line.saying.is_without_content
    words = (
        _("%(kind)s: no content is shown in it") if is_without else _("%(kind)s: content may be shown in it")
    )
    kind = LOOSER if is_without else TIGHTER
    return Happened(
        when=moment(line.saying.set_at),
        who=names.of(line.set_by),
        what=words % {"kind": LABELS[Activity(line.saying.activity)]},
        why=line.reason,
        kind=kind,
        kind_word=str(KINDS[kind]),
    )
