"""What a firm wants to know of its customers, what it knows, and how it asks."""

from circulo.needs.models.interviews import Asking, Interview, Question, Sitting
from circulo.needs.models.preferences import Preference
from circulo.needs.models.topics import Answer, Sort, Topic

__all__ = [
    "Answer", "Asking", "Interview", "Preference", "Question", "Sitting", "Sort", "Topic",
]  # fmt: skip
