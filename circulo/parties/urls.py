"""The addresses of this app; a party's own page is the desk's."""

from django.urls import path

from circulo.parties import views

app_name = "parties"
urlpatterns = [
    path("parties/<str:identifier>/bin", views.bin_party, name="bin"),
    path("parties/<str:identifier>/restore", views.restore_party, name="restore"),
    path("parties/<str:identifier>/readers", views.readers, name="readers"),
    path("parties/<str:identifier>/relate", views.relate, name="relate"),
    path("relationships/<str:identifier>/end", views.end_relationship, name="end_relationship"),
]
