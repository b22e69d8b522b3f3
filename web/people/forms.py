"""The shapes of the operator's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Role, Team
from people.rules.keys import SCOPES
from people.rules.passwords import LONGEST
from people.rules.skills import SENIOR, TRAINED_PREFIX


class RolesForm(forms.Form):
    """Which roles a person holds."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "A team lead cannot be wellbeing officer, representative, auditor or operator; an operator cannot be "
            "wellbeing officer. Naming an officer, a representative, an auditor or an operator, and taking it away, is announced to everybody. Such a role counts for confirming, signing and reading records 7 days later."
        ),
    )


class TeamForm(forms.Form):
    """In which team a person is."""

    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=gettext_lazy("No team"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Team.objects.order_by("name")


class CountryForm(forms.Form):
    """In which country a person is."""

    country = forms.CharField(
        label=gettext_lazy("Country"),
        max_length=2,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "field-short"}),
        help_text=gettext_lazy("Two letters, like BE. They are shown the outside lines of there."),
    )


class InviteForm(RolesForm, TeamForm, CountryForm):
    """Who is invited, as what."""

    field_order = (
        "username",
        "display_name",
        "roles",
        "team",
        "senior",
        "languages",
        "trained",
        "began_on",
        "zone",
        "country",
    )

    username = forms.CharField(
        label=gettext_lazy("Name to sign in with"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    display_name = forms.CharField(
        label=gettext_lazy("Name that colleagues see"), max_length=150, required=False
    )
    senior = forms.BooleanField(label=gettext_lazy("Senior: takes escalated cases"), required=False)
    languages = forms.CharField(
        label=gettext_lazy("Languages of content"),
        required=False,
        help_text=gettext_lazy("Codes with commas between, like en, fr. Empty means any."),
    )
    trained = forms.CharField(
        label=gettext_lazy("Categories they were trained for"),
        required=False,
        help_text=gettext_lazy("Codes with commas between, like GORE, HATE. Empty means any."),
    )
    began_on = forms.DateField(
        label=gettext_lazy("Since when have they done this work?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy(
            "Leave it empty for a new starter: their limits grow by and by, from the first day at the desk. It cannot be "
            "changed later."
        ),
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        initial="UTC",
        help_text=gettext_lazy("Days and limits are counted there, like Europe/Brussels."),
    )

    @property
    def skills(self) -> list[str]:
        """Return the codes of ``people.rules.skills``."""
        languages = [f"lang:{word}" for word in self._words("languages")]
        trained = [f"{TRAINED_PREFIX}{word}" for word in self._words("trained")]
        return [SENIOR] * self.cleaned_data["senior"] + languages + trained

    def _words(self, field: str) -> list[str]:
        words = [word.strip() for word in self.cleaned_data[field].split(",")]
        return [word for word in words if word]


class NewTeamForm(forms.Form):
    """A team to make."""

    name = forms.CharField(label=gettext_lazy("Name of the team"), max_length=120)


class NewKeyForm(forms.Form):
    """A key to issue."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("live", gettext_lazy("Live")), ("test", gettext_lazy("Test"))],
        widget=forms.RadioSelect,
        initial="live",
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("May do"),
        choices=[(scope, scope) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
        initial=list(SCOPES),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Holds until the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("UTC. Empty means until it is revoked."),
    )


class NewPasswordForm(forms.Form):
    """A password, twice."""

    password = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
        max_length=LONGEST,
        help_text=gettext_lazy(
            "At least 12 characters. Four or five words are easier to remember than a riddle, and harder to guess."
        ),
    )
    again = forms.CharField(
        label=gettext_lazy("The same again"),
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("again") and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("The two are not the same."))
        return cleaned


class CodeForm(forms.Form):
    """A code of one's own second factor."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
        help_text=gettext_lazy("The six digits of your authenticator app, or a recovery code, from before."),
    )
