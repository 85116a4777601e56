"""The words of the scripts, which speak to the terminal before there is a Django: Spanish, or
English.
"""

import gettext as _gettext
import os

from circulo.config.env import CHECKOUT

FOLDER = str(CHECKOUT / "circulo" / "locale")


def language() -> str:
    """What the terminal asks for; Spanish is the product's own."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "en" if os.environ[name].startswith("en") else "es"
    return "es"


def gettext(text: str) -> str:
    """The text in the language of the terminal."""
    return _gettext.translation("django", FOLDER, [language()], fallback=True).gettext(text)
