"""A lead who opens a severe queue or sets a limit reads what that leaves to do; and learns nothing of anybody by it.

Seen red with the asked value left out of the reckoning, with people's own limits let into it, with half hours from an hour
on, and with a day rounded down to the minute.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from people.models import Platform, Team, User
from queues.models import Lane, Queue
from tests.cast import subject_of
from tests.web.lead.office import Office
from web.lead.leaves import about, what_it_leaves
from wellbeing.core.rules.limits import DEFAULT_PRESET
from wellbeing.limits.services.setting import set_limit

SEVERITY_4 = (
    "Severity 4: at most 30 min and 60 cases on a day, about an hour and a half a week for each person; "
    "plan other work."
)
NOTHING_OF_4 = "Severity 4: nothing for anybody; plan other work."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30, "30 s"),
        (135, "2 min 15 s"),
        (225, "3 min 45 s"),
        (360, "about 6 minutes"),
        (720, "about 12 minutes"),
        (600, "about 10 minutes"),
        (3449, "about 55 minutes"),
        (3450, "about an hour"),
        (3600, "about an hour"),
        (4500, "about 75 minutes"),
        (5400, "about an hour and a half"),
        (7200, "about 2 hours"),
        (9000, "about 2 and a half hours"),
        (72000, "about 20 hours"),
    ],
)
def test_how_much_a_week_is_said_as_people_say_it(seconds: int, words: str) -> None:
    assert about(seconds) == words


SAID = re.compile(r"(?:(\d+) min)? ?(?:(\d+) s)?$")


def minutes_said(text: str) -> float:
    """Read back what ``about`` says."""
    words = text.replace("an hour", "1 hours").replace("1 hours and a half", "1 and a half hours")
    if "hour" in words:
        return 60 * (int(re.findall(r"\d+", words)[0]) + 0.5 * ("half" in words))
    if "minute" in words:
        return int(re.findall(r"\d+", words)[0])
    found = SAID.match(words)
    assert found
    return int(found[1] or 0) + int(found[2] or 0) / 60


@pytest.mark.django_db
def test_no_week_is_said_more_than_a_tenth_off_and_a_small_one_exactly() -> None:
    for seconds in range(1, 6 * 3600):
        off = abs(minutes_said(about(seconds)) * 60 - seconds)
        assert off * 10 <= seconds, about(seconds)
        assert off < 0.001 or seconds >= 300, about(seconds)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("a_day", "says"),
    [
        (45, "at most 45 s and 60 cases on a day, 2 min 15 s a week"),
        (60, "at most 1 min and 60 cases on a day, 3 min a week"),
        (119, "at most 1 min 59 s and 60 cases on a day, about 6 minutes a week"),
        (120, "at most 2 min and 60 cases on a day, about 6 minutes a week"),
        (240, "at most 4 min and 60 cases on a day, about 12 minutes a week"),
        (300, "at most 5 min and 60 cases on a day, about 15 minutes a week"),
        (0, "nothing for anybody"),
    ],
)
def test_a_week_is_so_many_days_of_what_a_day_leaves(a_day: int, says: str) -> None:
    """As shipped, severity 4 comes on 4 days of seven in 3 weeks of 4: three days a week."""
    (line,) = what_it_leaves(dict(DEFAULT_PRESET) | {"seconds_4": a_day}, [4])
    assert says in line


@pytest.mark.django_db
class TestWhatALeadReads:
    def test_before_a_limit_is_set_what_it_would_leave(self, lead: Office) -> None:
        assert SEVERITY_4 in lead.opens("/lead/limits/").text
        lead.changes(seconds_4="10", severe_days_7="2")
        assert "Severity 4: at most 10 min and 60 cases on a day, about 15 minutes a week" in lead.text
        lead.opens("/lead/limits/").changes(cases_4="0")
        assert NOTHING_OF_4 in lead.text

    def test_of_each_preset_and_before_it_is_chosen(self, lead: Office) -> None:
        text = lead.opens("/lead/presets/").text
        assert SEVERITY_4 in text
        assert text.count(NOTHING_OF_4) == 2
        assert NOTHING_OF_4 in lead.opens("/lead/presets/volunteer/").text

    def test_on_the_page_of_a_queue_that_severe_work_may_come_to(
        self, lead: Office, lumen: Platform, north: Team
    ) -> None:
        queue = Queue.objects.create(platform=lumen, name="Frontier", created_at=timezone.now())
        queue.teams.add(north)
        here = f"/lead/queues/{queue.pk}/"
        text = lead.opens(here).text
        assert SEVERITY_4 in text
        assert "When it is next saved or opened, this has to be there:" in text
        Queue.objects.update(is_severe=False)
        assert SEVERITY_4 not in lead.opens(here).text
        Lane.objects.create(queue=queue, category="GORE", severity=3)
        assert SEVERITY_4 in lead.opens(here).text

    def test_for_one_person_by_what_leads_set_and_not_by_what_they_chose(
        self, lead: Office, alice: User
    ) -> None:
        here = f"/lead/people/{alice.pk}/"
        known: dict[str, Any] = {
            "scope_ref": str(subject_of(alice)),
            "name": "seconds_4",
            "reason": "A hard week",
        }
        at = timezone.now() - timedelta(hours=1)
        set_limit(scope="own", value=60, set_by=str(subject_of(alice)), at=at, **known)
        assert SEVERITY_4 in lead.opens(here).text
        set_limit(scope="person", value=600, set_by=str(subject_of(lead.user)), at=at, **known)
        assert "Severity 4: at most 10 min and 60 cases on a day" in lead.opens(here).text
