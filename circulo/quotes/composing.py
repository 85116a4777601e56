"""The e-mail that goes with a quote before it is sent: whom it could go to, and what it says.

Its text is that of the paper of quotes, in the merge language of letters and the language of the
customer. `{{ link }}` stays in it: the address of the page on line is put in when the mail leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from circulo.accounts.selectors import firm
from circulo.channels.email.actions import Letter, Reader, read_readers
from circulo.channels.email.message import LINK
from circulo.channels.email.selectors import sees_addresses
from circulo.documents.merging import known_fields, recipients
from circulo.lib import emails
from circulo.lib import format as fmt
from circulo.lib.merge import Group, Leaf, MergeFault, as_is, check, fill, parse
from circulo.parties.models import Party, Point
from circulo.quotes.drawing import money_of
from circulo.quotes.models import Quote
from circulo.quotes.selectors.paper import paper
from circulo.quotes.speaking import speaking
from circulo.sales.models import DealPerson

if TYPE_CHECKING:
    from circulo.accounts.models import User

MOST_PEOPLE = 40
_QUOTE = ("number", "title", "total", "valid_until")


@dataclass(frozen=True)
class Known:
    """Somebody at the customer, and an address of theirs."""

    address: str
    name: str

    @property
    def label(self) -> str:
        return f"{self.name} · {emails.shown(self.address)}"


@dataclass(frozen=True)
class Begun:
    """An e-mail as it is proposed."""

    to: list[str]
    subject: str
    text: str


def known_readers(user: User, quote: Quote) -> list[Known]:
    """Whom a quote could go to, as far as a person sees them and their addresses: first whom it is
    for the attention of, then the party, who has a part in the deal, who works there.
    """
    if not sees_addresses(user):
        return []
    keys = _people_of(user, quote)
    points = Point.objects.filter(party__in=keys, kind=Point.Kind.EMAIL).select_related("party")
    found: dict[str, Known] = {}
    for key in keys:
        mine = [one for one in points if one.party_id == key]
        for one in sorted(mine, key=lambda point: (not point.is_primary, point.position, point.pk)):
            found.setdefault(one.value, Known(one.value, one.party.name))
    return list(found.values())


def begin_letter(user: User, quote: Quote, known: Sequence[Known]) -> Begun:
    """The e-mail that a quote would go with: to whom it is first meant for, in their language."""
    subject, text = texts_of(paper().texts, quote.language)
    with speaking(quote.language):
        usual_subject, usual_text = usual_texts()
        return Begun(
            [known[0].address] if known else [],
            _filled(subject or usual_subject, usual_subject, user, quote),
            _filled(text or usual_text, usual_text, user, quote),
        )


def letter_of(
    user: User, quote: Quote, said: Mapping[str, Any], *, known: Sequence[Known] | None = None
) -> Letter:
    """The letter that was asked for; what was not said is as it is proposed."""
    known = known_readers(user, quote) if known is None else known
    begun = begin_letter(user, quote, known)
    to = begun.to if said.get("to") is None else said["to"]
    readers = read_readers(to, said.get("cc") or ())
    subject, text = said.get("subject"), said.get("text")
    return Letter(
        _named(readers, known),
        begun.subject if subject is None else subject,
        begun.text if text is None else text,
        quote.language,
        quote.owner,
    )


def texts_of(texts: Mapping[str, Any], language: str) -> tuple[str, str]:
    """The subject and the text that the firm has stated for a language; empty where it has none."""
    said = texts.get(language, {})
    return said.get("subject", ""), said.get("message", "")


def usual_texts() -> tuple[str, str]:
    """The subject and the text of the house, in the language that is spoken now."""
    subject = _("Quote {{ quote.number }}: {{ quote.title }}")
    text = _(
        "{% if contact.salutation %}{{ contact.salutation }},\n\n{% end %}"
        "Please find attached our quote {{ quote.number }}, {{ quote.title }}: {{ quote.total }},"
        " valid until {{ quote.valid_until }}.\n\n"
        "You can see it, ask and accept it on line:\n{{ link }}\n\n"
        "Kind regards,\n{{ sender.name }}\n{{ firm.name }}"
    )
    return subject, text


def fault_in(user: User, text: str) -> str:
    """What is wrong with a text of the paper; empty where nothing is."""
    try:
        check(parse(text), _known(user))
    except MergeFault as fault:
        return str(fault)
    return ""


def _named(readers: Iterable[Reader], known: Sequence[Known]) -> list[Reader]:
    names = {one.address: one.name for one in known}
    return [replace(one, name=names.get(one.address, "")) for one in readers]


def _people_of(user: User, quote: Quote) -> list[int]:
    """The keys of those at the customer that a person sees, in the order of who comes first."""
    first = [key for key in (quote.contact_id, quote.party_id) if key]
    parts = DealPerson.objects.filter(deal=quote.deal_id or 0).order_by("part", "pk")
    staff = Party.objects.visible_to(user).filter(company=quote.party_id or 0, binned_at=None)
    wanted = [
        *first,
        *parts.values_list("party", flat=True)[:MOST_PEOPLE],
        *staff.order_by("sort_key", "pk").values_list("pk", flat=True)[:MOST_PEOPLE],
    ]
    seen = Party.objects.visible_to(user).filter(pk__in=wanted, binned_at=None)
    there = set(seen.values_list("pk", flat=True))
    return [key for key in dict.fromkeys(wanted) if key in there]


def _known(user: User) -> Group:
    fields = known_fields(user).fields
    labels = (_("Number"), pgettext("quote", "Title"), _("Total"), _("Valid until"))
    quote = {name: Leaf(label) for name, label in zip(_QUOTE, labels, strict=True)}
    return Group({**fields, "quote": Group(quote, _("Quote")), "link": Leaf(_("Page on line"))})


def _filled(text: str, usual: str, user: User, quote: Quote) -> str:
    """A text with the words of a quote; the usual one where this person's role does not see all
    that the other asks for.
    """
    try:
        tree = parse(text)
        check(tree, _known(user))
    except MergeFault:
        tree = parse(usual)
    reader = quote.contact_id or quote.party_id
    found = recipients(user, [reader], [], language=quote.language) if reader else []
    world = {
        **(found[0].world if found else {"contact": {}}),
        "sender": {"name": quote.owner.name, "email": quote.owner.email},
        "firm": {"name": firm().name},
        "today": fmt.current().today(),
        "quote": {
            "number": quote.called, "title": quote.title, "total": money_of(quote),
            "valid_until": fmt.day(quote.valid_until, "medium"),
        },
        "link": LINK,
    }  # fmt: skip
    return fill(tree, world, fmt.current(), as_is).text.strip()
