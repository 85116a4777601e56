"""The addresses of this app."""

from django.urls import path

from circulo.documents.views import emails, files, house, letters, mailings, sheets, templates

app_name = "documents"
urlpatterns = [
    path("templates", templates.templates, name="templates"),
    path("templates/new", templates.new_template, name="new_template"),
    path("templates/preview", templates.preview, name="preview"),
    path("templates/<slug:identifier>", templates.template, name="template"),
    path(
        "templates/<slug:identifier>/restore/<int:number>",
        templates.restore_template,
        name="restore_template",
    ),
    path("emails/to/<slug:identifier>", emails.write_email, name="write_email"),
    path("letters/to/<slug:identifier>", letters.write_letter, name="write_letter"),
    path("letters/<slug:identifier>", letters.letter, name="letter"),
    path("letters/<slug:identifier>/post", letters.post_letter, name="post_letter"),
    path("mailings/<slug:identifier>", mailings.mailing, name="mailing"),
    path("mailings/<slug:identifier>/cancel", mailings.cancel_mailing, name="cancel_mailing"),
    path("mailings/<slug:identifier>/confirm", mailings.confirm_mailing, name="confirm_mailing"),
    path("mailings/<slug:identifier>/pdf", mailings.mailing_pdf, name="mailing_pdf"),
    path("documents/<slug:identifier>", files.documents, name="documents"),
    path("sheets/<slug:identifier>", sheets.sheet, name="sheet"),
    path("files/<slug:identifier>/about", files.file, name="file"),
    path("files/<slug:identifier>/picture", files.picture_of_page, name="picture"),
    path("files/<slug:identifier>/versions", files.add_version, name="add_version"),
    path("files/<slug:identifier>/versions/<int:number>", files.version, name="version"),
    path("files/<slug:identifier>/restore/<int:number>", files.restore_version,
         name="restore_version"),
    path("files/<slug:identifier>/rename", files.rename, name="rename"),
    path("settings/letterhead", house.change_letterhead, name="letterhead"),
    path("settings/letterhead/sample", house.letterhead_sample, name="letterhead_sample"),
]  # fmt: skip
