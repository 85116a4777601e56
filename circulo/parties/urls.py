"""The addresses of this app; a party's own page is the desk's."""

from django.urls import path

from circulo.parties import views

app_name = "parties"
PERSON, ORGANISATION = {"kind": "person"}, {"kind": "organisation"}
urlpatterns = [
    path("contacts/new", views.new, PERSON, name="new_contact"),
    path("companies/new", views.new, ORGANISATION, name="new_company"),
    path("contacts/<slug:identifier>/edit", views.edit, PERSON, name="edit_contact"),
    path("companies/<slug:identifier>/edit", views.edit, ORGANISATION, name="edit_company"),
    path("following", views.following, name="following"),
    path("parties/<slug:identifier>/follow", views.follow, name="follow"),
    path("parties/<slug:identifier>/unfollow", views.unfollow, name="unfollow"),
    path("duplicates", views.queue, name="queue"),
    path("duplicates/search", views.search_duplicates, name="search_duplicates"),
    path("duplicates/<slug:identifier>/merge", views.merge_pair, name="merge_pair"),
    path("duplicates/<slug:identifier>/apart", views.keep_apart, name="keep_apart"),
    path("duplicates/<slug:identifier>/doubt", views.doubt_again, name="doubt_again"),
    path("settings/duplicates", views.merging, name="merging"),
    path("parties/duplicates", views.duplicates, name="duplicates"),
    path("parties/tax-id", views.tax_id, name="tax_id"),
    path("parties/phones", views.phone_numbers, name="phones"),
    path("parties/names", views.known_names, name="known_names"),
    path("parties/split-name", views.split_name, name="split_name"),
    path("parties/<slug:identifier>/bin", views.bin_party, name="bin"),
    path("parties/<slug:identifier>/restore", views.restore_party, name="restore"),
    path("contacts/<slug:identifier>/changes", views.changes, PERSON, name="contact_changes"),
    path(
        "companies/<slug:identifier>/changes", views.changes, ORGANISATION, name="company_changes"
    ),
    path("parties/<slug:identifier>/changes/<slug:line>/put-back", views.put_back, name="put_back"),
    path("parties/<slug:identifier>/readers", views.readers, name="readers"),
    path("parties/<slug:identifier>/relate", views.relate, name="relate"),
    path("relationships/<slug:identifier>/end", views.end_relationship, name="end_relationship"),
]
