"""A piece of mail as the house works with it, whatever the program that wrote it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class MailAddress:
    """A name and an e-mail address, in lower case; one of the two may be empty."""

    email: str
    name: str = ""


@dataclass(frozen=True)
class MailFile:
    """A file that came with a mail. Its name says nothing about where it may be stored."""

    name: str
    content_type: str
    content: bytes
    is_inline: bool = False
    content_id: str = ""


@dataclass(frozen=True)
class Bounce:
    """What a mail server reports about one address it could not deliver to."""

    email: str
    action: str
    status: str
    diagnostic: str

    @property
    def is_final(self) -> bool:
        """Whether it makes no sense to try this address again."""
        return self.action == "failed" or self.status.startswith("5")


@dataclass(frozen=True)
class Mail:
    """One mail: who wrote to whom, when, what, and what hung on it."""

    message_id: str = ""
    date: datetime | None = None
    from_: MailAddress = MailAddress("")
    to: tuple[MailAddress, ...] = ()
    cc: tuple[MailAddress, ...] = ()
    bcc: tuple[MailAddress, ...] = ()
    reply_to: tuple[MailAddress, ...] = ()
    subject: str = ""
    text: str = ""
    html: str = ""
    attachments: tuple[MailFile, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    auto_submitted: str = ""
    is_automatic: bool = False
    is_bounce: bool = False
    bounces: tuple[Bounce, ...] = ()
    list_id: str = ""
    digest: str = ""
    problems: tuple[str, ...] = ()

    @property
    def source_key(self) -> str:
        """What makes this mail the same when it comes twice."""
        return self.message_id or f"sha256:{self.digest}"

    @property
    def people(self) -> tuple[MailAddress, ...]:
        """Everyone named on it, the sender first."""
        everyone = (self.from_, *self.to, *self.cc, *self.bcc)
        return tuple(address for address in everyone if address.email)
