"""What is wanted of a ceiling, a category, a weight or the shield, and why. ``wanted`` is the plain value of the kind."""

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.safeguard import wording
from web.shared import limits, severities
from wellbeing.core.rules.reasons import REASON_AT_MOST

SHORT: Final = {"autocomplete": "off", "class": "field-short"}


class ChangeForm(forms.Form):
    """The base: a reason, which everybody reads."""

    field_order = ("value", "severity", "flags", "is_enabled", "reason")

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Everybody who works here reads it. No names, no health."),
    )

    @property
    def wanted(self) -> Any:
        """Return the plain value that was asked for."""
        return self.cleaned_data["value"]


class CeilingForm(ChangeForm):
    """What the organisation allows a limit to be."""

    value = forms.CharField(label=gettext_lazy("Allowed"), max_length=12, widget=forms.TextInput(attrs=SHORT))

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        self.fields["value"].help_text = (
            _("A number of cases.")
            if limits.counts_cases(name)
            else _("Minutes like 90; a minute and a half is 1:30.")
        )

    def clean_value(self) -> int:
        try:
            return limits.read(self.name, self.cleaned_data["value"])
        except limits.Unreadable as unreadable:
            raise forms.ValidationError(str(unreadable)) from None


class CategoryForm(ChangeForm):
    """How a category is labelled."""

    severity = forms.TypedChoiceField(
        label=gettext_lazy("Severity"),
        coerce=int,
        choices=lambda: [(number, severities.severity(number)) for number in severities.WORDS],
    )
    flags = forms.MultipleChoiceField(
        label=gettext_lazy("What it holds"),
        required=False,
        choices=list(severities.FLAGS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    is_enabled = forms.BooleanField(label=gettext_lazy("Taken in"), required=False)

    @property
    def wanted(self) -> Any:
        """Return severity, flags and whether it is taken in."""
        data = self.cleaned_data
        return {
            "severity": data["severity"],
            "flags": "".join(data["flags"]),
            "is_enabled": data["is_enabled"],
        }


class WeightForm(ChangeForm):
    """How heavy a minute of a severity is counted."""

    value = forms.DecimalField(
        label=gettext_lazy("Weight"),
        min_value=Decimal(0),
        max_value=Decimal(20),
        decimal_places=2,
        widget=forms.TextInput(attrs={**SHORT, "inputmode": "decimal"}),
        help_text=gettext_lazy("Like 2.00. A minute of severity 2 in silent colour weighs 1.00."),
    )

    @property
    def wanted(self) -> Any:
        """Return hundredths."""
        return int(self.cleaned_data["value"] * 100)


class ShieldForm(ChangeForm):
    """How many samples a shield has."""

    value = forms.IntegerField(
        label=gettext_lazy("Samples on the longest side"),
        widget=forms.TextInput(attrs={**SHORT, "inputmode": "numeric"}),
        help_text=gettext_lazy("From 16 to 64. Fewer show less."),
    )


def form_for(kind: str, target: str, stands: Any, data: Any = None) -> ChangeForm:
    """Return the form of a kind, filled with what stands; *data*: what was posted."""
    match kind:
        case "ceiling":
            return CeilingForm(data, name=target, initial={"value": limits.written(target, stands)})
        case "category":
            return CategoryForm(data, initial={**stands, "flags": list(stands["flags"])})
        case "weight":
            return WeightForm(data, initial={"value": wording.weight(stands)})
    return ShieldForm(data, initial={"value": stands})
