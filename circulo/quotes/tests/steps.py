"""What is done to quotes in many tests, by who has them."""

from circulo.quotes import actions, drafts


def changed(quote, **said):
    """A quote with other values."""
    draft = drafts.read(said, by=quote.owner, quote=quote)
    return actions.change_quote(quote, draft, by=quote.owner)


def sent(quote):
    """A quote that was sent by its link."""
    return actions.send_quote(quote, by=quote.owner)[0]
