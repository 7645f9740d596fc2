import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.clean import markup
from hub.clean.characters import without_unseen
from hub.clean.markup import bare, structured, unescaped_markup

STRUCTURED = [
    (
        "Wij zoeken:\n- een kok\n- een kelner\n\nEen lijn\nnog een",
        "<p>Wij zoeken:</p><ul><li>een kok</li><li>een kelner</li></ul><p>Een lijn<br>nog een</p>",
    ),
    ("• a • b • c", "<ul><li>a</li><li>b</li><li>c</li></ul>"),
    ("<p>Taken:<br>- poetsen<br>- koken</p>", "<p>Taken:</p><ul><li>poetsen</li><li>koken</li></ul>"),
    ("<h3>Taken</h3><p>1. a<br>2. b</p>", "<h3>Taken</h3><ol><li>a</li><li>b</li></ol>"),
    ("1) kook\n2) serveer", "<ol><li>kook</li><li>serveer</li></ol>"),
    ("een\ntwee", "<p>een<br>twee</p>"),
]
AS_IT_IS = [
    "een regel",
    "- alleen een",
    "<p>Wij • jij</p>",
    "<ul><li>a</li>\n<li>b</li></ul>",
    "<p>goed</p>\n<p>- a</p>",
    "<p>van 8 - 16 u<br>of 9 - 17 u</p>",
]


@pytest.mark.parametrize(("said", "meant"), STRUCTURED)
def test_lines_and_marks_become_paragraphs_and_lists(said: str, meant: str) -> None:
    assert structured(said) == meant
    assert structured(meant) is meant or structured(meant) == meant


@pytest.mark.parametrize("said", AS_IT_IS)
def test_what_is_no_list_stays(said: str) -> None:
    assert structured(said) == said


PIECES = [
    "<p>",
    "</p>",
    "<p>",
    "</p>",
    "<br>",
    "<br />",
    "\n",
    "• ",
    " ✓ ",
    "- a",
    "1. a",
    "2. b",
    "<ul>",
    "<strong>",
    "x",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_paragraph_that_is_passed_over_is_no_list(said: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markup, "_PARTED", re.compile(""))
        looked_at = structured(said)
    assert structured(said) == looked_at


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("&lt;p&gt;Hallo&lt;br /&gt;jij&lt;/p&gt;", "<p>Hallo<br />jij</p>"),
        ("&lt;a href=&quot;https://x.be&quot;&gt;hier&lt;/a&gt;", '<a href="https://x.be">hier</a>'),
        ("&amp;lt;p&amp;gt;x&amp;lt;/p&amp;gt;", "<p>x</p>"),
        ("C&amp;eacute;line &amp;amp; co", "C&eacute;line &amp; co"),
        ("5 &lt; 6 &amp; 7 &gt; 3", "5 &lt; 6 &amp; 7 &gt; 3"),
        ("R&amp;D", "R&amp;D"),
    ],
)
def test_what_was_escaped_twice_is_unescaped_once(said: str, meant: str) -> None:
    assert unescaped_markup(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Agent d&#39;accueil", "Agent d'accueil"),
        ("<b>Kok</b> R&D &amp;amp; co", "Kok R&D & co"),
        ("C&A < 5 km", "C&A < 5 km"),
        ("vente&region", "vente&region"),
        ("Kok <br/>Gent", "Kok Gent"),
    ],
)
def test_a_line_of_text_has_no_tags_or_entities(said: str, meant: str) -> None:
    assert bare(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("jan\u200b.peeters\ufeff@x.be", "jan.peeters@x.be"),
        ("l\x92équipe \x80 5", "l’équipe € 5"),
        ("ver\xadpleger \u202ekok", "verpleger kok"),
        ("a\r\nb\u2028c", "a\nb\nc"),
        ("x\x00y\x1fz", "xyz"),
        ("jan\u200d@x.be", "jan@x.be"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🍳 kok", "👩\u200d🍳 kok"),
    ],
)
def test_characters_that_nobody_sees_go(said: str, meant: str) -> None:
    assert without_unseen(said) == meant


def test_a_clean_text_is_the_same_object() -> None:
    said = "Wij zoeken\nTussenschotten: é ’ € – •"
    assert without_unseen(said) is said
