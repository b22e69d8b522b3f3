"""What a lead writes about one person: a limit, a value and why."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.lead.seen import opened
from web.shared import limits
from wellbeing.core.rules.reasons import REASON_AT_MOST
from wellbeing.limits.selectors.overview import LimitLine

SHORT = forms.TextInput(attrs={"autocomplete": "off", "class": "field-short"})


def choices(lines: Sequence[LimitLine]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return these limits with what holds for the team, in the groups of the limits page that have any."""
    groups = [
        (str(label), [(line.name, _choice(line)) for line in lines if limits.group(line.name) == group])
        for group, label in limits.GROUPS.items()
    ]
    return [group for group in groups if group[1]]


def _choice(line: LimitLine) -> str:
    return _("%(label)s (for the team: %(amount)s)") % {
        "label": limits.label(line.name),
        "amount": limits.amount(line.name, line.value),
    }


class PersonLimitForm(forms.Form):
    """A value of one limit; ``cleaned_data["value"]`` is in seconds or cases."""

    name = forms.ChoiceField(label=gettext_lazy("Limit"))
    value = forms.CharField(
        label=gettext_lazy("Value"),
        max_length=12,
        widget=SHORT,
        help_text=gettext_lazy("Minutes like 90, where a minute and a half is 1:30; or a number of cases."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The person reads it, with your name. Kept in the record: no health, please."),
    )

    def __init__(self, *args: Any, lines: Sequence[LimitLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(lines)

    def offer(self, lines: Sequence[LimitLine]) -> None:
        """Let these limits be chosen."""
        field = self.fields["name"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices(lines)

    @property
    def seen(self) -> int | None:
        """Return the row of this limit that the page showed, None if it showed none."""
        return opened(self.data.get(f"seen_{self.cleaned_data['name']}", ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name") and cleaned.get("value"):
            try:
                cleaned["value"] = limits.read(cleaned["name"], cleaned["value"])
            except limits.Unreadable as unreadable:
                self.add_error("value", str(unreadable))
        return cleaned
