"""The pages of the settings stand by theme, on their index and beside each of them."""

import re

import pytest

from circulo.testing.make import make_user

pytestmark = pytest.mark.django_db


def themes(client, path):
    page = client.get(path).content.decode()
    found = re.search(r'<nav class="themes".*?</nav>', page, re.DOTALL)
    nav = found[0] if found else page
    return re.findall(r"<h2[^>]*>(.*?)</h2>", nav, re.DOTALL), nav


def test_an_administrator_finds_each_page_under_its_theme(client):
    client.force_login(make_user("admin", language="en"))

    labels, nav = themes(client, "/settings/users")

    assert labels == ["Your own", "The house", "People and rights", "Sales",
                      "What you know of customers"]  # fmt: skip
    assert nav.count('aria-current="page"') == 1
    sales = nav.partition(">Sales<")[2].partition("</section>")[0]
    assert '"/settings/pipelines"' in sales and '"/settings/users"' not in sales
    links = re.findall(r'<li><a href="([^"]+)"', nav)
    assert len(links) == len(set(links)) > 20
    index = client.get("/settings").content.decode()
    assert all(f'href="{link}"' in index for link in links)


@pytest.mark.parametrize(
    ("role", "shown"),
    [("seller", ["Your own"]), ("auditor", ["Your own", "People and rights"]),
     ("marketer", ["Your own", "Sales"])],
)  # fmt: skip
def test_a_theme_of_which_one_opens_nothing_is_not_shown(client, role, shown):
    client.force_login(make_user(role, language="en"))

    labels, nav = themes(client, "/settings/profile")

    assert labels == shown and "/settings/users" not in nav
