"""What may change, in words: a ceiling, a category, a weight, the shield."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from moderation.rules.taxonomy import Facts, loosens
from web.shared import limits, severities
from web.shared.limits import LOOSER, TIGHTER
from web.shared.refusals import About
from wellbeing.core.rules.names import is_looser

CEILING, CATEGORY, WEIGHT, SHIELD = "ceiling", "category", "weight", "shield"
SHIELDS: Final[Mapping[str, str | Promise]] = {
    "start_samples": gettext_lazy("Shield that people start with"),
    "floor_samples": gettext_lazy("Weakest shield that anybody may choose"),
}


def label(kind: str, target: str, categories: Mapping[str, str]) -> str:
    """Return what a change is about; *categories*: the labels of categories by code."""
    match kind:
        case "ceiling":
            return limits.label(target)
        case "category":
            return categories.get(target, target)
        case "weight":
            return _("Weight of severity %(severity)s") % {
                "severity": severities.severity(severity_of(target))
            }
    return str(SHIELDS.get(target, target))


def value(kind: str, target: str, told: Any) -> str:
    """Return a plain value of a kind as a person reads it."""
    match kind:
        case "ceiling":
            return limits.bound(target, told)
        case "category":
            return category(told["severity"], told["flags"], is_enabled=told["is_enabled"])
        case "weight":
            return weight(told)
    return samples(told)


def category(severity: int, flags: str, *, is_enabled: bool) -> str:
    """Return 'severity 3 · graphic (violent, graphic)', and that it is not taken where it is not."""
    words = _("severity %(severity)s (%(flags)s)") % {
        "severity": severities.severity(severity),
        "flags": severities.flags(flags),
    }
    return words if is_enabled else _("%(words)s, not taken in") % {"words": words}


def weight(hundredths: int) -> str:
    """Return '2.00'."""
    return f"{hundredths // 100}.{hundredths % 100:02}"


def samples(count: int) -> str:
    """Return '32 samples'."""
    return ngettext("%(count)d sample", "%(count)d samples", count) % {"count": count}


def kind_of(kind: str, target: str, before: Any, after: Any) -> str:
    """Return whether a change protects more (``tighter``) or less (``looser``)."""
    match kind:
        case "ceiling":
            looser = is_looser(target, after, before)
        case "category":
            looser = loosens(Facts(**before), Facts(**after))
        case "weight":
            looser = after < before
        case _:
            looser = after > before
    return LOOSER if looser else TIGHTER


def about(kind: str, target: str) -> About:
    """Return what a refusal of a change is told with: the limit, or how numbers of this kind read."""
    reads = {CEILING: None, WEIGHT: weight}.get(kind, samples)
    return About(page="safeguard", name=target, reads=reads)


def severity_of(target: str) -> int:
    """Return 3 for ``severity_3``."""
    return int(target.rpartition("_")[2])
