"""What the demo firm holds."""

from django.db.models import Q

from circulo.accounts.models import User
from circulo.agenda.models import Entry
from circulo.catalog.models import Product
from circulo.leads.models import Lead
from circulo.parties.models import Party, PartyKind
from circulo.records.models import Attachment
from circulo.sales.models import Deal
from circulo.timeline.models import Interaction


def is_there() -> bool:
    """Whether the demo firm's people are among us."""
    return User.objects.filter(is_demo=True).exists()


def counts() -> dict[str, int]:
    """How many users, contacts, companies, interactions and plans would go with it."""
    parties = Party.objects.filter(is_demo=True)
    return {
        "users": User.objects.filter(is_demo=True).count(),
        "contacts": parties.filter(kind=PartyKind.PERSON).count(),
        "companies": parties.filter(kind=PartyKind.ORGANISATION).count(),
        "interactions": Interaction.objects.filter(party__in=parties).count(),
        "products": Product.objects.filter(is_demo=True).count(),
        "leads": Lead.objects.filter(is_demo=True).count(),
        "deals": Deal.objects.filter(is_demo=True).count(),
        "tasks": Entry.objects.filter(owner__is_demo=True).count(),
    }


def files() -> list[Attachment]:
    """The files of its records."""
    parties = Party.objects.filter(is_demo=True).values("pk")
    interactions = Interaction.objects.filter(party__is_demo=True).values("pk")
    return list(
        Attachment.objects.filter(
            Q(record_kind="party", record_id__in=parties)
            | Q(record_kind="interaction", record_id__in=interactions)
        )
    )
