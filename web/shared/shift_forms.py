"""A shift as it is typed: a day, or days of the week for some weeks, on the clock of who works it."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy

from wellbeing.shifts.rules import AHEAD, NothingPlanned, Planned, every_week, on_clock

WEEKS = AHEAD.days // 7
WEEKDAYS = (
    ("0", gettext_lazy("Monday")),
    ("1", gettext_lazy("Tuesday")),
    ("2", gettext_lazy("Wednesday")),
    ("3", gettext_lazy("Thursday")),
    ("4", gettext_lazy("Friday")),
    ("5", gettext_lazy("Saturday")),
    ("6", gettext_lazy("Sunday")),
)
# Far from both ends of the calendar, where a day has no day before or after it.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)


def _clock_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time", "step": "900", "class": "field-short"}, format="%H:%M")


class ShiftForm(forms.Form):
    """One shift, or one for each chosen day of some weeks."""

    on = forms.DateField(
        label=gettext_lazy("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )
    begins = forms.TimeField(label=gettext_lazy("From"), widget=_clock_input())
    ends = forms.TimeField(
        label=gettext_lazy("Until"),
        widget=_clock_input(),
        help_text=gettext_lazy("If that is not after it begins, it ends on the next day."),
    )
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Again on"),
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: the first day alone."),
    )
    weeks = forms.IntegerField(
        label=gettext_lazy("For how many weeks"),
        min_value=1,
        max_value=WEEKS,
        initial=1,
        required=False,
        widget=forms.NumberInput(attrs={"class": "field-short"}),
    )

    def planned(self, zone: ZoneInfo) -> list[Planned]:
        """Return what a valid form asks for, read on the clock of *zone*.

        Raises:
            NoSuchTime, NothingPlanned: the clocks leave a time out, or none of the days lies in these weeks.
        """
        typed: dict[str, Any] = self.cleaned_data
        days = [typed["on"]]
        if typed["weekdays"]:
            days = list(
                every_week(typed["on"], weekdays=map(int, typed["weekdays"]), weeks=typed["weeks"] or 1)
            )
        if not days:
            raise NothingPlanned
        return [on_clock(day, begins=typed["begins"], ends=typed["ends"], zone=zone) for day in days]
