"""A shift that a lead plans for one person of the team."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from people.access import Member
from web.shared.shift_forms import ShiftForm


class TeamShiftForm(ShiftForm):
    """Whose shift, and when on their clock."""

    person = forms.TypedChoiceField(label=gettext_lazy("Who"), coerce=int)
    field_order = ("person", "on", "begins", "ends", "weekdays", "weeks")

    def __init__(self, *args: Any, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(member.id, member.name) for member in members]
