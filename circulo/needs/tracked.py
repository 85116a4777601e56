"""What the ledger keeps of needs: what was said of a party, and the interviews held with it."""

from django.utils.translation import gettext_lazy as _

from circulo.needs.models import Asking, Preference, Sitting
from circulo.records.tracking import Tracked, track

track(
    Tracked(
        Preference,
        "preference",
        _("Preference"),
        root="party_id",
        root_kind="party",
        told=("wording",),
        is_in_history=False,
    ),
    Tracked(
        Sitting,
        "sitting",
        _("Interview"),
        root="party_id",
        root_kind="party",
        is_in_history=False,
    ),
    Tracked(
        Asking,
        "asking",
        _("Question"),
        root="party_id",
        root_kind="party",
        is_in_history=False,
    ),
)
