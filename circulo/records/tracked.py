"""What the ledger keeps of what every record has: its files."""

from django.utils.translation import gettext_lazy as _

from circulo.records.models import Attachment, AttachmentVersion
from circulo.records.tracking import Tracked, track

track(
    Tracked(
        Attachment,
        "file",
        _("File"),
        root="record_id",
        root_kind="{record_kind}",
        told=("name",),
    ),
    Tracked(
        AttachmentVersion,
        "file_version",
        _("Version of a file"),
        root="record_id",
        root_kind="{record_kind}",
        told=("name",),
    ),
)
