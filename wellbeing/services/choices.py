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
from wellbeing.exceptions import NotFound
from wellbeing.models import OptOut, SevereAgreement
from wellbeing.rules import opt_outs
from wellbeing.rules.opt_outs import AlreadyAgreed, AlreadyOptedOut, NotAgreed
from wellbeing.services import ledger
from wellbeing.services.confirmed import require_themselves

Pair = tuple[str, str, datetime | None]


def opt_out(*, held: Locked, kind: str, value: str, until: datetime | None) -> UUID:
    """Keep something away from now on, until *until* or until it is ended; return the opt-out's id.

    The same with another end takes the place of the one before. Whether a category or a queue is there at all is told by
    whoever knows them.

    Raises:
        ChoiceUnknown, EndsInThePast: as ``rules.opt_outs.check``.
        AlreadyOptedOut: the very same holds.
    """
    require_themselves(held.subject)
    opt_outs.check(kind, value, until, at=held.at)
    before = _open(held).filter(kind=kind, value=value).first()
    if before is not None:
        if before.until == until:
            raise AlreadyOptedOut
        _end(held, before)
    made = OptOut.objects.create(subject=held.subject, kind=kind, value=value, set_at=held.at, until=until)
    _see(held, opt_outs=[*_others(held, kind, value), (kind, value, until)])
    return made.pk


def opt_back_in(*, held: Locked, opt_out_id: UUID) -> None:
    """End one of the person's opt-outs.

    Raises:
        NotFound: it is not theirs, or has ended.
    """
    require_themselves(held.subject)
    found = _open(held).filter(pk=opt_out_id).first()
    if found is None or _is_over(found, held.at):
        raise NotFound
    _end(held, found)
    _see(held, opt_outs=_others(held, found.kind, found.value))


def agree_to_severe(*, held: Locked) -> None:
    """Agree to be handed severity 4, until it is taken back; what else closes severity 4 goes on to do so.

    Raises:
        AlreadyAgreed: it was given before.
    """
    require_themselves(held.subject)
    if held.binding.agreed_at is not None:
        raise AlreadyAgreed
    SevereAgreement.objects.create(subject=held.subject, given_at=held.at)
    _see(held, agreed_at=held.at)


def revoke_agreement(*, held: Locked) -> None:
    """Take the agreement to severity 4 back.

    Raises:
        NotAgreed: there is none.
    """
    require_themselves(held.subject)
    given = SevereAgreement.objects.filter(subject=held.subject, revoked_at__isnull=True)
    if not given.update(revoked_at=held.at):
        raise NotAgreed
    _see(held, agreed_at=None)


def _open(held: Locked) -> QuerySet[OptOut]:
    return OptOut.objects.filter(subject=held.subject, ended_at__isnull=True)


def _is_over(found: OptOut, at: datetime) -> bool:
    return found.until is not None and found.until <= at


def _end(held: Locked, found: OptOut) -> None:
    """End it now, or when it was over by itself."""
    found.ended_at = found.until if found.until is not None and found.until <= held.at else held.at
    found.save(update_fields=["ended_at"])


def _others(held: Locked, kind: str, value: str) -> list[Pair]:
    return [one for one in held.binding.opt_outs if one[:2] != (kind, value)]


def _see(held: Locked, **changed: Sequence[Pair] | datetime | None) -> None:
    """Let the rest of the act see it, and tell the person's pages."""
    held.bind(**changed)
    ledger.announce(held)
