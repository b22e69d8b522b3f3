"""'Ask a person to look at this': a person's question, and the officer's answer in writing within two working days."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from audit.services import record
from live import events
from people.rules.texts import kept_text
from people.selectors import zones_of
from wellbeing.core.rules.days import zone_at
from wellbeing.core.services.confirmed import require_themselves
from wellbeing.exceptions import AlreadyAnswered, AlreadyAsked, AnswerMissing, NotFound, ReasonTooLong
from wellbeing.models import Question, RecordReading
from wellbeing.officer.rules.apart import require_another
from wellbeing.officer.rules.working_days import answer_due_at
from wellbeing.officer.selectors.contest import QuestionLine, line_of, may_ask_about

WORDS_AT_MOST: Final = 2_000


def ask(*, subject: UUID, about: str, about_ref: str, words: str, at: datetime) -> Question:
    """Ask the wellbeing officer to look at something that was decided about this person. Words may be left out.

    ``about`` is ``limit`` and ``about_ref`` the row as ``my_limits`` gives it, or ``refusal`` and a name of
    ``officer.rules.refusals``, or ``flag`` and its id.

    Raises:
        NotFound: nothing of this person bears that name.
        AlreadyAsked: the same was asked and waits for its answer.
        ReasonTooLong: more words than anybody would read.
        NotConfirmed: who asks may be somebody else.
    """
    require_themselves(subject)
    if not may_ask_about(subject, about, about_ref, at=at):
        raise NotFound
    question = Question(
        subject=subject,
        about=about,
        about_ref=about_ref,
        words=_checked(words),
        asked_at=at,
        due_at=answer_due_at(at, zone=zone_at(zones_of(subject), at)),
    )
    try:
        with transaction.atomic():
            question.save(force_insert=True)
    except IntegrityError:
        raise AlreadyAsked from None
    return question


def read(*, question_id: UUID, reader: str, at: datetime) -> QuestionLine:
    """Return one question with its words to the officer, and note that it was read.

    Raises:
        NotFound: there is no such question.
    """
    with transaction.atomic():
        question = Question.objects.filter(pk=question_id).first()
        if question is None:
            raise NotFound
        _note_reading(question, reader=reader, at=at)
    return line_of(question)


def answer(*, question_id: UUID, answer: str, answered_by: str, at: datetime) -> Question:
    """Answer in writing; the person finds it on My day.

    Raises:
        NotFound, AlreadyAnswered: there is no such question, or it has its answer.
        AnswerMissing, ReasonTooLong: about the answer.
        AboutYourself: it is one's own question.
    """
    words = _checked(answer)
    if not words:
        raise AnswerMissing
    with transaction.atomic():
        question = Question.objects.select_for_update().filter(pk=question_id).first()
        if question is None:
            raise NotFound
        if question.answered_at is not None:
            raise AlreadyAnswered
        require_another(subject=question.subject, by=answered_by)
        question.answer, question.answered_by, question.answered_at = words, answered_by, at
        question.save(update_fields=["answer", "answered_by", "answered_at"])
        _note_reading(question, reader=answered_by, at=at)
        _audit(question, at=at)
        events.bump([question.subject])
    return question


def _checked(words: str) -> str:
    kept = kept_text(words)
    if len(kept) > WORDS_AT_MOST:
        raise ReasonTooLong(most=WORDS_AT_MOST)
    return kept


def _note_reading(question: Question, *, reader: str, at: datetime) -> None:
    RecordReading.objects.create(subject=question.subject, reader=reader, what="question", at=at)


def _audit(question: Question, *, at: datetime) -> None:
    """That it was answered, never in which words: those are between two people."""
    record(
        actor=question.answered_by,
        action="question.answered",
        target_kind="question",
        target_id=str(question.pk),
        at=at,
    )
