"""The addresses of this app."""

from django.urls import path

from circulo.records.views import changes, files

app_name = "records"
urlpatterns = [
    path("files/<slug:identifier>", files.download, name="download"),
    path("files/<slug:identifier>/delete", files.delete, name="delete"),
    path("files/<slug:kind>/<slug:identifier>/add", files.add, name="add"),
    path("changes", changes.changes, name="changes"),
    path("changes/<slug:identifier>", changes.change_set, name="change_set"),
    path("changes/<slug:identifier>/undo", changes.undo, name="undo"),
    path("changes/<slug:identifier>/cancel", changes.cancel, name="cancel_changes"),
]
