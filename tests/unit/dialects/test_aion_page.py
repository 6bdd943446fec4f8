"""The page that Google sends a browser back to: what stands in it cannot become markup or code."""

import json
import re

import pytest

from app.dialects.aion.page import MESSAGE, content_policy, refusing_page, relaying_page, script_json

ORIGIN = "https://app.example.org"

HOSTILE = [
    pytest.param("</script><img src=x onerror=alert(1)>", id="the end of a script"),
    pytest.param("<!--<script>", id="a comment that hides the end of a script"),
    pytest.param("'\"`;alert(1)//", id="quotes"),
    pytest.param("\u2028alert(1)\u2029", id="ends of lines of JavaScript"),
    pytest.param("\\", id="a backslash at the end"),
    pytest.param("&lt;b&gt;&amp;", id="entities"),
    pytest.param("${alert(1)}{nonce}{told}", id="templates, ours too"),
    pytest.param("\ud800 \x00 \r\n", id="half a character, NUL, ends of lines"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_json_in_a_script_means_the_same_and_holds_nothing_that_ends_it(text):
    written = script_json({"error": text})

    assert json.loads(written) == {"error": text}
    assert not re.search("[<>&\u2028\u2029\n]", written)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_has_one_script_whatever_is_told(text):
    html = relaying_page({"type": MESSAGE, "error": text, "state": text}, ORIGIN, "nonce")

    assert html.count("<script") == html.count("</script") == 1
    assert html.count("<") == relaying_page({}, ORIGIN, "nonce").count("<")
    html.encode()  # a page is sent as UTF-8


def test_a_page_speaks_to_one_origin():
    html = relaying_page({"type": MESSAGE}, ORIGIN, "nonce")

    assert f'origin = "{ORIGIN}"' in html
    assert '"*"' not in html


def test_the_page_for_an_answer_that_fits_nothing_has_no_script():
    assert "<script" not in refusing_page()


def test_only_the_script_of_the_nonce_runs():
    assert content_policy("abc") == (
        "default-src 'none'; script-src 'nonce-abc'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert "script-src" not in content_policy(None)
