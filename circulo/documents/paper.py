"""What a sheet is printed with: the firm's letterhead, the paper of the region, the words on it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import Firm, User
from circulo.accounts.selectors import firm as the_firm
from circulo.documents.merging import Recipient
from circulo.documents.models import Letterhead, Template
from circulo.documents.press import Files
from circulo.lib import format as fmt
from circulo.lib import marked, taxids

# Where the paper in the shops is Letter, not A4.
_LETTER = frozenset(
    ("US", "CA", "MX", "CO", "VE", "CL", "CR", "GT", "SV", "HN", "NI", "PA", "DO", "PR")
)
_LOGOS = {"image/png": "logo.png", "image/jpeg": "logo.jpg"}


def letterhead() -> Letterhead:
    """The letterhead, empty until somebody states it."""
    return Letterhead.objects.filter(pk=1).first() or Letterhead(pk=1)


def paper_of(firm: Firm, head: Letterhead) -> str:
    """A4 or Letter: what was chosen, else what the firm's country uses."""
    return head.paper or ("us-letter" if firm.country in _LETTER else "a4")


def frame(title: str, language: str) -> tuple[dict[str, Any], Files]:
    """What every sheet is given, and the files that belong to it."""
    firm, head = the_firm(), letterhead()
    address = [line.strip() for line in head.address.splitlines() if line.strip()]
    contact = [line.strip() for line in head.contact.splitlines() if line.strip()]
    logo = _LOGOS.get(head.logo_type) if head.logo else None
    data = {
        "title": title or firm.name or "Círculo",
        "lang": language,
        "region": firm.country,
        "paper": paper_of(firm, head),
        "window": head.window,
        "logo": logo,
        "firm": {
            "name": firm.name or "Círculo",
            "lines": [*address, *contact],
            "sender": " · ".join(filter(None, (firm.name, *address))) if address else "",
            "footer": head.footer,
        },
        "words": {"page": _("Page {here} of {all}"), "history": _("History")},
    }
    return data, {logo: bytes(head.logo)} if logo and head.logo else {}


def tax_id_of_the_firm() -> list[str]:
    """The tax id of the firm as a line; none where nobody said it."""
    said = letterhead().tax_id
    return [tax_id_in_words(the_firm().country, said)] if said else []


def tax_id_in_words(country: str, value: str) -> str:
    """A tax id with its name, as documents of its country say it."""
    found = taxids.check(country, value)
    return f"{found.kind or taxids.kind_of(country)} {found.shown}"


def letter_of(to: Recipient, subject: str, body: str) -> dict[str, Any]:
    """One letter as the sheet of letters takes it."""
    return {
        "window": to.window,
        "date": to.locale.day(to.world["today"], "long"),
        "subject": subject,
        "blocks": marked.blocks(body),
    }


def letters(
    sheets: list[dict[str, Any]], title: str, language: str, layout: str
) -> tuple[dict[str, Any], Files]:
    """Letters as the press prints them."""
    data, files = frame(title, language)
    if layout == Template.Layout.PLAIN:
        sheets = [one | {"window": []} for one in sheets]
    return data | {"layout": layout, "letters": sheets}, files


def note() -> str:
    """What stands below a printed list or record: which firm's, and from when."""
    now = fmt.current()
    firm = the_firm().name
    return " · ".join(filter(None, (firm, now.day(now.today(), "long"))))


def sample(user: User) -> tuple[dict[str, Any], Files]:
    """A letter to nobody, to see the firm's paper by."""
    now = fmt.current()
    letter = {
        "window": [_("Ana García López"), _("1 Example Street"), _("28001 Madrid")],
        "date": now.day(now.today(), "long"),
        "subject": _("How our letters look"),
        "blocks": marked.blocks(_("Dear Ana García,\n\nThis is how a letter of ours looks."
                                  "\n\nYours sincerely,\n\n%s") % user.name),
    }  # fmt: skip
    return letters([letter], _("How our letters look"), user.language[:2], Template.Layout.LETTER)
