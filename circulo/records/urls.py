"""The addresses of this app."""

from django.urls import path

from circulo.records import views

app_name = "records"
urlpatterns = [
    path("files/<slug:identifier>", views.download, name="download"),
    path("files/<slug:identifier>/delete", views.delete, name="delete"),
    path("files/<slug:kind>/<slug:identifier>/add", views.add, name="add"),
]
