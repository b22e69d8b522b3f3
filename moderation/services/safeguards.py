"""What protects people, changed: tighter by one person at once, looser by two and slowly (promise P6).

The one place that knows, for every kind of change, what stands now, what makes sense, what is looser, and how it is applied.

========== =============================== ========================================= =====================
kind       target                          value                                     by one person at once
========== =============================== ========================================= =====================
ceiling    a limit's name                  seconds or cases                          never
category   a category's code               ``severity``, ``flags``, ``is_enabled``   higher, more flags
weight     ``severity_0`` … ``severity_4`` hundredths                                heavier
shield     ``start_samples``,              samples                                   fewer
           ``floor_samples``
========== =============================== ========================================= =====================
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from moderation.rules.taxonomy import Facts, loosens
from moderation.services import taxonomy
from people.exceptions import ShieldNotStronger, ShieldOutOfBounds, ShieldUnknown
from people.selectors import shield_as_written
from people.services import shield
from wellbeing.core.rules.names import is_looser
from wellbeing.core.rules.reasons import checked_reason
from wellbeing.core.selectors.load_models import newest_weights
from wellbeing.exceptions import AlreadySet, CeilingNeedsTwo, NotLooser, NotTighter, OutOfBounds, UnknownLimit
from wellbeing.limits.selectors.in_scope import ceiling_as_written
from wellbeing.limits.selectors.overview import ProposalLine, loosened_for_all_at, proposal_line
from wellbeing.limits.services import load_models, proposals, setting
from wellbeing.limits.services.proposals import Adopted

__all__ = ["propose", "read", "settle_next", "sign", "tighten", "withdraw"]

CEILING: Final = "ceiling"


@dataclass(frozen=True)
class Kind:
    """How one kind of change is read, checked, judged and made.

    ``check`` returns the whole value that would stand, from what stands and what was asked for.
    """

    read: Callable[[str, datetime], Any]
    check: Callable[[str, Any, Any, datetime], Any]
    is_looser: Callable[[Any, Any], bool]
    apply: Callable[[Adopted], object]
    tighten: Callable[[str, Any, str, str, datetime], object]


def read(kind: str, target: str, at: datetime) -> Any:
    """Return the plain value that was written last, what waits for its day included.

    Raises:
        UnknownLimit, CategoryUnknown: there is no such kind or target.
    """
    return _kind(kind).read(target, at)


def propose(
    *, kind: str, target: str, value: Any, reason: str, proposed_by: str, proposed_as: str, at: datetime
) -> ProposalLine:
    """Propose a change that needs a second signature; ``proposed_as`` is the role of ``people.access.Guardian``.

    Raises:
        UnknownLimit, CategoryUnknown: there is no such kind or target.
        OutOfBounds, Contradicts, CategoryInvalid: the value makes no sense.
        AlreadySet: it stands there already.
        NotLooser: one person may do this at once (``tighten``).
        ReasonMissing, ReasonTooLong, AlreadyProposed: from ``wellbeing.limits.services.proposals``.
    """
    way = _kind(kind)
    before = way.read(target, at)
    checked = way.check(target, value, before, at)
    if checked == before:
        raise AlreadySet
    if not way.is_looser(before, checked):
        raise NotLooser(value=before)
    return proposal_line(
        proposals.propose(
            kind=kind,
            target=target,
            before=before,
            value=checked,
            reason=reason,
            proposed_by=proposed_by,
            proposed_as=proposed_as,
            at=at,
        )
    )


def sign(*, proposal_id: UUID, signed_by: str, signed_as: str, at: datetime) -> ProposalLine:
    """Sign as the second person; from then on a tighter ceiling holds at once, all else from the next local day.

    Where nobody is elected representative, a looser ceiling is announced, and holds 14 days later (``settle_next``).

    Raises:
        NotFound, AlreadyEnded, SignedByProposer, PairNotValid, ProposalStale: from ``wellbeing.limits.services.proposals``.
    """
    return proposal_line(
        proposals.sign(
            proposal_id=proposal_id,
            signed_by=signed_by,
            signed_as=signed_as,
            at=at,
            read=read,
            apply=_apply,
            must_announce=_must_announce,
        )
    )


def withdraw(*, proposal_id: UUID, withdrawn_by: str, at: datetime) -> ProposalLine:
    """Take a proposal back, or decline it.

    Raises:
        NotFound, AlreadyEnded: from ``wellbeing.limits.services.proposals``.
    """
    return proposal_line(proposals.withdraw(proposal_id=proposal_id, withdrawn_by=withdrawn_by, at=at))


def tighten(*, kind: str, target: str, value: Any, actor: str, reason: str, at: datetime) -> None:
    """Do at once what protects more.

    Raises:
        UnknownLimit, CategoryUnknown: there is no such kind or target.
        OutOfBounds, CategoryInvalid: the value makes no sense.
        NotTighter: it protects less, or changes nothing: that is proposed.
        CeilingNeedsTwo: a ceiling moves only with two, whichever way.
        ReasonMissing, ReasonTooLong: about the reason.
    """
    _kind(kind).tighten(target, value, actor, checked_reason(reason, is_needed=True), at)


def settle_next(at: datetime) -> bool:
    """Settle one announced change whose 14 days are over; a sweep step. From ``wellbeing.limits.services.proposals``."""
    return proposals.settle_next(at=at, read=read, apply=_apply)


def _must_announce(kind: str, target: str, before: Any, value: Any) -> bool:
    return kind == CEILING and is_looser(target, value, before)


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise UnknownLimit
    return KINDS[name]


def _apply(adopted: Adopted) -> None:
    _kind(adopted.kind).apply(adopted)


# ── ceiling ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _read_ceiling(target: str, at: datetime) -> int:
    return ceiling_as_written(target, at=at)


def _check_ceiling(target: str, value: Any, _before: int, at: datetime) -> int:
    setting.require_possible(target, _whole(value))
    setting.require_before_red("ceiling", "", target, _whole(value), at=at)
    return int(value)


def _apply_ceiling(adopted: Adopted) -> None:
    setting.move_ceiling(
        name=adopted.target,
        value=adopted.value,
        set_by=adopted.signed_by,
        reason=adopted.reason,
        at=adopted.at,
    )


def _never_alone(_target: str, _value: Any, _actor: str, _reason: str, _at: datetime) -> None:
    raise CeilingNeedsTwo


# ── category ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _read_category(target: str, at: datetime) -> dict[str, Any]:
    return _plain(taxonomy.as_written(target, at=at))


def _check_category(_target: str, value: Any, before: dict[str, Any], _at: datetime) -> dict[str, Any]:
    asked = value if isinstance(value, Mapping) else {"severity": value}
    return _plain(taxonomy.checked_facts(asked, base=Facts(**before)))


def _category_is_looser(before: dict[str, Any], after: dict[str, Any]) -> bool:
    return loosens(Facts(**before), Facts(**after))


def _apply_category(adopted: Adopted) -> None:
    taxonomy.lower_category(
        code=adopted.target,
        value=adopted.value,
        set_by=adopted.signed_by,
        reason=adopted.reason,
        at=adopted.at,
    )


def _raise_category(target: str, value: Any, actor: str, reason: str, at: datetime) -> None:
    asked = value if isinstance(value, Mapping) else {"severity": value}
    taxonomy.raise_category(code=target, value=asked, set_by=actor, reason=reason, at=at)


def _plain(facts: Facts) -> dict[str, Any]:
    return {"severity": facts.severity, "flags": facts.flags, "is_enabled": facts.is_enabled}


# ── weight ───────────────────────────────────────────────────────────────────────────────────────────────────────

WEIGHTS: Final = {f"severity_{severity}": severity for severity in range(5)}


def _severity_of(target: str) -> int:
    if target not in WEIGHTS:
        raise UnknownLimit
    return WEIGHTS[target]


def _read_weight(target: str, _at: datetime) -> int:
    return newest_weights().weights[_severity_of(target)]


def _check_weight(target: str, value: Any, _before: int, _at: datetime) -> int:
    load_models.require_weight(_severity_of(target), _whole(value))
    return int(value)


def _fewer(before: int, after: int) -> bool:
    return after < before


def _apply_weight(adopted: Adopted) -> None:
    load_models.lower_weight(
        severity=_severity_of(adopted.target),
        weight=adopted.value,
        set_by=adopted.signed_by,
        reason=adopted.reason,
        at=adopted.at,
    )


def _raise_weight(target: str, value: Any, actor: str, reason: str, at: datetime) -> None:
    load_models.raise_weight(
        severity=_severity_of(target), weight=_whole(value), set_by=actor, reason=reason, at=at
    )


# ── shield ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _read_shield(target: str, _at: datetime) -> int:
    with _in_one_family():
        return shield.samples_of(shield_as_written(), target)


def _check_shield(target: str, value: Any, _before: int, _at: datetime) -> int:
    with _in_one_family():
        checked = shield.checked_samples(target, _whole(value), base=shield_as_written())
        return shield.samples_of(checked, target)


def _more(before: int, after: int) -> bool:
    return after > before


def _apply_shield(adopted: Adopted) -> None:
    with _in_one_family():
        shield.weaken(
            target=adopted.target,
            samples=adopted.value,
            set_by=adopted.signed_by,
            reason=adopted.reason,
            holds_from=loosened_for_all_at(adopted.at),
            at=adopted.at,
        )


def _strengthen(target: str, value: Any, actor: str, reason: str, at: datetime) -> None:
    with _in_one_family():
        shield.strengthen(target=target, samples=_whole(value), set_by=actor, reason=reason, at=at)


@contextmanager
def _in_one_family() -> Iterator[None]:
    """Let a page read one family of refusals: people's own, in wellbeing's words."""
    try:
        yield
    except ShieldUnknown:
        raise UnknownLimit from None
    except ShieldOutOfBounds as refused:
        raise OutOfBounds(least=refused.least, most=refused.most) from None
    except ShieldNotStronger as refused:
        raise NotTighter(value=refused.samples) from None


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise UnknownLimit
    return value


def _always(_before: Any, _after: Any) -> bool:
    return True


KINDS: Final[Mapping[str, Kind]] = {
    CEILING: Kind(_read_ceiling, _check_ceiling, _always, _apply_ceiling, _never_alone),
    "category": Kind(_read_category, _check_category, _category_is_looser, _apply_category, _raise_category),
    "weight": Kind(_read_weight, _check_weight, _fewer, _apply_weight, _raise_weight),
    "shield": Kind(_read_shield, _check_shield, _more, _apply_shield, _strengthen),
}
