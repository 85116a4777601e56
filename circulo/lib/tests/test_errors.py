"""How refusals of several fields are told in one line."""

from circulo.lib.errors import Invalid


def test_every_reason_is_a_sentence_of_its_own_under_the_name_that_people_know():
    invalid = Invalid({"birthday": "No such day.", "emails": "No such address.", "": "Both."})
    told = invalid.in_words({"birthday": "Born"})
    assert told == "Born: No such day. emails: No such address. Both."
