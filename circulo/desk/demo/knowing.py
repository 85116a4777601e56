"""Entering what the demo firm asks and what it learned, and taking it away."""

from django.db import connection

from circulo.accounts.models import User
from circulo.desk.demo.needs import INTERVIEWS, TOPICS, Held, Knowledge, Learned
from circulo.needs import actions
from circulo.needs.actions import Asked, Statement
from circulo.needs.answers import Said, read
from circulo.needs.models import Interview, Topic
from circulo.parties.models import Party


def add_knowledge(knowledge: Knowledge, keys: dict[str, int], users: dict[str, User]) -> None:
    """Say what is asked, hold the interviews, and note what was said by the way."""
    topics = {one["key"]: _topic(one) for one in TOPICS}
    interviews = {name: _interview(name, topics) for name in INTERVIEWS}
    spoken_of = {keys[one.party] for one in knowledge.learned}
    spoken_of |= {keys[one.party] for one in knowledge.held}
    parties = Party.objects.in_bulk(list(spoken_of))
    for held in knowledge.held:
        _hold(held, interviews[held.interview], parties[keys[held.party]], topics, users)
    for author in sorted({one.by for one in knowledge.learned}):
        own = [one for one in knowledge.learned if one.by == author]
        said = [(one, _statement(one, parties[keys[one.party]], topics)) for one in own]
        noted = actions.note_preferences([statement for _one, statement in said], by=users[author])
        for one, preference in zip(own, noted, strict=True):
            if one.is_withdrawn and preference.ended_at is None:
                actions.withdraw_preferences([preference], by=users[author], at=one.at)
    _set_back()


def remove_questions() -> None:
    """Remove the demo's interviews and topics, but for those that people have used themselves."""
    Interview.objects.filter(is_demo=True, sittings=None).delete()
    Topic.objects.filter(is_demo=True, preferences=None, questions=None).delete()


def _topic(values: dict[str, object]) -> Topic:
    known = Topic.objects.filter(key=values["key"]).first()
    return known or actions.add_topic(values, by=None, is_demo=True)


def _interview(name: str, topics: dict[str, Topic]) -> Interview:
    values, lines = INTERVIEWS[name]
    asked = [
        Asked(topics[key], topics[condition[0]], condition[1], condition[2])
        if condition
        else Asked(topics[key])
        for key, *condition in lines
    ]
    values = {"is_for_contacts": True, "is_for_companies": True} | values
    return actions.add_interview(values, asked, by=None, is_demo=True)


def _hold(
    held: Held, interview: Interview, party: Party, topics: dict[str, Topic], users: dict[str, User]
) -> None:
    by = users[held.by]
    sitting = actions.begin_interview(party, interview, by=by)
    for key, value in held.answers:
        if value is None:
            actions.skip_question(sitting, topics[key], by=by, at=held.at)
        else:
            actions.answer_question(sitting, topics[key], value, by=by, at=held.at)
    actions.end_interview(sitting, by=by, at=held.at)


def _statement(one: Learned, party: Party, topics: dict[str, Topic]) -> Statement:
    topic = topics.get(one.topic)
    said = read(topic, one.value) if topic else Said(text=one.value)
    return Statement(party, topic, said, sort=one.sort, source=one.source, said_at=one.at)


def _set_back() -> None:
    """Everything was entered when it was said, not today."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE needs_preference n SET noted_at = said_at FROM parties_party p
            WHERE p.id = n.party_id AND p.is_demo
            """
        )
        cursor.execute(
            """
            UPDATE needs_sitting s SET began_at = ended_at - interval '9 minutes'
            FROM parties_party p WHERE p.id = s.party_id AND p.is_demo AND s.ended_at IS NOT NULL
            """
        )
