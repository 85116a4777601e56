"""What the ledger keeps of the documents: the letters to a party."""

from django.utils.translation import gettext_lazy as _

from circulo.documents.models import Letter
from circulo.records.tracking import Tracked, track

track(
    Tracked(
        Letter,
        "letter",
        _("Letter"),
        root="party_id",
        root_kind="party",
        told=("subject",),
    ),
)
