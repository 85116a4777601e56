"""The design system, and the few functions every view answers with.

    page(request, "parties/contact.html", party=party)
        a whole page. Its template extends "web/base.html", or "web/plain.html" without a user.

    swap(request, "parties/_phone.html", otherwise="parties:contact", party=party)
        a partial for htmx; for a plain form a redirect to `otherwise` (the name of a URL, a path,
        or the name of a full page's template), and where there is something to mend, a page. The
        status follows from the context: `refusal` (a RuleBroken) is 409, a `form` with errors 422.

    toast(request, _("Contact deleted."), undo=reverse("parties:restore", args=[party.opaque]))
        says what happened, after a swap or after a redirect; `undo` is a URL that takes a POST.

Components are template tags (circulo.web.templatetags.circulo, built in: no `{% load %}`) and
partials (templates/web/_noun.html, each saying what it needs). /gallery shows them in every state.
"""

from circulo.web.answers import Request, is_read, page, swap, toast

__all__ = ["Request", "is_read", "page", "swap", "toast"]
