"""P8, for what a person does instead of cases: other paid work, wellness time, the walk of the first day, a buddy, the end
of the day. It changes no answer to anybody else.

Seen red with the activity of other paid work on the lead's board.
"""

import pytest
from django.utils import timezone

from queues.services import desk, other_work
from tests.cast import subject_of
from tests.promises.team_with_a_day import Day
from tests.promises.test_p10_no_speed_no_score_no_rank import somebody, without_clock
from tests.promises.walking import walks
from tests.web.lead.office import signs_in
from wellbeing.choices.rules.introduction import Step
from wellbeing.choices.services import buddies, introduction
from wellbeing.core.rules.presence import Activity

pytestmark = pytest.mark.django_db

OTHERS = ["lead", "wellbeing_officer", "representative", "auditor", "operator"]


def somebody_does_something_else(day: Day) -> None:
    subject, at = subject_of(day.people[0]), timezone.now()
    for activity in Activity:
        other_work.do_other_work(subject=subject, activity=activity, at=at, beating=False)
    introduction.take_step(subject=subject, step=Step.DESK, at=at)
    buddies.ask(subject=subject, name=day.people[1].username, at=at)
    other_work.take_wellness_time(subject=subject, at=at)
    desk.sign_out(subject=subject, at=at, reason="left")


@pytest.mark.parametrize("role", OTHERS)
def test_what_somebody_does_instead_of_cases_changes_no_answer_to_anybody_else(day: Day, role: str) -> None:
    client = signs_in(somebody(role, day))
    before = without_clock(walks(client, day.ids))
    somebody_does_something_else(day)
    after = without_clock(walks(client, day.ids))
    assert [address for address in before if before[address] != after[address]] == []
