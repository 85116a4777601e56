"""The firm in which every role is tried: two teams, and records of each that carry a secret."""

from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from circulo.accounts.models import Role, Team, User
from circulo.channels.email import actions as email
from circulo.channels.email.models import Mail
from circulo.documents.models import Letter, Mailing
from circulo.forecasts.models import Adjustment
from circulo.lib import ids
from circulo.needs.actions import begin_interview
from circulo.needs.models import Interview, Topic
from circulo.parties.actions import relate
from circulo.parties.models import Party
from circulo.quotes.models import ApprovalRule, Quote
from circulo.records.actions import attach
from circulo.records.actions.own_fields import add_field
from circulo.records.actions.saved_views import save_view
from circulo.testing.make import (
    make_appointment,
    make_approval_rule,
    make_company,
    make_contact,
    make_deal,
    make_form,
    make_interaction,
    make_interview,
    make_lead,
    make_preference,
    make_price_list,
    make_price_rule,
    make_product,
    make_quota,
    make_quote,
    make_task,
    make_team,
    make_template,
    make_territory,
    make_topic,
    make_user,
)

WHOSE = ("own", "team", "others")
# What each role sees by default, said here once more and on purpose.
SEES = {
    "admin": WHOSE,
    "manager": ("own", "team"),
    "seller": ("own", "team"),
    "agent": WHOSE,
    "marketer": WHOSE,
    "analyst": WHOSE,
    "auditor": WHOSE,
    "treasurer": WHOSE,
}
EDITS = {
    "admin": WHOSE,
    "manager": ("own", "team"),
    "seller": ("own",),
    "agent": WHOSE,
    "marketer": ("own", "team"),
    "analyst": (),
    "auditor": (),
    "treasurer": ("own",),
}
KINDS = ("contacts", "companies", "tasks", "deals", "quotes", "leads")
CHANGED = {
    "own only": {"view": "own", "edit": "own"},
    "nothing": {"view": "none", "edit": "none"},
    "territory": {"view": "territory", "edit": "territory"},
}
CASES = [(role, "") for role in SEES] + [("seller", change) for change in CHANGED]
WORD = "hallazgo"  # every record is found by it; its secret is another word


@dataclass
class World:
    """Who asks, and the records of each owner."""

    user: User
    records: dict[str, dict[str, str]]

    sees: tuple[str, ...]
    edits: tuple[str, ...]

    @property
    def hidden(self) -> list[str]:
        """Whose records are out of reach."""
        return [whose for whose in WHOSE if whose not in self.sees]

    @property
    def fixed(self) -> list[str]:
        """Whose records this person may not change."""
        return [whose for whose in WHOSE if whose not in self.edits]


@dataclass
class Firm:
    """The firm before a role is tried in it: who will ask, their mate, and what belongs to whom."""

    user: User
    mate: User
    other_team: Team
    records: dict[str, dict[str, str]]

    def seen_by(self, role: str, change: str) -> World:
        """The firm when the one who asks has this role, and the role this change."""
        if change:
            rights = {kind: CHANGED[change] for kind in KINDS}
            Role.objects.filter(pk=role).update(rights=rights)
        User.objects.filter(pk=self.user.pk).update(role=role)
        if change == "territory":
            # What lies in one's territory is seen though it belongs to another team.
            User.objects.filter(pk=self.mate.pk).update(team=self.other_team)
        both = ("own", "team")
        sees = {"": SEES[role], "own only": ("own",), "nothing": (), "territory": both}[change]
        edits = {"": EDITS[role], "own only": ("own",), "nothing": (), "territory": both}[change]
        user = User.objects.select_related("role", "team").get(pk=self.user.pk)
        return World(user, self.records, sees, edits)


def a_world(role: str, change: str) -> World:
    """A firm, and who looks at it with this role."""
    return a_firm().seen_by(role, change)


def a_firm() -> Firm:
    norte, sur = make_team("Norte"), make_team("Sur")
    add_field("contacts", "text", {"label_es": "Apunte", "is_searchable": True}, by=None)
    user, mate, other = make_user(team=norte), make_user(team=norte), make_user(team=sur)
    owners = {"own": user, "team": mate, "others": other}
    records = {whose: _records(owner, f"secreto{whose}zq") for whose, owner in owners.items()}
    around = make_territory("Zona", members=[user])
    within = make_territory("Comarca", parent=around)
    Party.objects.filter(owner=mate).update(pinned_territory=within, territory=within)
    return Firm(user, mate, sur, records)


def _records(owner: User, secret: str) -> dict[str, str]:
    said = {
        "emails": [f"{secret}@example.com"],
        "phones": ["612345678"],
        "notes": secret,
        "tags": [secret],
        "addresses": [{"city": secret, "country": "ES"}],
    }
    company = make_company(owner=owner, name=f"{WORD} {secret}", **said)
    contact = make_contact(
        owner=owner, given_name=WORD, first_surname=secret, company=company,
        custom={"apunte": secret}, **said
    )  # fmt: skip
    told = make_interaction(party=contact, by=owner, subject=f"{WORD} {secret}", body=secret)
    tie = relate(contact, "member_of", company, by=owner, role=secret)
    upload = SimpleUploadedFile(f"{secret}.txt", secret.encode())
    (file,) = attach("party", contact.pk, [upload], by=owner)
    task = make_task(owner=owner, party=contact, title=f"{WORD} {secret}", notes=secret,
                     due_on=timezone.localdate())  # fmt: skip
    meeting = make_appointment(owner=owner, party=contact, title=f"{WORD} {secret}", place=secret)
    letter = Letter.objects.create(
        party=contact, subject=secret, body=secret, by=owner, written_on=date(2026, 3, 4)
    )
    Letter.objects.filter(pk=letter.pk).update(file=file)
    return {
        **_of_a_person(owner, contact, secret),
        **_known(owner, company, contact, secret),
        **_deal(company, contact, secret),
        **_lead(owner, contact, secret),
        "task": task.public_id,
        "appointment": meeting.public_id,
        "file": file.public_id,
        "letter": letter.public_id,
        "party": contact.public_id,
        "company": company.public_id,
        "interaction": told.public_id,
        "relationship": ids.encode("relationship", tie.pk),
        "attachment": ids.encode("attachment", file.pk),
        "price_rule": make_price_rule(party=contact.public_id).public_id,
        "territory": make_territory().public_id,
        **_expected_of(owner, secret),
        "product": make_product(by=owner).public_id,
        "price_list": make_price_list(by=owner).public_id,
    }


def _of_a_person(owner: User, contact: Party, secret: str) -> dict[str, str]:
    """What belongs to a person and not to a party: a secret of those of another team alone."""
    theirs = secret if "others" in secret else WORD
    template = make_template(by=owner, name=theirs, body=theirs, sharing="team")
    mailing = Mailing.objects.create(what="labels", keys=[contact.pk], by=owner, error=theirs,
                                     state="failed")  # fmt: skip
    view = save_view("contacts", theirs, {"sharing": "team", "search": theirs}, by=owner)
    return {"template": template.public_id, "mailing": mailing.public_id, "view": view.public_id}


def _known(owner: User, company: Party, contact: Party, secret: str) -> dict[str, str]:
    """What is known of their needs, and what they are asked."""
    wine = Topic.objects.first() or make_topic()
    make_preference(party=company, by=owner, value=secret)
    known = make_preference(wine, "red", party=contact, by=owner)
    liked = make_preference(party=contact, by=owner, value=secret)
    interview = Interview.objects.first() or make_interview(wine, make_topic("text"))
    sitting = begin_interview(contact, interview, by=owner)
    return {"preference": known.public_id, "liked": liked.public_id, "topic": wine.public_id,
            "sitting": sitting.public_id, "interview": interview.public_id}  # fmt: skip


def _lead(owner: User, contact: Party, secret: str) -> dict[str, str]:
    lead = make_lead(owner=owner, given_name=WORD, first_surname=secret, message=secret,
                     company=secret, email=f"{secret}@lead.example", tags=[secret],
                     columns={"party_id": contact.pk})  # fmt: skip
    return {"lead": lead.public_id, "web_form": make_form().public_id}


def _deal(company: Party, contact: Party, secret: str) -> dict[str, str]:
    deal = make_deal(owner=company.owner, party=company, title=f"{WORD} {secret}", notes=secret,
                     people=[{"party": contact.public_id}], rivals=[{"name": secret}])  # fmt: skip
    quote = make_quote(owner=company.owner, party=company, title=f"{WORD} {secret}", terms=secret,
                       deal=deal.public_id)  # fmt: skip
    rule = ApprovalRule.objects.first() or make_approval_rule()
    return {"deal": deal.public_id, "stage": deal.stage.public_id, "quote": quote.public_id,
            "mail": _mail(quote, secret).public_id, "approval_rule": rule.public_id}  # fmt: skip


def _mail(quote: Quote, secret: str) -> Mail:
    """A mail about a quote, of which nobody knows whether it left."""
    letter = email.Letter(
        [email.Reader(f"{secret}@mail.example")], secret, secret, "en", quote.owner
    )
    mail = email.queue_mail(
        letter, about=("quote", quote.pk), key=f"rights:{quote.pk}", by=quote.owner
    )
    Mail.objects.filter(pk=mail.pk).update(state=Mail.State.IN_DOUBT)
    return mail


def _expected_of(owner: User, secret: str) -> dict[str, str]:
    """A quota, and why somebody expects more than the deals say."""
    adjustment = Adjustment.objects.create(
        user=owner, starts_on=date(2026, 3, 1), span="month", category="commit", amount=5,
        currency="EUR", comment=secret, by=owner,
    )  # fmt: skip
    return {"quota": make_quota(owner).public_id, "adjustment": adjustment.public_id}
