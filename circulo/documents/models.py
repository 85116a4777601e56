"""What the house writes with: templates and their versions, the firm's letterhead, letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from circulo.accounts.rights import Reach, owned_within
from circulo.lib import ids
from circulo.parties.models import Party
from circulo.records.models import Attachment

if TYPE_CHECKING:
    from circulo.accounts.models import User

LANGUAGES = [("es", _("Spanish")), ("en", _("English"))]


class Letterhead(models.Model):
    """What stands on the firm's paper beside its name. There is one."""

    class Window(models.TextChoices):
        LEFT = "left", _("Left (DIN, ISO)")
        RIGHT = "right", _("Right (usual in Spain)")

    class Paper(models.TextChoices):
        BY_COUNTRY = "", _("By the firm’s country")
        A4 = "a4", "A4"
        LETTER = "us-letter", _("Letter (8½ × 11 inches)")

    address = models.TextField(_("address"), blank=True, default="", max_length=500)
    contact = models.TextField(_("phone, e-mail, web"), blank=True, default="", max_length=300)
    tax_id = models.CharField(_("tax id"), max_length=30, blank=True, default="")
    footer = models.CharField(_("last line"), max_length=200, blank=True, default="")
    window = models.CharField(
        _("window of the envelope"), max_length=5, choices=Window, default=Window.RIGHT
    )
    paper = models.CharField(
        _("paper"), max_length=9, choices=Paper, blank=True, default=Paper.BY_COUNTRY
    )
    logo = models.BinaryField(null=True, editable=False)
    logo_type = models.CharField(max_length=20, blank=True, default="", editable=False)

    class Meta:
        constraints = [models.CheckConstraint(name="there_is_one_letterhead", condition=Q(pk=1))]

    def __str__(self) -> str:
        return self.footer


class TemplateQuerySet(models.QuerySet["Template"]):
    """Templates, narrowed down."""

    def visible_to(self, user: User, act: str = "view") -> Self:
        """One's own, those shared with all, and those of colleagues shared within the team; to
        edit, those that lie within one's reach as well.
        """
        if user.reach("templates") == Reach.NONE:
            return self.none()
        seen = self if user.is_admin else self.filter(self._shared_with(user))
        return seen if act == "view" else seen.filter(owned_within(user, "templates", act))

    def _shared_with(self, user: User) -> Q:
        shared = Q(owner=user) | Q(sharing=Template.Sharing.ALL)
        if user.team_id is None:
            return shared
        team = Q(owner__team=user.team_id) | Q(owner__in=user.people_in_reach or [])
        return shared | Q(sharing=Template.Sharing.TEAM) & team


class Template(models.Model):
    """A text with fields from which letters, e-mails, documents or labels are made."""

    class Kind(models.TextChoices):
        LETTER = "letter", _("Letter")
        EMAIL = "email", _("E-mail")
        DOCUMENT = "document", _("Document")
        LABEL = "label", pgettext_lazy("template", "Label")

    class Layout(models.TextChoices):
        LETTER = "letter", _("With the address in the window")
        PLAIN = "plain", _("Without an address")

    class Sharing(models.TextChoices):
        ALL = "all", _("Everybody")
        TEAM = "team", _("My team")
        OWN = "own", _("Only me")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.LETTER)
    name = models.CharField(_("name"), max_length=120)
    layout = models.CharField(_("layout"), max_length=6, choices=Layout, default=Layout.LETTER)
    sharing = models.CharField(
        _("who may use it"), max_length=4, choices=Sharing, default=Sharing.ALL
    )
    is_active = models.BooleanField(_("in use"), default=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="templates",
        verbose_name=_("owner"),
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("name", "id", name="template_by_name")]
        constraints = [
            models.CheckConstraint(name="template_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_id(self) -> str:
        return ids.encode("template", self.pk)

    def get_absolute_url(self) -> str:
        return f"/templates/{self.public_id}"


class TemplateText(models.Model):
    """What a template says in one language."""

    template = models.ForeignKey(Template, models.CASCADE, related_name="texts", db_index=False)
    language = models.CharField(max_length=5, choices=LANGUAGES)
    subject = models.CharField(_("subject"), max_length=300, blank=True, default="")
    body = models.TextField(_("text"), blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint("template", "language", name="template_text_once"),
            models.CheckConstraint(name="template_text_has_a_body", condition=~Q(body="")),
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.subject}"


class TemplateVersion(models.Model):
    """What a template was after one of its changes; never changed itself."""

    template = models.ForeignKey(Template, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    said: models.JSONField[Any, Any] = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("template", "number", name="template_version_once")]

    def __str__(self) -> str:
        return f"{self.template_id}.{self.number}"


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters, narrowed down."""

    def visible_to(self, user: User, act: str = "view") -> Self:
        """Those to parties that this person may view, or edit."""
        return self.filter(party__in=Party.objects.visible_to(user, act))


class Letter(models.Model):
    """A letter to a party: its text, its printed form, and whether it was posted."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("letter", "Draft")
        SENT = "sent", pgettext_lazy("letter", "Posted")

    party = models.ForeignKey(Party, models.CASCADE, related_name="letters")
    template = models.ForeignKey(Template, models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=5, choices=LANGUAGES, default="es")
    layout = models.CharField(max_length=6, choices=Template.Layout, default=Template.Layout.LETTER)
    subject = models.CharField(_("subject"), max_length=300, blank=True, default="")
    body = models.TextField(_("text"))
    written_on = models.DateField()
    state = models.CharField(max_length=5, choices=State, default=State.DRAFT)
    sent_at = models.DateTimeField(null=True)
    file = models.ForeignKey(Attachment, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="letter_sent_has_its_moment",
                condition=Q(state="draft", sent_at=None) | Q(state="sent", sent_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or str(_("Letter"))

    @property
    def public_id(self) -> str:
        return ids.encode("letter", self.pk)

    @property
    def is_sent(self) -> bool:
        return self.state == self.State.SENT

    def get_absolute_url(self) -> str:
        return f"/letters/{self.public_id}"


class MailingQuerySet(models.QuerySet["Mailing"]):
    """Mailings, narrowed down."""

    def visible_to(self, user: User) -> Self:
        """One's own; administrators see all."""
        return self if user.is_admin else self.filter(by=user)


class Mailing(models.Model):
    """Letters or labels for many at once: whom to, how far it got, and the one PDF of it all."""

    class What(models.TextChoices):
        LETTERS = "letters", _("Letters")
        LABELS = "labels", _("Labels")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        ASKING = "asking", _("Waits for an answer")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    what = models.CharField(max_length=7, choices=What)
    template = models.ForeignKey(Template, models.SET_NULL, null=True, related_name="+")
    keys = ArrayField(models.BigIntegerField())
    done = models.PositiveIntegerField(default=0)
    skipped: models.JSONField[Any, Any] = models.JSONField(default=list)
    lacking: models.JSONField[Any, Any] = models.JSONField(default=list)
    is_sure = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    error = models.TextField(blank=True, default="")
    path = models.CharField(max_length=100, blank=True, default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["by", "-created_at"], name="mailing_by_author")]
        constraints = [
            models.CheckConstraint(
                name="mailing_done_is_within", condition=Q(done__lte=F("keys__len"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"

    @property
    def public_id(self) -> str:
        return ids.encode("mailing", self.pk)

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def total(self) -> int:
        return len(self.keys)

    def get_absolute_url(self) -> str:
        return f"/mailings/{self.public_id}"
