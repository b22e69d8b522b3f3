"""What a person chooses for themselves under their own lock: opt-outs, and the agreement to severity 4.

No reason is asked, nothing of it is told to anybody or written into a record that others read (promise P8). It holds at
once, both ways: it is theirs. Every act raises ``NotConfirmed`` while who acts may be somebody else. Who may hold a case
that no longer fits is the queues' affair (``queues.services.choices``).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from wellbeing.core.locked import Locked
from wellbeing.core.rules import opt_outs
from wellbeing.core.services import ledger
from wellbeing.core.services.confirmed import require_themselves
from wellbeing.exceptions import AlreadyAgreed, AlreadyOptedOut, NotAgreed, NotFound
from wellbeing.models import OptOut, SevereAgreement

Pair = tuple[str, str, datetime | None]


def opt_out(*, locked: Locked, kind: str, value: str, until: datetime | None) -> UUID:
    """Keep something away from now on, until *until* or until it is ended; return the opt-out's id.

    The same with another end takes the place of the one before. Whether a category or a queue is there at all is told by
    whoever knows them.

    Raises:
        ChoiceUnknown, EndsInThePast: as ``core.rules.opt_outs.check``.
        AlreadyOptedOut: the very same holds.
    """
    require_themselves(locked.subject)
    opt_outs.check(kind, value, until, at=locked.at)
    before = _open(locked).filter(kind=kind, value=value).first()
    if before is not None:
        if before.until == until:
            raise AlreadyOptedOut
        _end(locked, before)
    made = OptOut.objects.create(
        subject=locked.subject, kind=kind, value=value, set_at=locked.at, until=until
    )
    _see(locked, opt_outs=[*_others(locked, kind, value), (kind, value, until)])
    return made.pk


def opt_back_in(*, locked: Locked, opt_out_id: UUID) -> None:
    """End one of the person's opt-outs.

    Raises:
        NotFound: it is not theirs, or has ended.
    """
    require_themselves(locked.subject)
    found = _open(locked).filter(pk=opt_out_id).first()
    if found is None or _is_over(found, locked.at):
        raise NotFound
    _end(locked, found)
    _see(locked, opt_outs=_others(locked, found.kind, found.value))


def agree_to_severe(*, locked: Locked) -> None:
    """Agree to be handed severity 4, until it is taken back; what else closes severity 4 goes on to do so.

    Raises:
        AlreadyAgreed: it was given before.
    """
    require_themselves(locked.subject)
    if locked.binding.agreed_at is not None:
        raise AlreadyAgreed
    SevereAgreement.objects.create(subject=locked.subject, given_at=locked.at)
    _see(locked, agreed_at=locked.at)


def revoke_agreement(*, locked: Locked) -> None:
    """Take the agreement to severity 4 back.

    Raises:
        NotAgreed: there is none.
    """
    require_themselves(locked.subject)
    given = SevereAgreement.objects.filter(subject=locked.subject, revoked_at__isnull=True)
    if not given.update(revoked_at=locked.at):
        raise NotAgreed
    _see(locked, agreed_at=None)


def _open(locked: Locked) -> QuerySet[OptOut]:
    return OptOut.objects.filter(subject=locked.subject, ended_at__isnull=True)


def _is_over(found: OptOut, at: datetime) -> bool:
    return found.until is not None and found.until <= at


def _end(locked: Locked, found: OptOut) -> None:
    """End it now, or when it was over by itself."""
    found.ended_at = found.until if found.until is not None and found.until <= locked.at else locked.at
    found.save(update_fields=["ended_at"])


def _others(locked: Locked, kind: str, value: str) -> list[Pair]:
    return [one for one in locked.binding.opt_outs if one[:2] != (kind, value)]


def _see(locked: Locked, **changed: Sequence[Pair] | datetime | None) -> None:
    """Let the rest of the act see it, and tell the person's pages."""
    locked.bind(**changed)
    ledger.announce(locked)
