"""The addresses of this app: public, so nothing here asks who somebody is."""

from django.urls import path

from circulo.portal import views

app_name = "portal"
urlpatterns = [path("b/<slug:token>", views.booking, name="booking")]
