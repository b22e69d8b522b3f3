"""What an officer writes: what is done for a person, the contract with a counsellor, a contact line, and a review of the limits."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from web.shared import flags
from wellbeing.core.rules.contracts import MOST_CHARACTERS
from wellbeing.limits.services import reviews
from wellbeing.officer.rules.contacts import MOST
from wellbeing.officer.services import measures
from wellbeing.officer.services.measures import Act


class Day(forms.DateInput):
    """A date as the browser asks for it; without its help it is typed like 2026-11-24."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date", "class": "field-short"}, format="%Y-%m-%d")


class MeasureForm(forms.Form):
    """What is done for a person."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What you do"),
        choices=list(flags.MEASURES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you do.")},
    )
    from_on = forms.DateField(
        label=gettext_lazy("First day, or the rest day"),
        required=False,
        widget=Day(),
        help_text=gettext_lazy("A whole day on the person’s clock. At most four weeks ahead."),
    )
    until_on = forms.DateField(label=gettext_lazy("Last day"), required=False, widget=Day())
    words = forms.CharField(
        label=gettext_lazy("In words"),
        max_length=measures.WORDS_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The person reads it on My day, with your name. No lead does."),
    )

    @property
    def act(self) -> Act:
        """Return what was asked for."""
        data = self.cleaned_data
        return Act(
            kind=data["kind"],
            from_on=data["from_on"],
            until_on=data["until_on"],
            words=data["words"],
            follow_up_on=data.get("follow_up_on"),
            closes=bool(data.get("closes")),
        )


class FlagForm(MeasureForm):
    """The same about a load flag. ``fold``: how many acts on it the page showed."""

    follow_up_on = forms.DateField(label=gettext_lazy("Look again on"), required=False, widget=Day())
    closes = forms.BooleanField(label=gettext_lazy("The flag is done with"), required=False)
    fold = forms.IntegerField(min_value=0, max_value=32_000, widget=forms.HiddenInput)


class ContractForm(forms.Form):
    """The organisation's contract with an independent counsellor."""

    counsellor = forms.CharField(
        label=gettext_lazy("With whom"),
        max_length=MOST_CHARACTERS,
        help_text=gettext_lazy(
            "The counsellor or the practice, from outside this organisation. Everybody who works here reads it."
        ),
    )
    from_on = forms.DateField(label=gettext_lazy("First day"), widget=Day())
    until_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=Day(),
        help_text=gettext_lazy("At most a year ahead. A longer contract is put on record again before that."),
    )


class ContactForm(forms.Form):
    """An outside line."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=MOST["name"])
    country = forms.CharField(
        label=gettext_lazy("Country"),
        max_length=MOST["country"],
        required=False,
        widget=forms.TextInput(attrs={"class": "field-short", "autocomplete": "off"}),
        help_text=gettext_lazy("Two letters, like BE or FR. Empty: everybody is shown it."),
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=MOST["phone"],
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=gettext_lazy("As it is dialled from there. Call it once before you enter it."),
    )
    address = forms.CharField(
        label=gettext_lazy("Address of a chat or a page"), max_length=MOST["address"], required=False
    )
    hours = forms.CharField(
        label=gettext_lazy("Hours"),
        max_length=MOST["hours"],
        required=False,
        help_text=gettext_lazy("Like: day and night, or Monday to Friday 9:00 to 17:00."),
    )
    languages = forms.CharField(label=gettext_lazy("Languages"), max_length=MOST["languages"], required=False)


class ReviewForm(forms.Form):
    """A review of the limits that was held. ``seen``: how many were held, as the page showed; ``held_with``: a subject."""

    seen = forms.IntegerField(min_value=0, max_value=32_000, widget=forms.HiddenInput)
    held_on = forms.DateField(label=gettext_lazy("Held on"), widget=Day())
    held_with = forms.ChoiceField(label=gettext_lazy("Held with"))
    words = forms.CharField(
        label=gettext_lazy("What was looked at, and what came of it"),
        max_length=reviews.WORDS_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Officers and representatives read it. No names, no health."),
    )

    def __init__(self, *args: Any, others: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["held_with"]
        if not others:
            del self.fields["held_with"]
        elif isinstance(field, forms.ChoiceField):
            field.choices = list(others)
