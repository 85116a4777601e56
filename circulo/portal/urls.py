"""The addresses of this app: public, so nothing here asks who somebody is."""

from django.urls import path

from circulo.portal.views import booked, booking, papers, quotes, web_forms

app_name = "portal"
urlpatterns = [
    path("b/<slug:token>", booking.booking, name="booking"),
    path("b/<slug:token>/booked/<str:sealed>", booked.booked, name="booked"),
    path("b/<slug:token>/booked/<str:sealed>/move", booked.move, name="booked_move"),
    path("b/<slug:token>/booked/<str:sealed>/ics", booked.calendar, name="booked_calendar"),
    path("b/<slug:token>/colour.css", papers.colour, {"kind": "booking"}, name="booking_colour"),
    path("b/<slug:token>/logo", papers.logo, {"kind": "booking"}, name="booking_logo"),
    path("f/<slug:token>", web_forms.web_form, name="web_form"),
    path("q/<slug:token>", quotes.quote, name="quote"),
    path("q/<slug:token>/colour.css", papers.colour, {"kind": "quote"}, name="quote_colour"),
    path("q/<slug:token>/logo", papers.logo, {"kind": "quote"}, name="quote_logo"),
    path("q/<slug:token>/pdf", quotes.document, name="quote_document"),
]
