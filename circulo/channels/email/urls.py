"""The addresses of this app."""

from django.urls import path

from circulo.channels.email import views

app_name = "email"
urlpatterns = [
    path("mails/<slug:identifier>/again", views.again, name="again"),
    path("mails/<slug:identifier>/arrived", views.arrived, name="arrived"),
]
