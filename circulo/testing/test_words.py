"""The catalogue of words is whole."""

from circulo.testing.catalogue import faults


def test_everything_is_said_in_spanish_too():
    assert {kind: messages for kind, messages in faults().items() if messages} == {}
