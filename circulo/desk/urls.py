"""The addresses of this app."""

from django.urls import URLPattern, path

from circulo.desk.views import (
    bin,
    bulk,
    cells,
    demo,
    imports,
    lists,
    party,
    saved,
    search,
    territories,
    today,
)

app_name = "desk"


def _list(name: str) -> list[URLPattern]:
    """The addresses that every list has."""
    about = {"name": name}
    return [
        path(name, lists.show_list, about, name=name),
        path(f"{name}/filter", lists.filter_list, about, name=f"filter_{name}"),
        path(f"{name}/condition", lists.condition, about, name=f"condition_{name}"),
        path(f"{name}/count", lists.count_list, about, name=f"count_{name}"),
        path(f"{name}/widths", lists.set_widths, about, name=f"widths_{name}"),
        path(f"{name}/bulk/<slug:act>", bulk.bulk, about, name=f"bulk_{name}"),
        path(f"{name}/views/save", saved.save_view, about, name=f"save_view_{name}"),
        path(f"{name}/views/begin", saved.begin_with, about, name=f"begin_with_{name}"),
        path(f"{name}/views/<slug:view>", saved.open_view, about, name=f"view_{name}"),
        path(f"{name}/views/<slug:view>/delete", saved.delete_view, about, name=f"forget_{name}"),
        path(f"{name}/<slug:id>/card", saved.move_card, about, name=f"card_{name}"),
        path(f"{name}/export", bulk.export, about, name=f"export_{name}"),
        path(f"{name}/<slug:id>/peek", cells.peek, about, name=f"peek_{name}"),
        path(f"{name}/<slug:id>/cell/<str:column>", cells.cell, about, name=f"cell_{name}"),
    ]


urlpatterns = [
    path("", today.today, name="today"),
    path("today/put-away/<slug:name>", today.put_away, name="put_away"),
    path("today/bring-back/<slug:name>", today.bring_back, name="bring_back"),
    path("bin", bin.show_bin, name="bin"),
    path("bin/restore", bin.restore, name="restore"),
    path("search", search.search, name="search"),
    *_list("contacts"),
    *_list("companies"),
    *_list("leads"),
    *_list("deals"),
    *_list("quotes"),
    *_list("products"),
    *_list("interactions"),
    *_list("tasks"),
    *_list("appointments"),
    path("imports", imports.imports, name="import"),
    path("imports/<slug:identifier>", imports.show_import, name="show_import"),
    path("imports/<slug:identifier>/map", imports.map_import, name="map_import"),
    path("imports/<slug:identifier>/check", imports.check_import, name="check_import"),
    path("imports/<slug:identifier>/run", imports.run_import, name="run_import"),
    path("imports/<slug:identifier>/cancel", imports.cancel_import, name="cancel_import"),
    path("imports/<slug:identifier>/discard", imports.discard_import, name="discard_import"),
    path("imports/<slug:identifier>/errors", imports.import_errors, name="import_errors"),
    path("settings/territories", territories.territories, name="territories"),
    path("settings/territories/<slug:key>", territories.territory, name="territory"),
    path(
        "settings/territories/<slug:key>/preview",
        territories.preview_territory,
        name="preview_territory",
    ),
    path(
        "settings/territories/<slug:key>/change",
        territories.change_territory,
        name="change_territory",
    ),
    path("settings/demo", demo.demo, name="demo"),
    path("contacts/<slug:identifier>", party.contact, name="contact"),
    path("companies/<slug:identifier>", party.company, name="company"),
]
