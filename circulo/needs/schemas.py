"""The shapes of topics, preferences, interviews and sittings in the API."""

from circulo.needs.answers import MOST_LETTERS
from circulo.needs.models import Answer, Interview, Preference, Question, Sitting, Sort
from circulo.records.rest.schemas import (
    Schema,
    choice,
    component,
    flag,
    identifier,
    list_of,
    moment,
    nullable,
    record,
    text,
    whole,
)

_ANY: Schema = {"description": "A key, a list of keys, a number, a text, true or false, or a day"}
CHOICE = component(
    "TopicChoice",
    record({"key": text(40), "es": text(60), "en": text(60)}, required=["es", "en"]),
)
_TOPIC: dict[str, Schema] = {
    "label_es": text(160),
    "label_en": text(160),
    "short_es": text(60),
    "short_en": text(60),
    "kind": choice(Sort.values),
    "choices": list_of(CHOICE),
    "is_for_contacts": flag(),
    "is_for_companies": flag(),
    "half_life_days": whole(1, 36500),
    "weight": whole(1, 10),
    "rest_days": whole(0, 3650),
    "position": whole(0),
}
TOPIC = component(
    "Topic",
    record(
        {"id": identifier("topic"), "key": text(40), "answer": choice(Answer.values)}
        | _TOPIC
        | {"retired_at": nullable(moment())},
        required=["id", "key", "kind", "answer"],
    ),
)
TOPIC_IN = component(
    "TopicToSend",
    record(
        {"key": text(40), "answer": choice(Answer.values)} | _TOPIC,
        required=["label_es", "label_en", "short_es", "short_en", "kind", "answer"],
    ),
)
TOPIC_CHANGE = component("TopicChange", record(_TOPIC))

_NOTED: dict[str, Schema] = {
    "party": identifier("contact or company"),
    "topic": nullable(text(40, description="Key or id of a topic; none for free words")),
    "kind": choice(Sort.values, description="Of free words: like, dislike or need"),
    "value": _ANY,
    "text": text(MOST_LETTERS, description="Free words, where there is no topic"),
    "strength": whole(-2, 2),
    "rank": nullable(whole(1, 1000)),
    "source": choice(Preference.Source.values),
    "said_at": moment(),
}
PREFERENCE = component(
    "Preference",
    record(
        {"id": identifier("preference")}
        | _NOTED
        | {
            "party_name": text(),
            "words": text(),
            "certainty": {"type": "number", "minimum": 0, "maximum": 1},
            "by": nullable(identifier("user")),
            "by_name": nullable(text()),
            "noted_at": moment(),
            "ended_at": nullable(moment(description="Since when it does not hold any more")),
            "superseded_by": nullable(identifier("preference")),
        },
        required=["id", "party", "kind", "said_at"],
    ),
)
PREFERENCE_IN = component("PreferenceToSend", record(_NOTED, required=["party"]))
PREFERENCE_CHANGE = component(
    "PreferenceChange",
    record({"strength": whole(-2, 2), "rank": nullable(whole(1, 1000))}),
)

_QUESTION = component(
    "InterviewQuestion",
    record(
        {
            "topic": text(40),
            "if_topic": nullable(text(40)),
            "if_test": choice(Question.Test.values),
            "if_value": text(60),
        },
        required=["topic"],
    ),
)
_INTERVIEW: dict[str, Schema] = {
    "name_es": text(100),
    "name_en": text(100),
    "order": choice(Interview.Order.values),
    "is_for_contacts": flag(),
    "is_for_companies": flag(),
    "questions": list_of(_QUESTION),
}
INTERVIEW = component(
    "Interview",
    record(
        {"id": identifier("interview"), "version": whole(1)}
        | _INTERVIEW
        | {"retired_at": nullable(moment())},
        required=["id", "version", "questions"],
    ),
)
INTERVIEW_IN = component(
    "InterviewToSend", record(_INTERVIEW, required=["name_es", "name_en", "questions"])
)
INTERVIEW_CHANGE = component("InterviewChange", record(_INTERVIEW))

BEGINNING = component(
    "InterviewBeginning",
    record({"party": identifier("contact or company")}, required=["party"]),
)
ANSWER = component(
    "InterviewAnswer",
    record({"topic": text(40), "value": _ANY}, required=["topic", "value"]),
)
SKIPPED = component("InterviewSkip", record({"topic": text(40)}, required=["topic"]))
SITTING = component(
    "Sitting",
    record(
        {
            "id": identifier("sitting"),
            "party": identifier("contact or company"),
            "interview": nullable(identifier("interview")),
            "channel": choice(Sitting.Channel.values),
            "began_at": moment(),
            "ended_at": nullable(moment()),
            "next": nullable(TOPIC),
            "number": whole(1),
            "total": whole(0),
        },
        required=["id", "party", "next"],
    ),
)
