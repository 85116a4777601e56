"""Every address of the product. Each app keeps its own; this page only joins them."""

from django.urls import include, path

from circulo.web.health import healthz
from circulo.web.live import stream

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("live", stream, name="live"),
    path("", include("circulo.accounts.urls")),
    path("", include("circulo.web.urls")),
    path("", include("circulo.records.urls")),
    path("", include("circulo.parties.urls")),
    # The lists of the desk have addresses below those of their records.
    path("", include("circulo.desk.urls")),
    path("", include("circulo.timeline.urls")),
    path("", include("circulo.agenda.urls")),
    path("", include("circulo.documents.urls")),
    path("", include("circulo.needs.urls")),
    path("", include("circulo.channels.email.urls")),
    path("", include("circulo.catalog.urls")),
    path("", include("circulo.sales.urls")),
    path("", include("circulo.quotes.urls")),
    path("", include("circulo.forecasts.urls")),
    path("", include("circulo.leads.urls")),
    path("", include("circulo.portal.urls")),
    path("api/", include("circulo.api.urls")),
]
handler400 = "circulo.web.middleware.bad_or_away"
handler403 = "circulo.web.errors.forbidden"
handler404 = "circulo.web.errors.not_found"
handler500 = "circulo.web.middleware.broken_or_away"
