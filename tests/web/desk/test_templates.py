import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from tests.web.desk.pages import a_break_page, a_case, a_desk_page
from web.desk.again_pages import Earlier
from web.desk.shapes import Chip, Choice, DeskPage, Picture, Step, Words
from web.shared.chrome import Link

AROUND = {
    "nav_links": [Link("/desk/", "Desk", True), Link("/my-day/", "My day", False)],
    "signed_in_as": "Alice",
    "mode_line": "Embedded mode, one computer",
    "messages": [],
}
SECRET_WORDS = "what was written"
UNFOLDED = Words(
    exists=True, name="Caption", shown=True, text=SECRET_WORDS, reports=["a report"], thread=["x: y"]
)
PAGES = {
    "shielded": a_desk_page(),
    "grey": a_desk_page(level="grey"),
    "covered": a_desk_page(level="covered"),
    "announced": a_desk_page(level="covered", is_fresh=True),
    "break due": a_desk_page(
        kind="break_due", level="covered", break_note="A break is due.", may_postpone=True
    ),
    "unfolded": a_desk_page(case=a_case(words=UNFOLDED)),
    "text": a_desk_page(
        level="text", case=a_case(words=UNFOLDED, picture=None, picture_number=0, pictures=[])
    ),
    "pictures": a_desk_page(case=a_case(pictures=[1, 2, 3])),
    "off": DeskPage("off", "Desk", "desk/_off.html", 1, False, sentence="You are not at the desk"),
    "waiting": DeskPage(
        "waiting", "Waiting", "desk/_waiting.html", 1, True, sentence="Nothing is waiting for you."
    ),
}


def rendered(page: DeskPage) -> str:
    return render_to_string("desk/page.html", {"page": page, **AROUND})


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_no_query_runs_while_the_desk_renders(name: str, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert "Respite" in rendered(PAGES[name])


@pytest.mark.django_db
def test_no_query_runs_while_the_break_page_renders(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert "Back at 14:30, or later" in render_to_string(
            "desk/break.html", {"rest": a_break_page(), **AROUND}
        )


@pytest.mark.any_database
@pytest.mark.parametrize("name", PAGES)
def test_pages_bear_no_inline_script_or_style_and_no_foreign_address(name: str) -> None:
    html = rendered(PAGES[name])
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|data:|https?://(?!www\.w3\.org)", html)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))
    assert "<style" not in html


CHOSEN = Choice("GORE", "Dead or mutilated bodies, open surgery", "2", chosen=True)
PANELS = {
    "untouched": a_case(),
    "written": a_case(rationale="half a word"),
    "a likely one chosen": a_case(likely=[CHOSEN]),
    "another one chosen": a_case(others=[CHOSEN]),
    "an action chosen": a_case(actions=[CHOSEN]),
    "none of these": a_case(none_chosen=True),
    "seen before": a_case(earlier=Earlier("Remove: hate", "3 May 2026, by policy 12", "what was said of it")),
    "of a senior": a_case(may_escalate=False, worse=[]),
    "other actions": a_case(actions=[Choice("none", "No action", "n")]),
    "other categories": a_case(others=[]),
}


@pytest.mark.any_database
@pytest.mark.parametrize("name", PANELS)
def test_a_kept_panel_is_the_one_that_would_be_rendered(name: str) -> None:
    """Each before and after the plain one, which is kept: seen red with what was written in what is kept."""
    for case in (PANELS[name], a_case(), PANELS[name]):
        anew = render_to_string("desk/_panel.html", {"page": {"case": case}})
        assert f"data-part>{anew}</div>" in rendered(a_desk_page(case=case))
        assert ("half a word" in anew) is (case.rationale != "")


PARTS = {
    "plain": a_desk_page(),
    "another label": a_desk_page(case=a_case(chips=[Chip("1 · mild")], guidance="Other rules.")),
    "another policy": a_desk_page(case=a_case(policy_name="Policy 13, guidance", policy_title="Anew")),
    "another step": a_desk_page(
        case=a_case(ladder=[Step("text", "Text", "/desk/show", "t", "T", cost="A rest")])
    ),
    "more pictures": a_desk_page(case=a_case(pictures=[1, 2, 3], picture_number=2)),
    "closed": a_desk_page(refusal="That is closed for today.", ladder_note="Until 14:00."),
    "a break is near": a_desk_page(break_note="A break comes at 14:30."),
    "less is left": a_desk_page(facts=[Chip("Severity 3 and up: 33 min left today", soon=True)]),
    "other work": a_desk_page(activities=[Choice("training", "Training")]),
    "may not leave": a_desk_page(may_step_away=False),
}
KEPT_PARTS = {
    "label": ("desk/_label.html", '<div id="part-label" data-part>'),
    "ladder": ("desk/_ladder.html", '<div id="part-ladder" data-part>'),
    "head": ("desk/_head.html", '<div class="head-end" id="desk-head" data-part>'),
}


@pytest.mark.any_database
@pytest.mark.parametrize("part", KEPT_PARTS)
@pytest.mark.parametrize("name", PARTS)
def test_a_kept_part_is_the_one_that_would_be_rendered(name: str, part: str) -> None:
    """Each before and after the plain one, which is kept: seen red with the name of the policy left out of what it is kept by."""
    template, begins = KEPT_PARTS[part]
    for page in (PARTS[name], PARTS["plain"], PARTS[name]):
        anew = render_to_string(template, {"page": page})
        assert f"{begins}{anew}</div>" in rendered(page)


@pytest.mark.any_database
def test_folded_words_are_not_in_the_page() -> None:
    folded = replace(UNFOLDED, shown=False)
    assert SECRET_WORDS not in rendered(a_desk_page(case=a_case(words=folded)))
    assert SECRET_WORDS in rendered(PAGES["unfolded"])


@pytest.mark.any_database
@pytest.mark.parametrize("name", PAGES)
def test_a_covered_page_names_no_medium(name: str) -> None:
    page = PAGES[name]
    if page.level == "covered" and page.case:
        assert page.case.picture is not None
        assert page.case.picture.src not in rendered(page)


@pytest.mark.any_database
@pytest.mark.parametrize("by_script", [True, False])
def test_a_picture_is_an_empty_canvas_for_a_script_and_an_image_without(by_script: bool) -> None:
    picture = Picture("/desk/media/somewhere", "The picture, in grey", by_script=by_script)
    html = rendered(a_desk_page(level="grey", case=a_case(picture=picture)))
    canvas = (
        '<canvas class="picture" width="0" height="0" role="img" aria-label="The picture, in grey" '
        'data-picture="/desk/media/somewhere"></canvas>'
    )
    assert (canvas in html) is by_script
    assert ('src="/desk/media/somewhere"' in html) is not by_script


@pytest.mark.any_database
def test_a_page_from_which_the_stage_is_withheld_says_where_it_is() -> None:
    html = rendered(a_desk_page(level="covered", is_withheld=True))
    assert 'data-withheld="yes"' in html
    assert "It is shown on another page of yours" in html
    assert "Nothing is shown, nothing counts." not in html.split("<template")[0]


@pytest.mark.any_database
def test_every_act_of_a_case_has_a_name_and_a_key_and_none_is_preselected() -> None:
    html = rendered(a_desk_page())
    for key in (
        "1",
        "2",
        "3",
        "/",
        "0",
        "n",
        "r",
        "x",
        "l",
        "f",
        "Enter",
        "s",
        "e",
        "h",
        "w",
        "t",
        "g",
        "c",
        "Escape",
    ):
        assert f'data-key="{key}"' in html
    assert "checked" not in html
    assert 'data-key="Shift+B"' in html


@pytest.mark.any_database
def test_the_page_says_nothing_of_what_is_not_built_yet() -> None:
    html = rendered(a_desk_page())
    for act in ("Second look", "Lens", "Suspected child abuse", "Danger to life"):
        assert act not in html


@pytest.mark.any_database
def test_a_page_without_scripts_ends_by_itself() -> None:
    html = rendered(a_desk_page(level="colour", refresh_seconds=10))
    assert '<meta http-equiv="refresh" content="10; url=/desk/">' in html
    assert html.index("<noscript>") < html.index('http-equiv="refresh"') < html.index("</noscript>")


@pytest.mark.any_database
def test_a_page_weighs_less_than_150_kilobytes_without_its_media() -> None:
    static, html = Path(__file__).parents[3] / "static", rendered(a_desk_page())
    files = {static / name for name in re.findall(r'"/static/([^"?]+\.(?:css|js))"', html)}
    assert {file.name for file in files} >= {"respite.css", "desk.css", "desk.js"}
    scripts = [file for file in files if file.suffix == ".js"]
    for script in scripts:  # grows by what each imports
        imported = {script.parent / name for name in re.findall(r'from "\./([^"]+)"', script.read_text())}
        scripts += sorted(imported - set(scripts))
    fonts = static.glob("vendor/*/atkinson*.woff2")
    whole = {*files, *scripts, *fonts, static / "img/respite.svg"}
    assert sum(file.stat().st_size for file in whole) + len(html.encode()) < 150_000
