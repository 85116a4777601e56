"""The addresses of this app; the list of quotes is the desk's."""

from django.urls import path

from circulo.quotes.views import acts, mails, quotes, settings

app_name = "quotes"
_QUOTE = "quotes/<slug:identifier>"
urlpatterns = [
    path("quotes/new", quotes.new, name="new"),
    path("deals/<slug:identifier>/quote", quotes.of_deal, name="of_deal"),
    path(_QUOTE, quotes.show, name="quote"),
    path(f"{_QUOTE}/edit", quotes.edit, name="edit"),
    path(f"{_QUOTE}/lines", quotes.lines, name="lines"),
    path(f"{_QUOTE}/changes", quotes.changes, name="changes"),
    path(f"{_QUOTE}/changes/<slug:line>/put-back", quotes.put_back, name="put_back"),
    path(f"{_QUOTE}/pdf", quotes.pdf, name="pdf"),
    path(f"{_QUOTE}/submit", acts.submit, name="submit"),
    path(f"{_QUOTE}/redraft", acts.redraft, name="redraft"),
    path(f"{_QUOTE}/decide", acts.decide, name="decide"),
    path(f"{_QUOTE}/send", acts.send, name="send"),
    path(f"{_QUOTE}/mail", mails.mail, name="mail"),
    path(f"{_QUOTE}/link", acts.link, name="link"),
    path(f"{_QUOTE}/unlink", acts.unlink, name="unlink"),
    path(f"{_QUOTE}/revise", acts.revise, name="revise"),
    path(f"{_QUOTE}/reply", acts.reply, name="reply"),
    path(f"{_QUOTE}/accept", acts.accept, name="accept"),
    path(f"{_QUOTE}/refuse", acts.refuse, name="refuse"),
    path(f"{_QUOTE}/withdraw", acts.withdraw, name="withdraw"),
    path("settings/quotes", settings.quotes, name="settings"),
    path("settings/quotes/rules/new", settings.new_rule, name="new_rule"),
    path("settings/quotes/rules/<slug:key>", settings.rule, name="rule"),
    path("settings/quotes/rules/<slug:key>/remove", settings.remove_rule, name="remove_rule"),
]
