"""What the ledger keeps of what every record has: its files."""

from django.utils.translation import gettext_lazy as _

from circulo.records.models import Attachment, AttachmentVersion
from circulo.records.tracking import Tracked, track

# What follows from the version that lies on the disk; that there is a new one is told by itself.
_OF_THE_DISK = frozenset({"content_type", "size", "sha256", "path", "number", "by_id",
                          "created_at"})  # fmt: skip

track(
    Tracked(
        Attachment,
        "file",
        _("File"),
        root="record_id",
        root_kind="{record_kind}",
        told=("name",),
        silent=_OF_THE_DISK,
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
