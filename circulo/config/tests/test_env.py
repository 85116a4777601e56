"""What the environment says, and what is said where it says nothing."""

from circulo.config import env


def test_commands_know_the_address_that_the_product_was_started_at(tmp_path, monkeypatch):
    monkeypatch.delenv("CIRCULO_BASE_URL", raising=False)
    assert env.base_url(tmp_path) == "http://127.0.0.1:8000"

    monkeypatch.setenv("CIRCULO_BASE_URL", "http://127.0.0.1:8123")
    env.keep_base_url(tmp_path)
    monkeypatch.delenv("CIRCULO_BASE_URL")

    assert env.base_url(tmp_path) == "http://127.0.0.1:8123"
    monkeypatch.setenv("CIRCULO_BASE_URL", "https://crm.example.com/")
    assert env.base_url(tmp_path) == "https://crm.example.com"
