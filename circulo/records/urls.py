"""The addresses of this app."""

from django.urls import path

from circulo.records.views import changes, exports, files, names, own_fields

app_name = "records"
_FIELD = "settings/fields/<slug:name>/<slug:field>"
urlpatterns = [
    path("names", names.names, name="names"),
    path("files/<slug:identifier>", files.download, name="download"),
    path("files/<slug:identifier>/delete", files.delete, name="delete"),
    path("files/<slug:kind>/<slug:identifier>/add", files.add, name="add"),
    path("changes", changes.changes, name="changes"),
    path("changes/last", changes.last, name="last_change"),
    path("changes/<slug:identifier>", changes.change_set, name="change_set"),
    path("changes/<slug:identifier>/undo", changes.undo, name="undo"),
    path("changes/<slug:identifier>/cancel", changes.cancel, name="cancel_changes"),
    path("exports", exports.exports, name="exports"),
    path("exports/<slug:identifier>/content", exports.fetch, name="fetch_export"),
    path("exports/<slug:identifier>/delete", exports.drop, name="drop_export"),
    path("settings/fields", own_fields.fields, name="fields"),
    path("settings/fields/<slug:name>", own_fields.fields, name="fields_of"),
    path("settings/fields/<slug:name>/order", own_fields.order, name="order_fields"),
    path("settings/fields/<slug:name>/example", own_fields.example, name="example_of_field"),
    path("settings/fields/<slug:name>/new", own_fields.new, name="new_field"),
    path(_FIELD, own_fields.edit, name="field"),
    path(f"{_FIELD}/move", own_fields.move, name="move_field"),
    path(f"{_FIELD}/retire", own_fields.retire, name="retire_field"),
    path(f"{_FIELD}/remove", own_fields.remove, name="remove_field"),
    path(f"{_FIELD}/convert", own_fields.convert, name="convert_field"),
]
