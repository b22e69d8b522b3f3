"""The rows of the limits page and of the page that asks before anything changes; no query runs while they render."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from queues.selectors import Consequence
from web.lead.leaves import WHAT
from web.lead.limit_forms import LimitForm
from web.lead.pairs import pair_note
from web.lead.seen import sealed
from web.shared import limits
from web.shared.limits import KINDS, LOOSER, STAYS, TIGHTER
from web.shared.moments import moment
from web.shared.names import Names
from web.shared.refusals import sentence
from wellbeing.exceptions import ReasonMissing
from wellbeing.limits.selectors.overview import LimitLine

WHEN: Final[Mapping[str, str | Promise]] = {
    TIGHTER: gettext_lazy("Holds at once, on every open desk."),
    LOOSER: gettext_lazy("Holds from each person’s next local day, not before."),
    STAYS: gettext_lazy("Takes back the looser value that waits. What is in force goes on."),
}


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A limit with its field: ``text`` in it, ``was`` and ``seen`` as a fresh one has them."""

    name: str
    label: str
    in_force: str
    bound: str
    text: str
    was: str
    seen: str
    keyboard: str
    set_by: str
    reason: str
    waiting: str
    theirs: str
    error: str


@dataclass(frozen=True, slots=True)
class LimitGroup:
    """The limits of one part of the page."""

    name: str
    rows: list[LimitRow]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change as it is asked about: from what to what, from when, what it would cost, and ``pair_note`` which other limit.

    ``form``: what was typed; ``seen``: the row that it was typed over.
    """

    form: LimitForm
    label: str
    before: str
    after: str
    kind_word: str
    when: str
    consequence: str
    pair_note: str
    seen: str
    error: str


def limit_groups(
    lines: Sequence[LimitLine], names: Names, typed: Sequence[LimitForm] = ()
) -> list[LimitGroup]:
    """Return the page's tables; *names*: who is called how; *typed*: what could not be taken."""
    by_name = {form.name: form for form in typed}
    rows = [(limits.group(line.name), _limit_row(line, names, by_name.get(line.name))) for line in lines]
    groups = [
        LimitGroup(str(label), [row for where, row in rows if where == group])
        for group, label in limits.GROUPS.items()
    ]
    return [group for group in groups if group.rows]


def change_rows(
    changes: Sequence[LimitForm],
    outlook: Callable[[str, int], Consequence],
    *,
    values: Mapping[str, int],
    checked: bool,
) -> list[ChangeRow]:
    """Return what is asked about.

    *values*: limit → value as all would be; *checked*: reasons were due, so a missing one is told.
    """
    return [
        _change_row(change, outlook(change.name, change.wanted), pair_note(change, values), checked=checked)
        for change in changes
    ]


def consequence_sentence(consequence: Consequence) -> str:
    """Return '54 cases would miss their due time.', what nobody could take any more, or why no number is told."""
    count = consequence.would_miss
    if consequence.closes is not None:
        closed = _closed_out(consequence.closes, consequence.closed_out)
        return f"{closed} {_misses(count)}" if count else closed
    if not consequence.is_reckoned:
        return _("What it would cost in missed due times is not reckoned.")
    if count is None:
        return _("What it would cost is not told for a team of fewer than 5.")
    if count == 0:
        return _("No open case would miss its due time because of it.")
    return _misses(count)


def _misses(count: int) -> str:
    return ngettext(
        "%(count)d open case would miss its due time.",
        "%(count)d open cases would miss their due time.",
        count,
    ) % {"count": count}


def _closed_out(severity: int, count: int) -> str:
    what = WHAT[severity]
    if not count:
        return _(
            "%(what)s: nobody in the team could take a case. None was open when it was last counted."
        ) % {"what": what}
    return ngettext(
        "%(what)s: nobody in the team could take a case. %(count)d of them is open.",
        "%(what)s: nobody in the team could take a case. %(count)d of them are open.",
        count,
    ) % {"what": what, "count": count}


def _limit_row(line: LimitLine, names: Names, typed: LimitForm | None) -> LimitRow:
    latest = limits.written(line.name, line.value if line.waiting is None else line.waiting)
    is_overtaken = typed is not None and typed.is_valid() and typed.is_overtaken
    return LimitRow(
        name=line.name,
        label=limits.label(line.name),
        in_force=limits.amount(line.name, line.value),
        bound=limits.bound(line.name, line.ceiling),
        text=typed["value"].value() if typed else latest,
        was=latest,
        seen=sealed(line.last_seen),
        keyboard="numeric" if limits.counts_cases(line.name) else "text",
        set_by=_who_and_when(line, names),
        reason=line.reason,
        waiting=_waiting(line),
        theirs=_theirs(line, names) if is_overtaken else "",
        error=" ".join(map(str, typed.errors.get("value", []))) if typed else "",
    )


def _change_row(change: LimitForm, consequence: Consequence, beside_it: str, *, checked: bool) -> ChangeRow:
    missing = checked and change.needs_reason and not change.cleaned_data["reason"]
    return ChangeRow(
        form=change,
        label=limits.label(change.name),
        before=limits.amount(change.name, change.before),
        after=limits.amount(change.name, change.wanted),
        kind_word=str(KINDS[change.kind]),
        when=str(WHEN[change.kind]),
        consequence=consequence_sentence(consequence),
        pair_note=beside_it,
        seen=sealed(change.cleaned_data["seen"]),
        error=sentence(ReasonMissing()) if missing else "",
    )


def _who_and_when(line: LimitLine, names: Names) -> str:
    if line.set_at is None:
        return ""
    return _("%(name)s, %(moment)s") % {"name": names.of(line.set_by), "moment": moment(line.set_at)}


def _waiting(line: LimitLine) -> str:
    if line.waiting is None:
        return ""
    return _("looser: %(amount)s from each person’s next local day") % {
        "amount": limits.amount(line.name, line.waiting)
    }


def _theirs(line: LimitLine, names: Names) -> str:
    return _(
        "%(name)s set %(amount)s while your page was open. Yours is in the field still, and is not saved."
    ) % {
        "name": names.of(line.set_by),
        "amount": limits.amount(line.name, line.value if line.waiting is None else line.waiting),
    }
