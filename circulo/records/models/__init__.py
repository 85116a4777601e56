"""What every record has: attached files, the file it was brought in by, own fields, views."""

from circulo.records.ledger import Change, ChangeSet, Clash
from circulo.records.models.attachments import SAFE_IMAGES, Attachment, AttachmentVersion
from circulo.records.models.exports import Export
from circulo.records.models.loads import Load, LoadDoubt, LoadRefusal
from circulo.records.models.own_fields import OWN, OwnField
from circulo.records.models.sent_forms import SentForm
from circulo.records.saved_views import SavedView

__all__ = [
    "OWN",
    "SAFE_IMAGES",
    "Attachment",
    "AttachmentVersion",
    "Change",
    "ChangeSet",
    "Clash",
    "Export",
    "Load",
    "LoadDoubt",
    "LoadRefusal",
    "OwnField",
    "SavedView",
    "SentForm",
]
