"""Public forms: made and changed by who decides them, and filled in by anybody."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from circulo.accounts.models import User
from circulo.leads.actions.arriving import add_lead
from circulo.leads.drafts import read
from circulo.leads.models import FormEntry, Lead, WebForm

SAME_WITHIN = timedelta(minutes=30)
MOST_LINKS = 2
_LINK = re.compile(r"https?://|www\.|\[url", re.I)


@dataclass(frozen=True)
class Sent:
    """What somebody sent by a form: words, what they agreed to, from where, and doubts about it."""

    said: Mapping[str, str]
    agreed: frozenset[str]
    nonce: str
    network: str = ""
    user_agent: str = ""
    doubts: tuple[str, ...] = field(default=())


@transaction.atomic
def add_form(values: dict[str, Any], *, by: User | None) -> WebForm:
    """Add a public form; its address cannot be guessed."""
    return WebForm.objects.create(token=secrets.token_urlsafe(18), **values)


@transaction.atomic
def change_form(form: WebForm, values: dict[str, Any], *, by: User | None) -> WebForm:
    """Change a public form; the proof of what was sent before names the version of then."""
    locked = WebForm.objects.select_for_update().get(pk=form.pk)
    differing = {n: v for n, v in values.items() if getattr(locked, n) != v}
    for name, value in differing.items():
        setattr(locked, name, value)
    if differing:
        locked.version += 1
        locked.save(update_fields=[*differing, "version", "updated_at"])
    return locked


@transaction.atomic
def receive_entry(form: WebForm, sent: Sent) -> FormEntry:
    """Make a lead of what somebody sent, with the proof of it; sent twice it counts once.

    Who sends the same words again but agrees to something else has said something new: the proof
    of it is kept too, with the same lead. What is doubtful is kept for somebody to look at, and
    given to nobody.
    """
    digest = _digest(sent)
    known = _known(form, sent, digest)
    if known is not None and _agrees(known, sent):
        return known
    doubts = [*sent.doubts, *_doubts(sent.said)]
    try:
        with transaction.atomic():
            entry = _prove(form, sent, digest, doubts)
    except IntegrityError:
        return FormEntry.objects.get(nonce=sent.nonce)
    if known is not None:
        entry.lead = known.lead
        entry.save(update_fields=["lead"])
        return entry
    draft = read(sent.said, by=None)
    draft.columns |= {
        "channel": "web", "source": form.source, "campaign": form.campaign, "tags": form.tags,
        "language": form.language,
    } | ({"status": Lead.Status.SUSPECT} if doubts else {})  # fmt: skip
    entry.lead = add_lead(draft, by=None)
    entry.save(update_fields=["lead"])
    return entry


def network_mark(network: str) -> str:
    """What tells two networks apart without being an address: a digest that only we can make."""
    key = f"{settings.SECRET_KEY}:form".encode()
    return hmac.new(key, network.encode(), hashlib.sha256).hexdigest() if network else ""


def _known(form: WebForm, sent: Sent, digest: str) -> FormEntry | None:
    """What was sent before: the same page again, or the same words a moment ago."""
    first = FormEntry.objects.filter(nonce=sent.nonce).first()
    since = timezone.now() - SAME_WITHIN
    same = FormEntry.objects.filter(form=form, digest=digest, sent_at__gte=since)
    return first or same.order_by("-sent_at").first()


def _agrees(known: FormEntry, sent: Sent) -> bool:
    """Whether what was sent before agreed to the same; the same page again always did."""
    agreed = {one["purpose"] for one in known.consents if one["agreed"]}
    purposes = {one["purpose"] for one in known.consents}
    return known.nonce == sent.nonce or agreed == purposes & set(sent.agreed)


def _prove(form: WebForm, sent: Sent, digest: str, doubts: list[str]) -> FormEntry:
    consents = [
        {name: one[name] for name in ("purpose", "text", "version")}
        | {"agreed": one["purpose"] in sent.agreed}
        for one in form.consents
    ]
    return FormEntry.objects.create(
        form=form,
        form_version=form.version,
        nonce=sent.nonce,
        sent_at=timezone.now(),
        consents=consents,
        network=network_mark(sent.network),
        user_agent=sent.user_agent[:300],
        doubts=doubts,
        digest=digest,
    )


def _digest(sent: Sent) -> str:
    words = "\0".join(f"{name}={sent.said[name]}" for name in sorted(sent.said))
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()


def _doubts(said: Mapping[str, str]) -> list[str]:
    """What makes one doubt that somebody real wrote this."""
    short = " ".join(value for name, value in said.items() if name != "message")
    doubts = []
    if len(_LINK.findall(said.get("message", ""))) > MOST_LINKS:
        doubts.append("links")
    if _LINK.search(short):
        doubts.append("links in names")
    return doubts
