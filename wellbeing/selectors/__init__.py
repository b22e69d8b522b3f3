"""What wellbeing tells: to the person, and to whoever allocates work."""

from wellbeing.selectors.allowance import Allowance, allowance, fallen_silent, must_stop
from wellbeing.selectors.desk import BreakView, DeskFacts, break_view, desk_facts
from wellbeing.selectors.my_day import MyDay, my_day

__all__ = [
    "Allowance",
    "BreakView",
    "DeskFacts",
    "MyDay",
    "allowance",
    "break_view",
    "desk_facts",
    "fallen_silent",
    "must_stop",
    "my_day",
]
