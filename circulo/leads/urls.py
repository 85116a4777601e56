"""The addresses of this app; the list of leads is the desk's, a form's page the portal's."""

from django.urls import path

from circulo.leads.views import acts, leads, settings

app_name = "leads"
_LEAD = "leads/<slug:identifier>"
urlpatterns = [
    path("leads/new", leads.new, name="new"),
    path(_LEAD, leads.show, name="lead"),
    path(f"{_LEAD}/edit", leads.edit, name="edit"),
    path(f"{_LEAD}/changes", leads.changes, name="changes"),
    path(f"{_LEAD}/changes/<slug:line>/put-back", leads.put_back, name="put_back"),
    path(f"{_LEAD}/convert", acts.convert, name="convert"),
    path(f"{_LEAD}/discard", acts.discard, name="discard"),
    path(f"{_LEAD}/reopen", acts.reopen, name="reopen"),
    path(f"{_LEAD}/accept", acts.accept, name="accept"),
    path(f"{_LEAD}/take", acts.take, name="take"),
    path(f"{_LEAD}/answer", acts.answer, name="answer"),
    path(f"{_LEAD}/plan", acts.plan, name="plan"),
    path(f"{_LEAD}/recognise", acts.recognise, name="recognise"),
    path(f"{_LEAD}/bin", acts.bin_lead, name="bin"),
    path(f"{_LEAD}/restore", acts.restore_lead, name="restore"),
    path("settings/leads", settings.receiving, name="receiving"),
    path("settings/leads/reasons", settings.reasons, name="reasons"),
    path("settings/leads/reasons/<slug:key>", settings.reason, name="reason"),
    path("settings/leads/scores", settings.new_score, name="new_score"),
    path("settings/leads/scores/<slug:key>", settings.score, name="score"),
    path("settings/leads/scores/<slug:key>/remove", settings.remove_score, name="remove_score"),
    path("settings/leads/routes", settings.new_route, name="new_route"),
    path("settings/leads/routes/<slug:key>", settings.route, name="route"),
    path("settings/leads/routes/<slug:key>/order", settings.order_route, name="order_route"),
    path("settings/leads/routes/<slug:key>/remove", settings.remove_route, name="remove_route"),
    path("settings/forms", settings.forms, name="forms"),
    path("settings/forms/new", settings.new_form, name="new_form"),
    path("settings/forms/<slug:key>", settings.form, name="form"),
]
