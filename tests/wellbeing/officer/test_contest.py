"""What somebody asked the officer about, as they read it themselves."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import User
from tests.cast import T0, subject_of
from wellbeing.models import LimitRow, LoadFlag, Question
from wellbeing.officer.selectors.contest import FLAG, LIMIT, REVEAL_UP, questions_of

pytestmark = pytest.mark.django_db


def asked(user: User, about: str, about_ref: object) -> None:
    Question.objects.create(
        subject=subject_of(user),
        about=about,
        about_ref=str(about_ref),
        words="Why?",
        asked_at=T0 + timedelta(minutes=Question.objects.count()),
        due_at=T0 + timedelta(days=5),
    )


def a_flag(user: User, code: str) -> LoadFlag:
    return LoadFlag.objects.create(
        subject=subject_of(user), code=code, level="amber", local_date=T0.date(), figures={}, raised_at=T0
    )


def a_limit(value: int) -> LimitRow:
    return LimitRow.objects.create(
        scope="ceiling", scope_ref="", name="run_cases", value=value, set_at=T0, set_by="system"
    )


def test_each_says_what_it_is_about_newest_first(alice: User, amina: User) -> None:
    asked(alice, LIMIT, a_limit(12).pk)
    asked(alice, FLAG, a_flag(alice, "SEV4_STREAK").pk)
    asked(alice, FLAG, a_flag(amina, "RAPID_RISE").pk)
    asked(alice, FLAG, REVEAL_UP)
    asked(alice, FLAG, uuid4())
    asked(alice, "refusal", "run_cases")
    lines = questions_of(subject_of(alice))
    assert [line.flag for line in lines] == ["", "", REVEAL_UP, "", "SEV4_STREAK", ""]
    assert [line.limit.value if line.limit else None for line in lines] == [None] * 5 + [12]


def test_ten_are_read_in_as_many_queries_as_two(alice: User) -> None:
    mine = subject_of(alice)

    def queries() -> int:
        with CaptureQueriesContext(connection) as sent:
            questions_of(mine)
        return len(sent)

    asked(alice, LIMIT, a_limit(12).pk)
    asked(alice, FLAG, a_flag(alice, "SEV4_STREAK").pk)
    of_two = queries()
    for value in range(13, 17):
        asked(alice, LIMIT, a_limit(value).pk)
    for code in ("RAPID_RISE", "HEAVY_STREAK", "DAY_HIGH", "WEEK_HIGH"):
        asked(alice, FLAG, a_flag(alice, code).pk)
    assert len(questions_of(mine)) == 10
    assert queries() == of_two == 3
