"""The addresses of this app."""

from django.urls import path

from circulo.records import views

app_name = "records"
urlpatterns = [
    path("files/<str:identifier>", views.download, name="download"),
    path("files/<str:identifier>/delete", views.delete, name="delete"),
    path("files/<slug:kind>/<str:identifier>/add", views.add, name="add"),
]
