"""What the demo firm writes with: its paper, three templates in both languages, some letters."""

from __future__ import annotations

from circulo.accounts.models import User
from circulo.documents import actions
from circulo.documents.actions import Saying, Writing
from circulo.documents.drafting import merged
from circulo.documents.merging import recipients
from circulo.documents.models import Letterhead, Template
from circulo.parties.models import Party

ADDRESS = "Camino de la Ribera 14\n47400 Medina del Campo (Valladolid)"
CONTACT = "983 000 140\nhola@laespadana.example"
TAX_ID = "B47000146"
FOOTER = "Conservas y Vinos La Espadaña, S.L."

TEMPLATES = [
    Saying(
        "Bienvenida a un cliente nuevo",
        texts={
            "es": (
                "Bienvenida a {{ firm.name }}",
                """{{ contact.salutation }}:

Gracias por la confianza. Desde hoy soy la persona que atiende \
{% if contact.company.name %}a {{ contact.company.name }}{% else %}sus pedidos{% end %}: \
para cualquier duda basta con llamarme o con escribirme a {{ sender.email }}.

**Lo que conviene saber**

- Los pedidos hechos antes de las doce salen el mismo día.
- Se puede devolver lo que no haya abierto durante treinta días.

Un cordial saludo,

{{ sender.name }}""",
            ),
            "en": (
                "Welcome to {{ firm.name }}",
                """{{ contact.salutation }},

Thank you for your trust. From today I look after \
{% if contact.company.name %}{{ contact.company.name }}{% else %}your orders{% end %}: \
call me or write to {{ sender.email }} whenever you need anything.

**Good to know**

- Orders placed before noon leave on the same day.
- What you have not opened can be returned within thirty days.

Yours sincerely,

{{ sender.name }}""",
            ),
        },
    ),
    Saying(
        "Invitación a la cata de otoño",
        texts={
            "es": (
                "Cata de otoño",
                """{{ contact.salutation }}:

Hemos abierto la nueva cosecha y queremos probarla en buena compañía. \
La cata es en la bodega, a las siete de la tarde; basta con confirmar por teléfono.

Un saludo,

{{ sender.name }}
{{ firm.name }}""",
            ),
            "en": (
                "Autumn tasting",
                """{{ contact.salutation }},

We would like you to come and taste the new vintage with us. \
The tasting is at the cellar at seven; a short call is enough to confirm.

Kind regards,

{{ sender.name }}
{{ firm.name }}""",
            ),
        },
    ),
    Saying(
        "Respuesta a una consulta",
        kind=Template.Kind.EMAIL,
        texts={
            "es": (
                "Su consulta",
                """{{ contact.salutation }}:

Gracias por escribirnos el {{ today | date "long" }}. Esto es lo que podemos ofrecerle:

Un saludo,

{{ sender.name }}""",
            ),
            "en": (
                "Your question",
                """{{ contact.salutation }},

Thank you for writing on {{ today | date "long" }}. This is what we can offer:

Kind regards,

{{ sender.name }}""",
            ),
        },
    ),
]


def write(*, by: User) -> None:
    """Put the firm's paper, its templates and its first letters where they belong."""
    if not Letterhead.objects.exists():
        said = {"address": ADDRESS, "contact": CONTACT, "tax_id": TAX_ID, "footer": FOOTER}
        actions.change_letterhead(said, by=by)
    templates = [actions.add_template(one, by=by, is_demo=True) for one in TEMPLATES]
    people = Party.objects.filter(is_demo=True, kind="person", lifecycle="customer")
    chosen = people.exclude(addresses=None).exclude(owner=None).select_related("owner")
    for number, party in enumerate(chosen.order_by("sort_key", "pk")[:3]):
        _write(party, templates[number % 2], is_posted=number < 2)


def forget() -> None:
    """Take the demo's templates and its paper away; what people wrote themselves stays."""
    Template.objects.filter(is_demo=True).delete()
    Letterhead.objects.filter(address=ADDRESS, footer=FOOTER).delete()


def _write(party: Party, template: Template, *, is_posted: bool) -> None:
    by = User.objects.select_related("role", "team").get(parties=party)
    spoken = [text.language for text in template.texts.all()]
    for to in recipients(by, [party.pk], spoken):
        draft = merged(template, to, by)
        said = Writing(draft.body, draft.subject, to.language, template.layout, template)
        actions.write_letter(party, said, by=by, is_posted=is_posted)
