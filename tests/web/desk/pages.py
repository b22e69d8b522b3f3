"""Desk pages made by hand, for tests of templates and for a look at states without a server."""

from dataclasses import replace
from typing import Any

from web.desk.shapes import BreakPage, CaseView, Chip, Choice, DeskPage, Picture, Step, Words, Worse


def a_case(**changes: Any) -> CaseView:
    ladder = [
        Step("covered", "Cover", "/desk/cover", "Escape", "Esc"),
        Step("shielded", "Shielded", "/desk/show", "d", "D", is_current=True),
        Step("grey", "Grey", "/desk/show", "g", "G"),
        Step("colour", "Colour, 10 s", "/desk/show", "c", "hold C", hold=True),
    ]
    case = CaseView(
        fence=1,
        decision_id="7c0f8f4e-2a6b-4a43-a8d5-1d6f2e6c8b11",
        chips=[
            Chip("3 · graphic", soon=True),
            Chip("Deadly or serious accident"),
            Chip("Picture"),
            Chip("Text folded"),
            Chip("French"),
        ],
        purpose_line="Community photos, for Lumen SA. You decide whether this stays public. Not used to train models.",
        policy_name="Policy 12, guidance",
        policy_title="Community rules",
        guidance="What stays: news, with context.\n\nWhat goes: the injured, without their consent.",
        first_level="shielded",
        ladder=ladder,
        words=Words(exists=True, name="Caption", about="24 words, French, 2 reports from a user"),
        likely=[
            Choice("ACCIDENT", "Deadly or serious accident", "1"),
            Choice("GORE", "Dead or mutilated bodies, open surgery", "2"),
            Choice("ANIMAL", "Cruelty to animals", "3"),
        ],
        others=[
            Choice("HATE", "Hate, dehumanisation"),
            Choice("SPAM_FRAUD", "Spam, fraud, infringed rights or privacy"),
        ],
        none_chosen=False,
        actions=[
            Choice("none", "No action", "n"),
            Choice("restrict", "Restrict", "r"),
            Choice("remove", "Remove", "x"),
            Choice("label", "Label", "l"),
            Choice("refer", "Refer", "f"),
        ],
        worse=[Worse(4, "4 · extreme")],
        may_escalate=True,
        picture=Picture("/picture.jpg", "The picture, shielded: small, grey and blurred"),
        picture_number=1,
        pictures=[1],
    )
    return replace(case, **changes)


def a_desk_page(**changes: Any) -> DeskPage:
    page = DeskPage(
        kind="case",
        title="Desk",
        template="desk/_case.html",
        rev=7,
        facts=[Chip("Severity 3 and up: 34 min left today"), Chip("Severity 4: 12 min left today")],
        may_step_away=True,
        case=a_case(),
        claim_id="0b6f2d0e-5f0a-4a0e-9f53-3e0a5c1c7a01",
        exposure_id="1c6f2d0e-5f0a-4a0e-9f53-3e0a5c1c7a02",
        level="shielded",
        ladder_note="Looking is optional. You can decide from here.",
        saved_at="saved 14:02",
    )
    return replace(page, **changes)


def a_break_page(**changes: Any) -> BreakPage:
    rest = BreakPage(
        rev=8,
        lead_in="A break. It is working time.",
        heading="Back at 14:30, or later",
        lines=[
            "That was enough of severity 3 for one stretch.",
            "Your lead is not told. Your case and your draft wait for you.",
        ],
        may_return=False,
        may_take_longer=True,
        opens_seconds=600,
    )
    return replace(rest, **changes)
