"""A claim keeps the version of the limits under which it was taken, and only its person is told.

Seen red without ``limits_version`` in ``claim_rows.take``, and without ``subject=subject`` in ``limits_versions``.
"""

import pytest
from django.utils import timezone

from people.models import Team, User
from queues.models import Claim, Queue
from queues.selectors.taken import limits_versions
from tests.cast import subject_of
from tests.web.desk.scene import a_case_waits, sits_down, works_today
from wellbeing.limits.services.setting import set_limit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def test_a_claim_is_explained_by_the_limits_that_held_when_it_was_taken(
    alice: User, amina: User, north: Team, photos: Queue
) -> None:
    row = set_limit(
        scope="team",
        scope_ref=str(north.pk),
        name="seconds_1",
        value=7200,
        set_by="system",
        reason="",
        at=timezone.now(),
    )
    a_case_waits(photos, severity=1, category="DISINFO")
    page = sits_down(works_today(alice))
    claim = Claim.objects.get()
    assert claim.limits_version == row.pk
    assert limits_versions(subject_of(alice), [claim.pk]) == [row.pk]
    assert limits_versions(subject_of(amina), [claim.pk]) == []
    page.get("/my-day/day/")
    assert f"was so under version {row.pk}." in page.html
