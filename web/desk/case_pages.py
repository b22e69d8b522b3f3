"""The case in hand, read for the desk: label, purpose, stage, words, and what may be decided."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moderation.models import Draft, Report
from moderation.rules.likely import Offer, likely
from moderation.selectors.content import Content, content_of
from moderation.selectors.taxonomy import CategoryInForce
from queues.rules.first_look import first_level
from queues.selectors import ClaimView, DeskState
from web.desk import wording
from web.desk.again_pages import earlier_of
from web.desk.shapes import CaseView, Chip, Choice, Picture, Step, Words, Worse
from web.shared.languages import language

THREAD_SHOWN = 20
CLEARER = frozenset({"text", "grey", "colour"})
"""Steps clearer than the shield."""
MAY_ESCALATE = ("first", "second")


@dataclass(frozen=True, slots=True)
class CaseRead:
    """The view of a case, and when its draft was saved."""

    view: CaseView
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Look:
    """What is on the stage, which picture (from 1), which steps of the ladder are open, and on whose clock.

    ``cost``: what every step clearer than the shield costs, in words.
    """

    level: str
    picture: int
    open_levels: frozenset[str]
    zone: ZoneInfo
    cost: str = ""


def case_view(subject: UUID, at: datetime, state: DeskState, look: Look) -> CaseRead:
    """Return the case in hand as it may be shown. A fixed number of queries."""
    claim = state.claim
    if claim is None:
        raise ValueError("no case in hand")
    content = content_of(claim.case_ref, subject=subject, at=at)
    draft, policy, categories = content.draft, content.policy, content.taxonomy
    number = min(max(look.picture, 1), len(content.media)) if content.media else 0
    level = look.level
    text_shown = level == "text" or bool(state.exposure and state.exposure.with_text and level != "covered")
    offered, others = _choices(content, claim, categories, draft)
    view = CaseView(
        fence=claim.fence,
        decision_id=str(uuid4()),
        chips=_chips(content, claim, categories, text_shown=text_shown),
        purpose_line=wording.purpose_of(content.case.queue),
        policy_name=wording.policy_of(policy),
        policy_title=policy.title,
        guidance=policy.guidance,
        first_level=first_level(medium=claim.medium, severity=claim.severity),
        ladder=_ladder(claim, look, text_shown=text_shown),
        words=replace(_words(content, shown=text_shown), cost="" if text_shown else look.cost),
        likely=offered,
        others=others,
        none_chosen=bool(draft and draft.categories == ["none"]),
        actions=_actions(content, draft),
        worse=[Worse(step, wording.severity(step)) for step in range(claim.severity + 1, 5)],
        may_escalate=claim.kind in MAY_ESCALATE,
        earlier=earlier_of(content.case, categories, look.zone, words_shown=text_shown),
        rationale=draft.rationale if draft else "",
        picture=_picture(state, content, number, level),
        picture_number=number,
        pictures=list(range(1, len(content.media) + 1)),
    )
    return CaseRead(view, draft.saved_at if draft else None)


def _chips(
    content: Content, claim: ClaimView, categories: Mapping[str, CategoryInForce], *, text_shown: bool
) -> list[Chip]:
    label = categories[claim.category].label if claim.category in categories else _("Not labelled")
    chips = [Chip(wording.severity(claim.severity), soon=claim.severity >= 3), Chip(label)]
    chips.append(Chip(wording.medium(claim.medium, len(content.media))))
    if content.revision.text and not text_shown:
        chips.append(Chip(_("Text folded")))
    if content.case.language:
        chips.append(Chip(language(content.case.language)))
    if claim.kind == "second":
        chips.append(Chip(_("Looked at again")))
    if claim.kind == "escalated":
        chips.append(Chip(_("Escalated")))
    return chips


def _ladder(claim: ClaimView, look: Look, *, text_shown: bool) -> list[Step]:
    cover, show = reverse("desk:cover"), reverse("desk:show")
    steps = [Step("covered", _("Cover"), cover, "Escape", "Esc")]
    if claim.medium == "text":
        steps.append(Step("text", _("Text"), show, "t", "T"))
    else:
        steps.append(Step("shielded", _("Shielded"), show, "d", "D"))
        steps.append(Step("grey", _("Grey"), show, "g", "G"))
        steps.append(Step("colour", _("Colour, 10 s"), show, "c", _("hold C"), hold=True))
    level = "text" if text_shown and claim.medium == "text" else look.level
    return [
        replace(
            step,
            is_current=step.level == level,
            closed=step.level not in look.open_levels | {"covered"},
            cost=look.cost if step.level in CLEARER & look.open_levels else "",
        )
        for step in steps
    ]


def _picture(state: DeskState, content: Content, number: int, level: str) -> Picture | None:
    if not number or level not in {"shielded", "grey", "colour"} or state.exposure is None:
        return None
    alt = {
        "shielded": _("The picture, shielded: small, grey and blurred"),
        "grey": _("The picture, in grey"),
        "colour": _("The picture, in colour"),
    }[level]
    medium = content.media[number - 1]
    address = reverse("desk:media", args=[state.exposure.id, medium.id, level])
    return Picture(address, alt, by_script=state.exposure.beating)


def _words(content: Content, *, shown: bool) -> Words:
    """Name and length may always be said; what was written is read only to be shown."""
    text, thread = content.revision.text, content.revision.context.get("thread") or []
    about = [wording.words_in(text), language(content.revision.language)] if text else []
    if content.reports:
        about.append(_reports_line(content.reports))
    name = _("Text") if text or thread else _("Reports")
    if content.media and text:
        name = _("Caption")
    return Words(
        exists=content.has_words,
        name=name,
        about=", ".join(part for part in about if part),
        shown=shown,
        text=text if shown else "",
        language_code=content.revision.language,
        reports_name=_("What was reported"),
        reports=[report.reason for report in content.reports if report.reason] if shown else [],
        thread=[_line(entry) for entry in thread[:THREAD_SHOWN]] if shown else [],
    )


def _reports_line(reports: list[Report]) -> str:
    count = len(reports)
    number = ngettext("%(count)d report", "%(count)d reports", count) % {"count": count}
    sources = dict.fromkeys(str(wording.SOURCES.get(report.source, report.source)) for report in reports)
    return f"{number} {_listed(list(sources))}"


def _listed(names: list[str]) -> str:
    """Return 'from a user', 'from a user and from an authority', 'from a user, from an authority and from the platform'."""
    *first, last = names
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def _line(entry: object) -> str:
    if not isinstance(entry, dict):
        return str(entry)
    author = entry.get("author")
    name = author.get("name") if isinstance(author, dict) else author
    return f"{name}: {entry.get('text', '')}" if name else str(entry.get("text", ""))


def _choices(
    content: Content, claim: ClaimView, categories: Mapping[str, CategoryInForce], draft: Draft | None
) -> tuple[list[Choice], list[Choice]]:
    """Return the likely categories with their keys, and all the others in the taxonomy's order."""
    offers = {c.code: Offer(c.code, c.severity, c.flags) for c in categories.values() if c.is_enabled}
    first = likely(label=claim.category, scores=content.revision.scores, offers=offers.values())
    chosen = set(draft.categories) if draft else set()
    offered = [
        Choice(code, categories[code].label, str(number), code in chosen)
        for number, code in enumerate(first, 1)
    ]
    rest = [
        Choice(code, categories[code].label, chosen=code in chosen) for code in offers if code not in first
    ]
    return offered, rest


def _actions(content: Content, draft: Draft | None) -> list[Choice]:
    chosen = draft.action if draft else ""
    known = [Choice(code, str(label), key, code == chosen) for code, (label, key) in wording.ACTIONS.items()]
    own = [_own_action(entry) for entry in content.case.queue.extra_actions]
    return known + [Choice(code, label, chosen=code == chosen) for code, label in own]


def _own_action(entry: object) -> tuple[str, str]:
    """A queue's own action is a code, or ``{"code", "label"}``."""
    if isinstance(entry, dict):
        return str(entry.get("code", "")), str(entry.get("label") or entry.get("code", ""))
    return str(entry), str(entry).replace("_", " ").capitalize()
