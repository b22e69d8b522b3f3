"""What a lead writes about a queue: for whom, to what end, for which teams, how soon; and its guidelines."""

import re
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from queues.rules.plans import DEFAULT_GRACE_SECONDS, LONGEST, QueuePlan
from web.shared import limits

HOURS: Final = re.compile(r"([0-9]{1,5})(?::([0-5][0-9])(?::([0-5][0-9]))?)?")
EVERY_TEAM: Final = "every"
SHORT: Final = {"autocomplete": "off", "class": "field-short"}
BEGINS_WITHIN: Final = timedelta(minutes=1)
"""A time that was typed has no seconds: the minute that runs counts as now."""


def hours(seconds: int) -> str:
    """Return '24', '1:30' or '0:00:45' for seconds."""
    minutes, rest = divmod(seconds, 60)
    told = f"{minutes // 60}:{minutes % 60:02}"
    if rest:
        return f"{told}:{rest:02}"
    return told.removesuffix(":00")


class HoursField(forms.CharField):
    """Hours, as '24' or '1:30'; cleaned to seconds."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        found = HOURS.fullmatch(text)
        if found is None:
            raise ValidationError(_("Write hours like 24. An hour and a half is 1:30."))
        whole, minutes, seconds = (int(part or 0) for part in found.groups())
        return whole * 3600 + minutes * 60 + seconds


class MinutesField(forms.CharField):
    """Minutes, as '10' or '1:30'; cleaned to seconds."""

    def clean(self, value: Any) -> Any:
        try:
            return limits.read_minutes(super().clean(value))
        except limits.Unreadable as unreadable:
            raise ValidationError(str(unreadable)) from None


class QueueForm(forms.Form):
    """A queue as its lead describes it. What it lacks before it opens may be left empty in a draft."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST["name"])
    client_name = forms.CharField(
        label=gettext_lazy("Client"),
        max_length=LONGEST["client_name"],
        required=False,
        help_text=gettext_lazy("Whom the work is for, by its legal name."),
    )
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"),
        max_length=LONGEST["purpose"],
        required=False,
        help_text=gettext_lazy("What the content is and why it is looked at, in one sentence."),
    )
    decision_use = forms.CharField(
        label=gettext_lazy("What the decisions are used for"),
        max_length=LONGEST["decision_use"],
        required=False,
        help_text=gettext_lazy("Like: You decide whether this stays public."),
    )
    trains_model = forms.BooleanField(
        label=gettext_lazy("The client trains a model with these decisions. It is said at the desk."),
        required=False,
    )
    is_severe = forms.BooleanField(
        label=gettext_lazy("Severity 3 and up may come here. A picture that nobody knows yet counts as 3."),
        required=False,
    )
    other_work = forms.CharField(
        label=gettext_lazy("Other paid work when severity 3 and up is closed to somebody"),
        max_length=LONGEST["other_work"],
        required=False,
        help_text=gettext_lazy(
            "Like: Reading the policies. Such a queue opens only with it; people read it at the desk."
        ),
    )
    other_work_with = forms.CharField(
        label=gettext_lazy("With whom"),
        max_length=LONGEST["other_work_with"],
        required=False,
        help_text=gettext_lazy("Whom they go to for it, by the name that they know."),
    )
    target_seconds = HoursField(
        label=gettext_lazy("Due after, hours"),
        max_length=12,
        widget=forms.TextInput(attrs=SHORT),
        help_text=gettext_lazy("From when an item comes in. Limits and breaks go before it, always."),
    )
    grace_seconds = MinutesField(
        label=gettext_lazy("Grace, minutes"),
        initial=limits.written_minutes(DEFAULT_GRACE_SECONDS),
        max_length=12,
        widget=forms.TextInput(attrs=SHORT),
        help_text=gettext_lazy(
            "How long a decision can be taken back before the client is told. It ends at a full minute; without a grace the "
            "client sees in which second somebody decided."
        ),
    )
    teams = forms.MultipleChoiceField(
        label=gettext_lazy("Teams that take from it"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, teams: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["teams"]
        if isinstance(field, forms.MultipleChoiceField):
            every = (EVERY_TEAM, _("Every team, those that are made later too"))
            field.choices = [every, *((str(pk), name) for pk, name in teams)]

    @property
    def plan(self) -> QueuePlan:
        """Return what was written, as the services take it."""
        data = self.cleaned_data
        every_team = EVERY_TEAM in data["teams"]
        return QueuePlan(
            **{name: data[name] for name in LONGEST},
            trains_model=data["trains_model"],
            is_severe=data["is_severe"],
            target_seconds=data["target_seconds"],
            grace_seconds=data["grace_seconds"],
            every_team=every_team,
            team_ids=frozenset() if every_team else frozenset(map(int, data["teams"])),
        )

    def shows_theirs(self, plan: QueuePlan) -> None:
        """Say beside each field that differs what somebody else wrote there; what was typed stays in it."""
        for name, theirs in self.written(plan).items():
            if name in LONGEST and theirs != self.cleaned_data[name]:
                self.add_error(name, _("It says now: %(theirs)s") % {"theirs": theirs or "–"})
            elif name not in LONGEST and theirs != self[name].value():
                self.add_error(name, _("Somebody else changed this."))

    @staticmethod
    def written(plan: QueuePlan) -> dict[str, Any]:
        """Return what the fields hold for a queue that is there."""
        return {
            **{name: getattr(plan, name) for name in LONGEST},
            "trains_model": plan.trains_model,
            "is_severe": plan.is_severe,
            "target_seconds": hours(plan.target_seconds),
            "grace_seconds": limits.written_minutes(plan.grace_seconds),
            "teams": [EVERY_TEAM] if plan.every_team else [str(pk) for pk in plan.team_ids],
        }


class NewQueueForm(QueueForm):
    """A queue that is made: its platform as well, which does not change later."""

    field_order = ("platform",)

    platform = forms.ChoiceField(label=gettext_lazy("Platform"))

    def __init__(self, *args: Any, platforms: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["platform"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(pk), name) for pk, name in platforms]


class GuidelinesForm(forms.Form):
    """A new version of a queue's guidelines."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    guidance = forms.CharField(
        label=gettext_lazy("Guidelines"),
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("What stays, what goes, and what to do when in doubt. Read at the desk."),
    )
    in_force_from = forms.DateTimeField(
        label=gettext_lazy("In force from"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        help_text=gettext_lazy("On your clock. Empty means from now."),
    )

    def begins_at(self, at: datetime) -> datetime:
        """Return from when the version holds: now where nothing was said, or where this very minute was."""
        wanted: datetime | None = self.cleaned_data["in_force_from"]
        if wanted is None or at - BEGINS_WITHIN < wanted <= at:
            return at
        return wanted
