"""What a lead types into the fields of the team's limits, and what of it is a change."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from people.rules.texts import kept_text
from web.lead.seen import SeenField
from web.shared import limits, refusals
from web.shared.limits import LOOSER, STAYS, TIGHTER
from wellbeing.core.rules.names import bounds_of, is_looser
from wellbeing.limits.selectors.overview import LimitLine


class LimitForm(forms.Form):
    """One limit. ``was``: what stood in its field; ``seen``: the row that the page showed; ``reason``: from the second page.

    Once it is valid it is also a change, or none: from what is in force, ``before``, to ``wanted``, in the limit's unit.
    """

    was = forms.CharField(required=False)
    value = forms.CharField(required=False, max_length=12)
    seen = SeenField()
    reason = forms.CharField(required=False)

    def __init__(self, line: LimitLine, data: QueryDict | None = None) -> None:
        super().__init__(data, prefix=line.name)
        self.line, self.name, self.before = line, line.name, line.value

    def add_prefix(self, field_name: str) -> str:
        """Return the name in the page: ``value_seconds_3``."""
        return f"{field_name}_{self.prefix}"

    def clean_value(self) -> int:
        text = self.cleaned_data["value"]
        try:
            value = limits.read(self.name, text)
        except limits.Unreadable as unreadable:
            raise forms.ValidationError(str(unreadable)) from None
        problem = problem_of(self.line, value) if self._differs(value) else ""
        if problem:
            raise forms.ValidationError(problem)
        return value

    def clean_reason(self) -> str:
        return kept_text(self.cleaned_data["reason"])

    @property
    def wanted(self) -> int:
        """What is wanted."""
        return int(self.cleaned_data["value"])

    @property
    def is_change(self) -> bool:
        """Tell whether something else was typed than stood there."""
        return self._differs(self.wanted)

    @property
    def is_overtaken(self) -> bool:
        """Tell whether somebody else was first with what is a change."""
        return self.is_change and self.cleaned_data["seen"] != self.line.last_seen

    @property
    def kind(self) -> str:
        """One of ``limits.KINDS``."""
        return kind_of(self.name, self.wanted, self.before)

    @property
    def needs_reason(self) -> bool:
        """Tell whether the change waits for words: a looser value does."""
        return self.kind == LOOSER

    def _differs(self, value: int) -> bool:
        return limits.written(self.name, value) != self.cleaned_data.get("was")


def limit_forms(lines: Sequence[LimitLine], post: QueryDict) -> list[LimitForm]:
    """Return what *post* says about *lines*; a limit that it does not name stays as it is."""
    return [LimitForm(line, post) for line in lines if f"value_{line.name}" in post]


def problem_of(line: LimitLine, value: int) -> str:
    """Return why a value cannot be, with the number that could; nothing if it can."""
    bounds = bounds_of(line.name)
    if is_looser(line.name, value, line.ceiling):
        return refusals.above_ceiling(line.name, line.ceiling)
    if not bounds.hold(value):
        return refusals.out_of_bounds(refusals.About(name=line.name), bounds.least, bounds.most)
    return ""


def kind_of(name: str, value: int, before: int) -> str:
    """Return whether *value* is tighter or looser than what is in force, or leaves it (and takes back what waits)."""
    if value == before:
        return STAYS
    return LOOSER if is_looser(name, value, before) else TIGHTER
