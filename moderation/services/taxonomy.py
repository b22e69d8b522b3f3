"""Categories: raised at once, lowered by two people and from everybody's next local day (promise P6).

Nothing else writes a ``CategoryVersion``. A raised category raises the open cases that it labels, in batches of the
outbox (``relabelling``).
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from audit.services import record
from moderation.exceptions import CategoryInvalid, CategoryTaken, CategoryUnknown
from moderation.models import Category, CategoryVersion
from moderation.rules.severity import MOST, UNKNOWN
from moderation.rules.taxonomy import Facts, are_flags, in_order, loosens, tighter_of
from moderation.selectors.taxonomy import (
    CategoryInForce,
    categories_as_written,
    categories_in_force,
    waiting_from,
)
from moderation.services.relabelling import promise_relabelling
from people.rules.texts import kept_line
from wellbeing.core.rules.reasons import checked_reason
from wellbeing.exceptions import NotTighter
from wellbeing.limits.selectors.overview import loosened_for_all_at

CODE: Final = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
DSA: Final = re.compile(r"STATEMENT_CATEGORY_[A-Z_]{1,60}")
LABEL_AT_MOST: Final = 120


def facts_of(category: CategoryInForce) -> Facts:
    """Return what the rules ask of a category."""
    return Facts(category.severity, in_order(category.flags), category.is_enabled)


def as_written(code: str, *, at: datetime) -> Facts:
    """Return what was written last of a category, what waits for its day included.

    Raises:
        CategoryUnknown: no category bears this code.
    """
    return _facts(categories_as_written(at=at), code)


def checked_facts(value: Mapping[str, Any], *, base: Facts) -> Facts:
    """Return *base* with what *value* says (``severity``, ``flags``, ``is_enabled``; what is left out stays).

    Raises:
        CategoryInvalid: with the field.
    """
    severity, flags = value.get("severity", base.severity), value.get("flags", base.flags)
    is_enabled = value.get("is_enabled", base.is_enabled)
    if type(severity) is not int or not 0 <= severity <= MOST:
        raise CategoryInvalid("severity")
    if not isinstance(flags, str) or not are_flags(flags):
        raise CategoryInvalid("flags")
    if not isinstance(is_enabled, bool):
        raise CategoryInvalid("is_enabled")
    return Facts(severity, in_order(flags), is_enabled)


def raise_category(*, code: str, value: Mapping[str, Any], set_by: str, reason: str, at: datetime) -> Facts:
    """Raise a category's severity or add flags, from now on; open cases and live looks follow at once.

    What was lowered and waits for its day is raised with it.

    Raises:
        CategoryUnknown, CategoryInvalid: about the category.
        NotTighter: it would protect less, or change nothing; less is proposed and signed by two.
        ReasonMissing, ReasonTooLong: about the reason.
    """
    checked = checked_reason(reason, is_needed=True)
    with transaction.atomic():
        _lock(code)
        now = _facts(categories_in_force(at=at), code)
        raised = checked_facts(value, base=now)
        if raised == now or loosens(now, raised):
            raise NotTighter(value=now.severity)
        waits_until = waiting_from(code=code, at=at)
        waiting = tighter_of(as_written(code, at=at), _news(now, raised))
        _write(code, raised, effective_from=at, set_by=set_by, reason=checked, at=at)
        if waits_until is not None:
            _write(code, waiting, effective_from=waits_until, set_by=set_by, reason=checked, at=at)
        promise_relabelling(code=code, at=at)
    return raised


def lower_category(*, code: str, value: Mapping[str, Any], set_by: str, reason: str, at: datetime) -> Facts:
    """Change a category in a way that protects less, once the next local day has begun for everybody.

    For a signed proposal alone, in the transaction of its second signature. Cases that are open keep their severity:
    nothing lowers that.

    Raises:
        CategoryUnknown, CategoryInvalid: about the category.
    """
    with transaction.atomic():
        _lock(code)
        lowered = checked_facts(value, base=as_written(code, at=at))
        holds_from = loosened_for_all_at(at)
        _write(code, lowered, effective_from=holds_from, set_by=set_by, reason=reason, at=at)
        promise_relabelling(code=code, at=at, holds_from=holds_from)
    return lowered


def add_category(
    *,
    code: str,
    label: str,
    dsa_category: str,
    severity: int,
    flags: str,
    set_by: str,
    reason: str,
    at: datetime,
) -> Category:
    """Add a category of the organisation's own, from now on.

    Raises:
        CategoryInvalid: with the field.
        CategoryTaken: the code is in use.
        ReasonMissing, ReasonTooLong: about the reason.
    """
    checked = checked_reason(reason, is_needed=True)
    _check_names(code, label, dsa_category)
    facts = checked_facts({"severity": severity, "flags": flags}, base=Facts(0, ""))
    with transaction.atomic():
        category, is_new = Category.objects.get_or_create(
            code=code,
            defaults={
                "label": kept_line(label),
                "dsa_category": dsa_category,
                "position": Category.objects.count(),
            },
        )
        if not is_new:
            raise CategoryTaken
        _write(code, facts, effective_from=at, set_by=set_by, reason=checked, at=at)
    return category


def _check_names(code: str, label: str, dsa_category: str) -> None:
    if not CODE.fullmatch(code) or code == UNKNOWN.upper():
        raise CategoryInvalid("code")
    if not kept_line(label) or len(label.strip()) > LABEL_AT_MOST or "\0" in label:
        raise CategoryInvalid("label")
    if not DSA.fullmatch(dsa_category):
        raise CategoryInvalid("dsa_category")


def _lock(code: str) -> None:
    if not Category.objects.select_for_update().filter(pk=code).exists():
        raise CategoryUnknown


def _facts(categories: Mapping[str, CategoryInForce], code: str) -> Facts:
    if code not in categories:
        raise CategoryUnknown
    return facts_of(categories[code])


def _news(now: Facts, raised: Facts) -> Facts:
    """Return what a raise adds: the severity only if it rose, and the new flags."""
    flags = in_order("".join(set(raised.flags) - set(now.flags)))
    return Facts(raised.severity if raised.severity > now.severity else 0, flags, now.is_enabled)


def _write(
    code: str, facts: Facts, *, effective_from: datetime, set_by: str, reason: str, at: datetime
) -> None:
    CategoryVersion.objects.create(
        category_id=code,
        severity=facts.severity,
        flags=facts.flags,
        is_enabled=facts.is_enabled,
        effective_from=effective_from,
        set_at=at,
        set_by=set_by,
        reason=reason,
    )
    record(
        actor=set_by,
        action="category.set",
        target_kind="category",
        target_id=code,
        at=at,
        detail={
            "severity": facts.severity,
            "flags": facts.flags,
            "is_enabled": facts.is_enabled,
            "holds_from": effective_from.isoformat(),
        },
        reason=reason,
    )
