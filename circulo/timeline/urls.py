"""The addresses of this app."""

from django.urls import path

from circulo.timeline import views

app_name = "timeline"
urlpatterns = [
    path("timeline/<slug:identifier>", views.timeline, name="timeline"),
    path("timeline/<slug:identifier>/log", views.log, name="log"),
    path("interactions/<slug:identifier>", views.interaction, name="interaction"),
]
