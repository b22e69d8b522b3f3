"""What the documents point at is there, and they name the commands that there are."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


ONE_SCREEN = 60
"""Lines that a reader sees at once."""


def spelled_out(path: str) -> list[str]:
    """Return the paths that ``a/{b,c}.py`` stands for."""
    head, _brace, rest = path.partition("{")
    names, _end, tail = rest.partition("}")
    return [f"{head}{name}{tail}" for name in names.split(",")] if rest else [path]


def links_of(document: Path) -> list[str]:
    """Return the links to files of the project."""
    found = re.findall(r"\]\(([^)#\s]+)", document.read_text())
    return [link for link in found if "://" not in link]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    assert [link for link in links_of(document) if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("page", ["architecture.md", "one-decision.md"])
def test_how_it_is_built_fits_on_one_screen(page: str) -> None:
    assert len((ROOT / "docs" / page).read_text().splitlines()) <= ONE_SCREEN


@pytest.mark.parametrize("page", ["architecture.md", "one-decision.md", "rules.md", "processes.md"])
def test_every_module_that_a_page_about_the_house_names_is_there(page: str) -> None:
    text = (ROOT / "docs" / page).read_text()
    named = [one for match in re.findall(r"`([a-z_]+/[\w./{},-]+)`", text) for one in spelled_out(match)]
    assert [one for one in named if not (ROOT / one).exists()] == []


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_that_is_named_exists(document: str) -> None:
    named = set(
        re.findall(
            r"(?:^|[`(|] ?)(?:[A-Z_]+=\S+ )*make ([a-z]+)", (ROOT / document).read_text(), re.MULTILINE
        )
    )
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert named
    assert named <= targets


def test_continuous_integration_runs_the_command_of_the_readme() -> None:
    command = "make test"
    assert f"REQUIRE_ALL=1 CI=true {command}" in (ROOT / ".ci" / "run").read_text()
    assert f"\n{command} " in (ROOT / "README.md").read_text()


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda path: path.stem
)
def test_every_decision_says_what_when_and_why_not_otherwise(page: Path) -> None:
    text = page.read_text()
    assert page.name.startswith(text.removeprefix("# ").partition(".")[0].zfill(4))
    for part in ("**Question.**", "**Choice.**", "**Why not the other.**", "**Look again when**"):
        assert part in text
