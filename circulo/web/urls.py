"""The addresses of this app."""

from django.urls import path

from circulo.web import views

app_name = "web"
urlpatterns = [
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("push-worker.js", views.push_worker, name="push_worker"),
    path("gallery", views.gallery, name="gallery"),
    path("gallery/cell/<slug:row>/<slug:column>", views.gallery_cell, name="gallery_cell"),
    path("gallery/peek/<slug:row>", views.gallery_peek, name="gallery_peek"),
    path("gallery/toast", views.gallery_toast, name="gallery_toast"),
]
