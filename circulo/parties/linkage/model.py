"""What was learned of some records, and how it is kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

FORM = 1


@dataclass(frozen=True)
class Model:
    """splink's parameters, how common duplicates are, which groups of records are worth comparing,
    and from how many records and when this was learned."""

    kind: str
    settings: dict[str, Any]
    records: int
    learned_at: str
    prior: float = 1e-4
    largest: int = 5

    def as_json(self) -> str:
        """The text that it is kept as."""
        return json.dumps({"form": FORM, **asdict(self)}, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Model | None:
        """The model of a text; nothing where another version of the program wrote it."""
        try:
            said = json.loads(text)
            return cls(**said) if said.pop("form") == FORM else None
        except (ValueError, TypeError, KeyError, AttributeError):
            return None
