"""The addresses of this app: only the pages; calls are answered before they come this far."""

from django.urls import path

from circulo.api import views

app_name = "api"
urlpatterns = [
    path("v1/docs", views.docs, name="docs"),
    path("v1/openapi.json", views.openapi, name="openapi"),
]
