"""What somebody says of a deal, read into the columns that say the same.

A form and a call of the API are read here alike: a `Draft` names only what was said, or `Invalid`
gives a reason for each field.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from circulo.accounts.models import Firm, User
from circulo.catalog.lines import Wanted, read_lines
from circulo.lib import ids, money
from circulo.lib.errors import Invalid, Text
from circulo.lib.text import clean
from circulo.parties.models import Party
from circulo.records.own import noted
from circulo.records.own.definitions import defined
from circulo.records.own.said import read_own
from circulo.records.rest import reading
from circulo.sales.models import Deal, DealLine, DealPerson, ForecastAs, Pipeline, Rival, Stage

LENGTHS = {"title": 200, "source": 100, "campaign": 100, "reference": 100, "agent": 150}
MOST_NOTES, MOST_TAGS, MOST_HANGING = 20_000, 50, 50
WITH = {"lines": "amount", "amount_from_lines": "amount"}  # what is hidden with something else
STRENGTHS = {level.name.lower(): level.value for level in Rival.Strength}
LEVELS = {value: name for name, value in STRENGTHS.items()}
FIELDS = ("title", "party", "pipeline", "stage", "amount", "currency", "expected_on", "owner",
          "source", "campaign", "tags", "notes", "reference", "agent", "people", "rivals",
          "shares", "lines", "amount_from_lines",
          "forecast_as", "custom")  # fmt: skip


@dataclass
class Draft:
    """What is to be kept of a deal: its columns, and who and what hangs on it.

    `lines_seen` is the stamp of the lines that somebody had before them who wrote these, if known.
    """

    columns: dict[str, Any] = field(default_factory=dict)
    people: list[tuple[int, str]] | None = None
    rivals: list[tuple[str, int, str]] | None = None
    shares: list[tuple[int, int]] | None = None
    lines: list[Wanted] | None = None
    lines_seen: str = ""


def read(said: Mapping[str, Any], *, by: User, deal: Deal | None = None) -> Draft:
    """What was said, as a draft; for a `deal` that is there only what changes of it."""
    reader = _Reader(by, deal)
    for name, value in said.items():
        reader.take(name, value)
    reader.finish()
    if reader.refused:
        raise Invalid(reader.refused)
    return reader.draft


class _Reader:
    """Reads one thing after the other, and collects what is refused."""

    def __init__(self, by: User, deal: Deal | None) -> None:
        self.by, self.deal = by, deal
        self.draft = Draft()
        self.refused: dict[str, Text] = {}
        self.hidden = by.hidden_fields("deals")
        self.stage: Stage | None = None
        self.pipeline: Pipeline | None = None
        self.readers: dict[str, Callable[[Any], None]] = {
            **{name: self._line(name, most) for name, most in LENGTHS.items()},
            "notes": self._notes,
            "party": self._party,
            "pipeline": self._pipeline,
            "stage": self._stage,
            "amount": self._amount,
            "currency": lambda value: self._put("currency", money.currency_of(value)),
            "expected_on": lambda value: self._put("expected_on", reading.day(value)),
            "owner": lambda value: self._put("owner_id", _owner(value, self.by, self.deal)),
            "tags": self._tags,
            "people": self._people,
            "rivals": self._rivals,
            "shares": self._shares,
            "lines": self._lines,
            "amount_from_lines": lambda value: self._put("amount_from_lines", reading.flag(value)),
            "forecast_as": lambda value: self._put("forecast_as", _forecast_as(value)),
            "custom": self._custom,
        }

    def take(self, name: str, value: Any) -> None:
        reader = self.readers.get(name)
        if reader is None or WITH.get(name, name) in self.hidden:
            self.refused[reading.shown(str(name))] = _("There is no such field here.")
            return
        try:
            reader(value)
        except Invalid as invalid:
            self.refused |= {key or name: why for key, why in invalid.fields.items()}

    def finish(self) -> None:
        """What follows from all that was said together."""
        columns = self.draft.columns
        if self.deal is None and not columns.get("title") and "title" not in self.refused:
            self.refused["title"] = _("Say in a few words what is to be sold.")
        if not self.refused:
            self._place()
        if not self.refused:
            self._fit()

    def _put(self, name: str, value: Any) -> None:
        self.draft.columns[name] = value

    def _line(self, name: str, most: int) -> Callable[[Any], None]:
        return lambda value: self._put(name, self._worded(name, value, most))

    def _worded(self, name: str, value: Any, most: int) -> str:
        text = clean(reading.word(value or ""), limit=most)
        if name == "title" and not text:
            raise Invalid({"": _("Say in a few words what is to be sold.")})
        return text

    def _notes(self, value: Any) -> None:
        self._put("notes", clean(reading.word(value or ""), limit=MOST_NOTES, lines=True))

    def _party(self, value: Any) -> None:
        key = self.deal.party_id if self.deal else None
        if value is None or value == "":
            if key is None or _seen([key], self.by):  # nobody takes away whom they do not see
                self._put("party_id", None)
        else:
            self._put("party_id", seen_party(value, self.by))

    def _pipeline(self, value: Any) -> None:
        self.pipeline = Pipeline.objects.filter(pk=ids.key_of("pipeline", value)).first()
        if self.pipeline is None:
            raise Invalid({"": _("There is no such pipeline.")})

    def _stage(self, value: Any) -> None:
        rows = Stage.objects.select_related("pipeline")
        self.stage = rows.filter(pk=ids.key_of("stage", value)).first()
        if self.stage is None:
            raise Invalid({"": _("There is no such stage.")})

    def _amount(self, value: Any) -> None:
        if isinstance(value, dict):
            if set(value) - {"amount", "currency"} or "amount" not in value:
                raise Invalid({"": _("Money has an amount and a currency.")})
            if "currency" in value:
                self._put("currency", money.currency_of(value["currency"]))
            value = value["amount"]
        self._put("amount", money.read_amount(value))

    def _tags(self, value: Any) -> None:
        tags = [clean(reading.word(tag), limit=50) for tag in _listed(value, MOST_TAGS)]
        self._put("tags", list(dict.fromkeys(filter(None, tags))))

    def _people(self, value: Any) -> None:
        """Those who have a part; whoever of them this person does not see keeps theirs."""
        there = dict(self.deal.people.values_list("party_id", "part")) if self.deal else {}
        found: dict[int, str] = {}
        for one in _listed(value):
            said = _object(one, ("party", "name", "part"))
            part = _chosen(said.get("part", "influences"), DealPerson.Part.values)
            found[ids.key_of("party", said.get("party"))] = part
        seen = _seen(found.keys() | there.keys(), self.by)
        if not found.keys() <= seen:
            raise Invalid({"": _("There is no such record.")})
        kept = {party: part for party, part in there.items() if party not in seen}
        self.draft.people = list((kept | found).items())

    def _rivals(self, value: Any) -> None:
        found: dict[str, tuple[str, int, str]] = {}
        for one in _listed(value):
            said = _object(one, ("name", "strength", "note"))
            name = clean(reading.word(said.get("name") or ""), limit=120)
            if not name:
                raise Invalid({"": _("A name is needed.")})
            level = STRENGTHS[_chosen(said.get("strength", "equal"), list(STRENGTHS))]
            found[name] = (name, level, clean(reading.word(said.get("note") or ""), limit=500))
        self.draft.rivals = list(found.values())

    def _shares(self, value: Any) -> None:
        """Who sells it with its owner; a colleague who left keeps their share until it is taken.

        What a share comes to follows from its percentage: what is said of that is not read.
        """
        there = set(self.deal.shares.values_list("user_id", flat=True)) if self.deal else set()
        found: dict[int, int] = {}
        for one in _listed(value):
            said = _object(one, ("user", "name", "percent", "amount"))
            user = _colleague(said.get("user"), there)
            found[user] = _percent(said.get("percent"))
        if sum(found.values()) > 100:
            raise Invalid({"": _("Shares are at most 100 % together.")})
        self.draft.shares = list(found.items())

    def _lines(self, value: Any) -> None:
        if not self.by.may("products", "view"):
            raise Invalid({"": _("There is no such field here.")})
        lines = DealLine.objects.filter(deal=self.deal.pk if self.deal else None)
        self.draft.lines = read_lines(value, kept=set(lines.values_list("product_id", flat=True)))

    def _custom(self, value: Any) -> None:
        record = ("deal", self.deal.pk if self.deal else 0)
        found = read_own("deals", value, by=self.by, record=record)
        self._put("custom", found)

    def _place(self) -> None:
        """The pipeline and the stage, each as the other says."""
        if self.stage and self.pipeline and self.stage.pipeline_id != self.pipeline.pk:
            self.refused["stage"] = _("This stage belongs to another pipeline.")
            return
        if self.stage is None and (self.pipeline or self.deal is None):
            if self.deal and self.pipeline and self.deal.pipeline_id == self.pipeline.pk:
                return
            self.stage = first_stage(self.pipeline)
            if self.stage is None:
                self.refused["pipeline"] = _("This pipeline has no stages yet.")
        if self.stage:
            self._put("stage_id", self.stage.pk)
            self._put("pipeline_id", self.stage.pipeline_id)

    def _fit(self) -> None:
        """The amount fits the currency, unless it follows the lines; a new deal has one, and its
        own fields.
        """
        columns = self.draft.columns
        if self.deal is None:
            columns.setdefault("currency", usual_currency())
        try:
            said = {"amount", "currency"} & set(columns)
            if said and not (said == {"currency"} and self._follows_lines):
                deal = self.deal
                total = columns.get("amount", deal.amount if deal else None)
                money.refuse_fractions(
                    total, columns.get("currency") or (deal.currency if deal else "EUR")
                )
        except Invalid as invalid:
            self.refused["amount"] = invalid.fields[""]
        self._follow(columns)
        try:
            if self.deal is None:
                noted.complete(columns, defined("deals"))
        except Invalid as invalid:
            self.refused |= invalid.fields

    @property
    def _follows_lines(self) -> bool:
        """Whether the amount will follow the lines."""
        there = self.deal.amount_from_lines if self.deal else False
        return bool(self.draft.columns.get("amount_from_lines", there))

    def _follow(self, columns: dict[str, Any]) -> None:
        """An amount that follows the lines is not said by hand."""
        deal = self.deal
        if self._follows_lines and "amount" in columns:
            if deal is not None and columns["amount"] != deal.amount:
                self.refused["amount"] = _("This amount follows from the lines: change those.")
            del columns["amount"]


def first_stage(pipeline: Pipeline | None) -> Stage | None:
    """Where a new deal begins: the first stage of a pipeline, or of the one for new deals."""
    rows = Stage.objects.select_related("pipeline").in_order()
    if pipeline is not None:
        return rows.filter(pipeline=pipeline).first()
    in_use = rows.filter(pipeline__is_active=True)
    return in_use.order_by("-pipeline__is_default", "pipeline__position", "position", "pk").first()


def usual_currency() -> str:
    """The currency of the firm."""
    return Firm.objects.values_list("currency", flat=True).first() or "EUR"


def seen_party(value: Any, by: User) -> int:
    """The key of a party that a person sees; Invalid where they see none of this identifier."""
    key = ids.key_of("party", value)
    if not _seen([key], by):
        raise Invalid({"": _("There is no such record.")})
    return key


def _seen(keys: Collection[int], by: User) -> set[int]:
    """Those of these parties that a person sees."""
    return set(Party.objects.visible_to(by).filter(pk__in=keys).values_list("pk", flat=True))


def _owner(value: Any, by: User, deal: Deal | None) -> int:
    key = ids.key_of("user", value)
    if key == (deal.owner_id if deal else by.pk):
        return key
    owner = User.objects.select_related("team").filter(pk=key, is_active=True).first()
    if owner is None or not by.may_give("deals", owner):
        raise Invalid({"": _("There is no such person whom you could give this to.")})
    return owner.pk


def _colleague(value: Any, there: Collection[int]) -> int:
    """Somebody who works here, or who is among those `there` already."""
    key = ids.key_of("user", value)
    if key not in there and not User.objects.filter(pk=key, is_active=True).exists():
        raise Invalid({"": _("Nobody of that name works here.")})
    return key


def _percent(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 100:
        raise Invalid({"": _("A share is a whole number from 1 to 100.")})
    return value


def _chosen(value: Any, known: list[str]) -> str:
    if value not in known:
        raise Invalid({"": _("Choose one of: %s.") % ", ".join(known)})
    return str(value)


def _forecast_as(value: Any) -> str:
    """How a forecast is to count it; empty where its stage says so."""
    return _chosen(value, ForecastAs.values) if value not in (None, "") else ""


def _listed(value: Any, most: int = MOST_HANGING) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise Invalid({"": _("This must be a list of at most %d values.") % most})
    return value


def _object(value: Any, names: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) - set(names):
        raise Invalid({"": _("Each of these has: %s.") % ", ".join(names)})
    return value
