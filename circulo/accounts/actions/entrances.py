"""Getting in and out: passwords, one-time links, sessions."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circulo.accounts.actions import attempts
from circulo.accounts.actions.audit import audit
from circulo.accounts.actions.people import add_user
from circulo.accounts.backends import ByEmail
from circulo.accounts.models import Audit, OneTimeLink, Session, User
from circulo.accounts.rights import RoleName
from circulo.accounts.sessions import digest
from circulo.lib import origin
from circulo.lib.errors import Invalid, RuleBroken
from circulo.lib.later import later

FREE_PER_ACCOUNT, FREE_PER_ADDRESS = 5, 40
MAILS_PER_MINUTE = 3
RESETS_PER_MINUTE = 20
LIFE = {OneTimeLink.Purpose.RESET: timedelta(hours=1)}
FIRST_ADDRESS = "admin@circulo.local"
LIFE_OF_INVITATION = timedelta(days=7)


def check_entry(email: str, password: str, *, device: str = "") -> User | None:
    """Who an address and a password belong to, or None; every failure is on record.

    The limit counts per account and per network. A `device` that has been in this account before
    is counted by itself, so that nobody can lock a person out by failing in their name.
    """
    counters = _counters(email.strip().lower(), device)
    if not all(attempts.may_try(name, free=free) for name, free in counters):
        audit(Audit.What.LOGIN_FAILED, who=email, why="too many attempts")
        return None
    user = ByEmail().authenticate(None, username=email, password=password)
    if user is None:
        audit(Audit.What.LOGIN_FAILED, who=email, why="wrong")
        return None
    attempts.forgive(counters[0][0])
    return user


@transaction.atomic
def make_link(user: User, purpose: str, *, by: User | None = None) -> str:
    """A one-time link with which a person chooses a password; links made before it end."""
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    OneTimeLink.objects.filter(user=user, used_at=None).update(used_at=now)
    OneTimeLink.objects.create(
        user=user,
        purpose=purpose,
        digest=OneTimeLink.digest_of(token),
        expires_at=now + LIFE.get(OneTimeLink.Purpose(purpose), LIFE_OF_INVITATION),
    )
    audit(Audit.What.LINK_MADE, by=by, about=user.email, purpose=purpose)
    return settings.BASE_URL + reverse("accounts:open_link", args=[token])


@transaction.atomic
def use_link(digest: str, password: str) -> User:
    """Choose a password with a one-time link: it, and every session there was, ends."""
    link = (
        OneTimeLink.objects.usable(timezone.now())
        .select_for_update(of=("self",))
        .select_related("user")
        .filter(digest=digest)
        .first()
    )
    if link is None:
        raise RuleBroken(_("This link was used already or is too old. Ask for a new one."))
    _set_password(link.user, password)
    return link.user


def is_password_of(user: User, password: str) -> bool:
    """Whether somebody who is logged in knows the password; guessing is as slow as at the door."""
    counter = attempts.key("proof", user.email)
    if attempts.may_try(counter, free=FREE_PER_ACCOUNT) and user.check_password(password):
        attempts.forgive(counter)
        return True
    return False


def change_password(user: User, *, old: str, new: str, session: str = "") -> None:
    """Change one's own password; all sessions but the present one end."""
    if not is_password_of(user, old):
        raise Invalid({"old": _("This is not your present password.")})
    _set_password(user, new, keep=session)


def ask_for_reset(email: str) -> None:
    """Have a reset link mailed, if there is such a person; who asks learns nothing of it.

    The work is the same for known and unknown addresses: the job finds out. At most three mails a
    minute go to one address.
    """
    email = email.strip().lower()
    minute = timedelta(minutes=1)
    network = attempts.key("resets", origin.network_of(origin.address()))
    account = attempts.key("reset", email)
    if not attempts.within(network, limit=RESETS_PER_MINUTE, window=minute):
        return
    if attempts.within(account, limit=MAILS_PER_MINUTE, window=minute):
        user = User.objects.filter(email=email, is_active=True).first()
        later("accounts.mail_link", user_id=user.pk if user else 0, purpose="reset")


@transaction.atomic
def end_session(session: Session, *, by: User) -> None:
    """End a session in another browser."""
    session.delete()
    audit(Audit.What.SESSION_ENDED, by=by, about=session.agent)


@transaction.atomic
def end_other_sessions(user: User, *, keep: str) -> None:
    """End every session of a person but the one with this key."""
    Session.objects.filter(user=user).exclude(session_key=digest(keep)).delete()
    audit(Audit.What.SESSION_ENDED, by=user, about="*")


@transaction.atomic
def first_administrator_link() -> str:
    """The way in for the administrator of a new installation; nothing once one has been in.

    There is never a password that somebody else knows: the administrator is made without one.
    """
    administrators = User.objects.filter(role=RoleName.ADMIN, is_active=True, is_demo=False)
    if administrators.exclude(last_login=None).exists():
        return ""
    user = administrators.order_by("pk").first()
    user = user or add_user(FIRST_ADDRESS, name=_("Administrator"), role=RoleName.ADMIN)
    return make_link(user, OneTimeLink.Purpose.INVITATION)


def demo_link(user: User) -> str:
    """The way in as a person of the demo firm. It works as long as that person is there."""
    return f"{settings.BASE_URL}{demo_path(user)}"


def demo_path(user: User) -> str:
    """The same way in, for a page of ours."""
    token = Signer(salt="circulo.demo").sign(str(user.pk))
    return reverse("accounts:enter_demo", args=[token])


def demo_people() -> list[User]:
    """The people of the demo firm, one of each role first of all."""
    people = User.objects.filter(is_demo=True, is_active=True).select_related("role")
    return sorted(people, key=lambda user: (list(RoleName).index(RoleName(user.role_id)), user.pk))


def demo_user_of(token: str) -> User | None:
    """The person of the demo firm that a link lets in as; nobody once the demo is removed."""
    try:
        pk = Signer(salt="circulo.demo").unsign(token)
    except BadSignature:
        return None
    return User.objects.filter(pk=pk, is_demo=True, is_active=True).first()


def _counters(email: str, device: str) -> list[tuple[str, int]]:
    if device:
        return [(attempts.key("device", f"{email} {device}"), FREE_PER_ACCOUNT)]
    network = origin.network_of(origin.address())
    counters = [(attempts.key("account", email), FREE_PER_ACCOUNT)]
    return counters + ([(attempts.key("network", network), FREE_PER_ADDRESS)] if network else [])


@transaction.atomic
def _set_password(user: User, password: str, *, keep: str = "") -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise Invalid({"new": " ".join(weak.messages)}) from weak
    user.set_password(password)
    user.save(update_fields=["password"])
    OneTimeLink.objects.filter(user=user, used_at=None).update(used_at=timezone.now())
    Session.objects.filter(user=user).exclude(session_key=digest(keep)).delete()
    audit(Audit.What.PASSWORD_CHANGED, by=user, about=user.email)
