"""What every process of the pages comes to need, made once before they are born.

A worker that makes it for itself keeps its first visitors waiting for a second, and memory that
all could share.
"""

import gc

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation

from circulo.config.env import CHECKOUT


def up() -> None:
    """Read the addresses, the texts and the templates of all pages, and set them apart to be
    shared.
    """
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            get_resolver().reverse_dict  # noqa: B018 (read, it is made)
    for folder in CHECKOUT.glob("circulo/*/templates"):
        for file in folder.rglob("*.html"):
            get_template(str(file.relative_to(folder)))
    gc.collect()
    gc.freeze()
