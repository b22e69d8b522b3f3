"""The chain: every row is bound to all before it; a tampered row, seal or tail is named.

Seen red without the sealer's lock (on PostgreSQL), and without the way back to one row at a time.
"""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit import services
from audit.models import AuditCheckpoint, AuditPending, AuditRow, AuditSeal
from audit.rules.chain import digest_of
from audit.selectors import ChainBroken, link_of, verify
from audit.services import NotInTransaction, record, seal_next
from tests.append_only import guard_down
from tests.audit.steps import run, seal_all, write
from tests.cast import T0


@pytest.mark.django_db
def test_an_empty_chain_holds():
    assert verify().count == 0


@pytest.mark.django_db
def test_sealed_rows_hold_and_are_counted():
    write(5)
    seal_all()
    verified = verify()
    assert (verified.count, verified.signed, verified.waiting) == (5, 5, 0)


@pytest.mark.django_db
def test_rows_that_wait_for_their_seal_are_told_apart():
    write(2)
    seal_all()
    write(3)
    verified = verify()
    assert (verified.count, verified.waiting) == (2, 3)


@pytest.mark.django_db(transaction=True)
def test_a_row_outside_a_transaction_is_refused():
    with pytest.raises(NotInTransaction):
        record(actor="system", action="x", target_kind="x", target_id="x", at=T0)
    assert not AuditRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_row_goes_with_the_change_that_is_rolled_back():
    with transaction.atomic():
        record(actor="system", action="x", target_kind="x", target_id="x", at=T0)
        transaction.set_rollback(True)
    assert not AuditRow.objects.exists()
    assert not AuditPending.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_row_that_commits_late_is_sealed_after_rows_with_greater_ids():
    # What PostgreSQL does when a transaction with a smaller id commits last, told without a race.
    write(2)
    late = AuditPending.objects.order_by("row_id").first()
    assert late is not None
    AuditPending.objects.filter(pk=late.pk).delete()
    seal_all()
    AuditPending.objects.create(row_id=late.row_id)
    seal_all()
    assert list(AuditSeal.objects.order_by("sequence").values_list("row_id", flat=True)) == [
        late.row_id + 1,
        late.row_id,
    ]
    assert verify().count == 2


@pytest.mark.django_db
def test_a_batch_is_the_same_chain_as_one_at_a_time(monkeypatch: pytest.MonkeyPatch):
    def chain_of(most: int) -> list[Any]:
        monkeypatch.setattr(services, "SEALED_AT_ONCE", most)
        with transaction.atomic():
            seal_all()
            found = list(AuditSeal.objects.order_by("sequence").values_list())
            assert verify().count == len(found)
            transaction.set_rollback(True)
        return found

    write(2)
    seal_all()
    write(7)
    chains = [chain_of(most) for most in (1, 3, 200)]
    assert len(chains[0]) == 9
    assert chains[0] == chains[1] == chains[2]


@pytest.mark.django_db
def test_a_hundred_rows_cost_the_same_statements_as_one():
    def statements(count: int) -> int:
        write(count)
        with CaptureQueriesContext(connection) as found:
            assert seal_next(at=T0)
        return len(found)

    write(1)
    seal_all()
    assert statements(1) == statements(90)
    assert verify().waiting == 0


@pytest.mark.django_db
def test_a_row_that_cannot_be_sealed_does_not_hold_up_those_before_it():
    write(4)
    waiting = list(AuditPending.objects.order_by("row_id").values_list("row_id", flat=True))
    AuditPending.objects.exclude(row_id=waiting[2]).delete()
    seal_all()
    for row_id in waiting:
        AuditPending.objects.create(row_id=row_id)
    for _ in range(2):
        assert seal_next(at=T0)
    with pytest.raises(IntegrityError), transaction.atomic():
        seal_next(at=T0)
    sealed = AuditSeal.objects.order_by("sequence").values_list("row_id", flat=True)
    assert list(sealed) == [waiting[2], waiting[0], waiting[1]]


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_make_one_chain(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(services, "SEALED_AT_ONCE", 2)
    write(30)
    barrier = Barrier(2)
    failures: list[BaseException] = []

    def sealer() -> None:
        barrier.wait()
        try:
            seal_all()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=sealer) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert verify().count == 30


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "action = 'limit.unset'",
        "actor = 'someone else'",
        "target_id = '7'",
        "target_kind = 'person'",
        "reason = ''",
        """detail = '{"to": 99, "from": null}'""",
        "at = '2020-01-01 00:00:00+00:00'",
    ],
)
def test_an_edited_row_is_the_first_broken_link(change: str):
    write(6)
    seal_all()
    third = AuditSeal.objects.get(sequence=3).row_id
    guard_down()
    run(f"UPDATE audit_auditrow SET {change} WHERE id = {third}")
    with pytest.raises(ChainBroken) as broken:
        verify()
    assert broken.value.sequence == 3


@pytest.mark.django_db
def test_an_edited_row_with_a_seal_made_to_fit_breaks_the_next_link():
    write(6)
    seal_all()
    seal = AuditSeal.objects.select_related("row").get(sequence=3)
    guard_down()
    run(f"UPDATE audit_auditrow SET reason = 'other' WHERE id = {seal.row_id}")
    seal.row.refresh_from_db()
    forged = digest_of(link_of(seal.row), previous=seal.previous_digest)
    run(f"UPDATE audit_auditseal SET digest = '{forged}' WHERE sequence = 3")
    with pytest.raises(ChainBroken) as broken:
        verify()
    assert broken.value.sequence == 4


@pytest.mark.django_db
def test_a_chain_rewritten_to_its_end_is_given_away_by_its_checkpoint():
    write(3)
    seal_all()
    guard_down()
    run("DELETE FROM audit_auditseal")
    run("UPDATE audit_auditrow SET reason = 'other'")
    for row in AuditRow.objects.order_by("id"):
        AuditPending.objects.create(row=row)
    seal_all()
    with pytest.raises(ChainBroken, match="rewritten") as broken:
        verify()
    assert broken.value.sequence == 3


@pytest.mark.django_db
def test_a_cut_tail_is_noticed_through_the_checkpoint():
    write(5)
    seal_all()
    guard_down()
    tail = list(AuditSeal.objects.filter(sequence__gt=3).values_list("row_id", flat=True))
    run("DELETE FROM audit_auditseal WHERE sequence > 3")
    run(f"DELETE FROM audit_auditrow WHERE id IN ({tail[0]}, {tail[1]})")
    with pytest.raises(ChainBroken, match="checkpoint was signed at link 5") as broken:
        verify()
    assert broken.value.sequence == 4


@pytest.mark.django_db
def test_a_removed_link_is_named():
    write(5)
    seal_all()
    guard_down()
    run("DELETE FROM audit_auditseal WHERE sequence = 2")
    with pytest.raises(ChainBroken) as broken:
        verify()
    assert broken.value.sequence == 2


@pytest.mark.django_db
def test_a_row_whose_seal_was_never_made_is_named():
    write(2)
    seal_all()
    write(1)
    AuditPending.objects.all().delete()
    with pytest.raises(ChainBroken, match="has no seal"):
        verify()


@pytest.mark.django_db
def test_a_checkpoint_of_another_installation_is_refused(settings):
    write(2)
    settings.SECRET_KEY = "another installation"
    seal_all()
    settings.SECRET_KEY = "this installation"
    with pytest.raises(ChainBroken, match="signature"):
        verify()


@pytest.mark.django_db
def test_a_checkpoint_signed_before_the_secret_changed_still_holds(settings):
    write(2)
    settings.SECRET_KEY = "the old secret"
    seal_all()
    settings.SECRET_KEY = "the new secret"
    settings.SECRET_KEY_FALLBACKS = ["the old secret"]
    assert verify().signed == 2


@pytest.mark.django_db
def test_every_hundredth_row_is_signed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(services, "CHECKPOINT_ROWS", 4)
    write(9)
    seal_all()
    assert list(AuditCheckpoint.objects.values_list("sequence", flat=True)) == [4, 8]


@pytest.mark.django_db
def test_a_quiet_chain_is_signed_again_after_ten_minutes():
    write(1)
    seal_all()
    write(1)
    seal_all(at=T0 + timedelta(minutes=9, seconds=59))
    assert verify().signed == 1
    seal_all(at=T0 + timedelta(minutes=10))
    assert verify().signed == 2


@pytest.mark.django_db
def test_a_chain_that_is_signed_to_its_end_leaves_nothing_to_do():
    write(1)
    seal_all()
    assert not seal_next(at=T0 + timedelta(days=1))
