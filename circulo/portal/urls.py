"""The addresses of this app: public, so nothing here asks who somebody is."""

from django.urls import path

from circulo.portal import quotes, views

app_name = "portal"
urlpatterns = [
    path("b/<slug:token>", views.booking, name="booking"),
    path("q/<slug:token>", quotes.quote, name="quote"),
    path("q/<slug:token>/pdf", quotes.document, name="quote_document"),
]
