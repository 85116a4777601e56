"""What can be set, called and recorded is described for people, in both languages."""

import re

import pytest
from django.core.management import get_commands

from circulo.config.command import HIDDEN
from circulo.config.env import CHECKOUT
from circulo.records.conditions import OPERATORS
from circulo.records.resources import resources
from circulo.timeline.kinds import Kind

LANGUAGES = ("en", "es")
_READ = re.compile(r"""["'](CIRCULO_[A-Z_]+|DATABASE_URL)["']""")
_LINK = re.compile(r"\]\(([^)#:]+)\)")
_FILE = re.compile(r"`((?!/)[\w.-]*(?:/[\w.-]+)+|[\w-]+\.(?:py|md|html|css|js|toml))`")
_HANDED = re.compile(r'autodiscover_modules\("(\w+)"\)')
ARCHITECTURE = CHECKOUT / "docs" / "architecture.md"


def pages(language: str) -> dict[str, str]:
    """The documents of a language by file name."""
    folder = CHECKOUT / "docs" / language
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}


def settings_read() -> set[str]:
    """Every environment variable that a start of Círculo reads."""
    sources = (CHECKOUT / "circulo" / "config").rglob("*.py")
    texts = (path.read_text(encoding="utf-8") for path in sources if "tests" not in path.parts)
    return {name for text in texts for name in _READ.findall(text)}


def commands() -> set[str]:
    """What can be called as bin/circulo."""
    apps = get_commands().items()
    return {name for name, app in apps if str(app).startswith("circulo.")} - HIDDEN


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_every_command_and_every_kind_is_described(language):
    text = "\n".join(pages(language).values())
    wanted = {f"`{name}`" for name in settings_read()}
    wanted |= {f"`bin/circulo {name}" for name in commands()}
    wanted |= {f"`{kind}`" for kind in Kind}
    assert {word for word in wanted if word not in text} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_resource_field_and_operator_is_described(language):
    text = "\n".join(pages(language).values())
    wanted = {f"`{name}`" for name in resources()}
    wanted |= {
        f"`{name}`" for kind in ("contacts", "companies") for name in resources()[kind].fields
    }
    wanted |= {f"`{op}`" for operators in OPERATORS.values() for op in operators}
    assert {word for word in wanted if word not in text} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_names_every_page_and_no_link_leads_nowhere(language):
    documents = pages(language)
    listed = set(_LINK.findall(documents["README.md"]))
    assert set(documents) - {"README.md"} == listed
    folder = CHECKOUT / "docs" / language
    links = {link for text in documents.values() for link in _LINK.findall(text)}
    assert {link for link in links if not (folder / link).exists()} == set()


def test_both_languages_have_as_many_pages():
    assert len(pages("en")) == len(pages("es"))


def test_every_file_and_folder_that_the_architecture_names_is_there():
    named = set(_FILE.findall(ARCHITECTURE.read_text(encoding="utf-8")))

    assert len(named) > 50
    assert {name for name in named if not is_there(name)} == set()
    assert not is_there("sales/nowhere.py") and not is_there("nowhere.py")


def test_the_architecture_names_every_file_in_which_apps_hand_something_down():
    sources = (CHECKOUT / "circulo").rglob("*.py")
    handed = {name for path in sources for name in _HANDED.findall(path.read_text("utf-8"))}

    text = ARCHITECTURE.read_text(encoding="utf-8")
    assert len(handed) > 10
    assert {name for name in handed if f"| `{name}.py` |" not in text} == set()


def is_there(name: str) -> bool:
    """A path from the checkout, from circulo or from an app; a module; a decision by its number."""
    if "/" not in name:
        return any(True for _found in (CHECKOUT / "circulo").rglob(name))
    roots = (CHECKOUT, CHECKOUT / "circulo")
    if any((root / end).exists() for root in roots for end in (name, f"{name}.py")):
        return True
    return any(CHECKOUT.glob(f"{name}-*.md")) or any((CHECKOUT / "circulo").glob(f"*/{name}"))
