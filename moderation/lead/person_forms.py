"""What a lead writes about one person: a limit, a value and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from moderation.pages import limits
from wellbeing.services.limits import REASON_AT_MOST

SHORT = forms.TextInput(attrs={"autocomplete": "off", "class": "field-short"})


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every limit by its name, in the groups of the limits page."""
    return [
        (str(label), [(name, limits.label(name)) for name in limits.NAMES if limits.group(name) == group])
        for group, label in limits.GROUPS.items()
    ]


class PersonLimitForm(forms.Form):
    """A value of one limit; ``cleaned_data["value"]`` is in seconds or cases."""

    name = forms.ChoiceField(label=gettext_lazy("Limit"), choices=choices)
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

    @property
    def seen(self) -> int | None:
        """Return the row of this limit that the page showed, None if it showed none."""
        seen = self.data.get(f"seen_{self.cleaned_data['name']}", "")
        return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name") and cleaned.get("value"):
            try:
                cleaned["value"] = limits.read(cleaned["name"], cleaned["value"])
            except limits.Unreadable as unreadable:
                self.add_error("value", str(unreadable))
        return cleaned
