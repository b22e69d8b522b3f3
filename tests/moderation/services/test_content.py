"""What a case's holder is shown is read by two statements; Django's own reading of the same rows says whether it is right."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import models
from django.utils import timezone

from moderation.exceptions import NoPolicyInForce
from moderation.models import Blob, BlobState, Case, Draft, ItemRevision, Medium, PolicyVersion, Report
from moderation.selectors.content import REPORTS_SHOWN, Content, content_of
from moderation.selectors.taxonomy import categories_in_force, policy_in_force
from people.models import User
from queues.models import Queue
from tests.cast import subject_of
from tests.web.desk.scene import a_case_waits

pytestmark = pytest.mark.django_db

ODD = "ünd “so” \\ \"quoted\" 'thus' \n\t{x} %s %(y)s \u2028 🙂"


@pytest.fixture(autouse=True)
def media_root(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def all_of(row: models.Model | None) -> dict[str, Any] | None:
    return None if row is None else {field.attname: getattr(row, field.attname) for field in row._meta.fields}


def is_as_django_reads_it(content: Content, alice: User) -> bool:
    """Compare every column of every row, and which rows there are."""
    case = Case.objects.select_related("queue").get(pk=content.case.pk)
    revision = ItemRevision.objects.filter(case=case).order_by("id")[0]
    media = Medium.objects.filter(revision=revision, blob__state=BlobState.READY).order_by("position")
    reports = Report.objects.filter(case=case).order_by("id")[:REPORTS_SHOWN]
    assert all_of(content.case) == all_of(case)
    assert all_of(content.case.queue) == all_of(case.queue)
    assert all_of(content.revision) == all_of(revision)
    assert list(map(all_of, content.media)) == list(map(all_of, media))
    assert [all_of(medium.blob) for medium in content.media] == [all_of(medium.blob) for medium in media]
    assert list(map(all_of, content.reports)) == list(map(all_of, reports))
    draft = Draft.objects.filter(case=case, subject=subject_of(alice)).first()
    assert all_of(content.draft) == all_of(draft)
    now = timezone.now()
    assert all_of(content.policy) == all_of(policy_in_force(queue=case.queue, at=now))
    assert list(content.taxonomy.items()) == list(categories_in_force(at=now).items())
    return True


def test_pictures_words_reports_and_a_draft(alice: User, photos: Queue) -> None:
    context = {"thread": [{"author": "a", "text": ODD}], "deep": [1, 2.5, None, True, {"x": []}]}
    Queue.objects.filter(pk=photos.pk).update(extra_actions=[{"code": "odd", "label": ODD}])
    waits = a_case_waits(
        photos, "rocket.jpg", "chelsea.png", text=ODD, reports=(ODD, "", "third"), context=context
    )
    Report.objects.filter(reason="third").update(score=0.75)
    Draft.objects.create(
        case=waits.case,
        subject=subject_of(alice),
        categories=["HATE"],
        rationale=ODD,
        saved_at=timezone.now(),
    )
    content = content_of(waits.case.pk, subject=subject_of(alice), at=timezone.now())
    assert is_as_django_reads_it(content, alice)
    assert [medium.filename for medium in content.media] == ["rocket.jpg", "chelsea.png"]
    assert content.has_words


def test_no_picture_no_report_and_no_draft(alice: User, photos: Queue) -> None:
    waits = a_case_waits(photos, reports=(), text="")
    content = content_of(waits.case.pk, subject=subject_of(alice), at=timezone.now())
    assert is_as_django_reads_it(content, alice)
    assert (content.media, content.reports, content.draft) == ([], [], None)
    assert not content.has_words


def test_anothers_draft_is_not_read(alice: User, amina: User, photos: Queue) -> None:
    waits = a_case_waits(photos)
    Draft.objects.create(
        case=waits.case, subject=subject_of(amina), rationale="mine", saved_at=timezone.now()
    )
    assert content_of(waits.case.pk, subject=subject_of(alice), at=timezone.now()).draft is None


def test_a_picture_that_is_not_prepared_is_not_there(alice: User, photos: Queue) -> None:
    waits = a_case_waits(photos, "rocket.jpg", "chelsea.png")
    Blob.objects.filter(pk=waits.media[0].blob_id).update(state=BlobState.REJECTED)
    content = content_of(waits.case.pk, subject=subject_of(alice), at=timezone.now())
    assert is_as_django_reads_it(content, alice)
    assert [medium.filename for medium in content.media] == ["chelsea.png"]


def test_of_many_items_with_the_same_content_the_first_is_shown_and_of_many_reports_the_first(
    alice: User, photos: Queue
) -> None:
    waits = a_case_waits(photos, reports=tuple(f"report {number}" for number in range(REPORTS_SHOWN + 5)))
    a_later_item_of(waits.revision)
    content = content_of(waits.case.pk, subject=subject_of(alice), at=timezone.now())
    assert is_as_django_reads_it(content, alice)
    assert content.revision == waits.revision
    assert [report.reason for report in content.reports][:2] == ["report 0", "report 1"]
    assert len(content.reports) == REPORTS_SHOWN


def a_later_item_of(revision: ItemRevision) -> None:
    item = revision.item
    item.pk, item.external_id = None, uuid4().hex
    item.save()
    revision_of = ItemRevision.objects.get(pk=revision.pk)
    revision_of.pk, revision_of.item = None, item
    revision_of.created_at += timedelta(minutes=1)
    revision_of.save()


def test_it_is_judged_by_the_policy_whose_time_has_come(alice: User, photos: Queue) -> None:
    waits, now = a_case_waits(photos), timezone.now()
    later = {
        "version": 13,
        "code": "C",
        "title": ODD,
        "guidance": ODD,
        "in_force_from": now + timedelta(hours=1),
    }
    PolicyVersion.objects.create(queue=photos, **later)
    read = [
        content_of(waits.case.pk, subject=subject_of(alice), at=at) for at in (now, now + timedelta(hours=1))
    ]
    assert [content.policy.version for content in read] == [12, 13]
    assert read[1].policy.guidance == ODD
    with pytest.raises(NoPolicyInForce):
        content_of(waits.case.pk, subject=subject_of(alice), at=now - timedelta(days=36_500))


def test_what_is_no_case_is_told(alice: User) -> None:
    with pytest.raises(Case.DoesNotExist):
        content_of(uuid4(), subject=subject_of(alice), at=timezone.now())


def test_it_is_two_statements(alice: User, photos: Queue, django_assert_num_queries: Any) -> None:
    waits, subject = a_case_waits(photos, "rocket.jpg"), subject_of(alice)
    with django_assert_num_queries(2):
        content = content_of(waits.case.pk, subject=subject, at=timezone.now())
        assert [medium.blob.state for medium in content.media] == ["ready"]
        assert content.case.queue.name == photos.name
