"""What wellbeing tells: to the person, and to whoever allocates work."""

from wellbeing.selectors.allowance import Allowance, allowance, fallen_silent, must_stop
from wellbeing.selectors.desk import (
    BreakView,
    DeskFacts,
    Glance,
    desk_facts,
    glance,
    glance_at,
    open_break,
)
from wellbeing.selectors.held import Held
from wellbeing.selectors.my_day import MyDay, my_day

__all__ = [
    "Allowance",
    "BreakView",
    "DeskFacts",
    "Glance",
    "Held",
    "MyDay",
    "allowance",
    "desk_facts",
    "fallen_silent",
    "glance",
    "glance_at",
    "must_stop",
    "my_day",
    "open_break",
]
