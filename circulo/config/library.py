"""What the library that reads the words of a call (argparse) says to people, in our words."""

import contextlib
import gettext
import os
from collections.abc import Iterator
from gettext import gettext as _

from circulo.config.words import FOLDER, language

SAID = (
    _("usage: "),
    _("positional arguments"),
    _("options"),
    _("show this help message and exit"),
    _("argument %(argument_name)s: %(message)s"),
    _("the following arguments are required: %s"),
    _("unrecognized arguments: %s"),
    _("expected one argument"),
    _("expected at most one argument"),
    _("expected at least one argument"),
    _("invalid choice: %(value)r (choose from %(choices)s)"),
    _("invalid %(type)s value: %(value)r"),
    _("ambiguous option: %(option)s could match %(matches)s"),
    _("ignored explicit argument %r"),
)


@contextlib.contextmanager
def library_speaks() -> Iterator[None]:
    """What the library says of a call (`SAID`) is looked up among the words of the house."""
    before, domain = os.environ.get("LANGUAGE"), gettext.textdomain()
    os.environ["LANGUAGE"] = language()
    gettext.bindtextdomain("django", FOLDER)
    gettext.textdomain("django")
    try:
        yield
    finally:
        gettext.textdomain(domain)
        os.environ.pop("LANGUAGE")
        if before is not None:
            os.environ["LANGUAGE"] = before
