"""The addresses of this app."""

from django.urls import path

from circulo.timeline import views

app_name = "timeline"
urlpatterns = [
    path("timeline/<str:identifier>", views.timeline, name="timeline"),
    path("timeline/<str:identifier>/log", views.log, name="log"),
    path("interactions/<str:identifier>", views.interaction, name="interaction"),
]
