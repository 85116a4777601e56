"""The addresses of this app."""

from django.urls import path

from circulo.forecasts.views import accuracy, activity, figures, forecast, leads, quotas

app_name = "forecasts"
urlpatterns = [
    path("forecast", forecast.forecast, name="forecast"),
    path("forecast/adjust", forecast.adjust, name="adjust"),
    path("forecast/adjustments/<slug:identifier>/withdraw", forecast.withdraw, name="withdraw"),
    path("forecast/export", forecast.export, name="export"),
    path("forecast/quotas", quotas.quotas, name="quotas"),
    path("forecast/quotas/copy", quotas.copy, name="copy_quotas"),
    path("forecast/accuracy", accuracy.accuracy, name="accuracy"),
    path("sales", figures.sales, name="sales"),
    path("sales/leads", leads.leads, name="leads"),
    path("sales/activity", activity.activity, name="activity"),
]
