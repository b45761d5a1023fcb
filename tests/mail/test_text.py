"""Bodies made plain: HTML to lines, flowed lines to paragraphs."""

import pytest

from bot.mail.text import html_to_text, unflow, unlinked


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain words", "plain words"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br>two<br/><br>three", "one\ntwo\n\nthree"),
        ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("<p>one</p>\n<p>&nbsp;</p>\n<p>two</p>", "one\n\ntwo"),
        ("<b>AP</b>PROVE <i>now</i>", "APPROVE now"),
        ("a\n  b\tc", "a b c"),
        ("a &lt;b&gt; &amp; &eacute;&#233;&#xe9; &nbsp;c", "a <b> & ééé  c"),
        ("&#99999999999; &bogus; &", "\ufffd &bogus; &"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<ol><li>one<li><p>two</p></ol><ul><li>three</ul>", "1. one\n2. two\n- three"),
        ("<ol start=4><li>four<ul><li>in it</ul><li>five<li value='9'>nine</ol>", "4. four\n- in it\n5. five\n9. nine"),
        ("<ol type=a><li>one<li>two</ol><ol type='A'><li>one</ol>", "a. one\nb. two\nA. one"),
        ("<ol style='list-style: none'><li>one</ol><li>two</ol></ul>", "- one\n- two"),
        ("<pre>a\n  b</pre>c", "a\n  b\nc"),
        ("one<hr>two", "one\n" + "_" * 32 + "\ntwo"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n> > b\nc"),
        ("<style>p{}</style><script>x<p>y</script><title>t</title>z", "z"),
        ("<!-- a --><!--[if mso]>b<![endif]-->c<!DOCTYPE d><?e?>", "c"),
        ("a<!-- never closed", "a"),
        ("a<script>never closed", "a"),
        ("a<p", "a"),
        ('<a href="x>y">link</a>', "link"),
        ("<img alt='no' src=x>word", "word"),
        ("<p style='display: none'>no<b>no</b></p>yes", "yes"),
        ("<div style='DISPLAY:NONE'><div>no</div>no</div>yes", "yes"),
        ("<p hidden>no</p><p data-x='hidden'>yes</p><input type=hidden><p style='overflow: hidden'>so</p>", "yes\nso"),
        ("<span style='font-size:0'>no</span><span style='font-size:0.9em'>yes</span>", "yes"),
        ("<img style='display:none'>yes", "yes"),
        ("<P>one</P><BR><P>two", "one\n\ntwo"),
        ("<input type=checkbox checked> A <input type='radio'> B", "[x]  A [ ]  B"),
        ("<input type=text value='A &amp; B'><input type=hidden value=C>", "A & B"),
        ("<select><option>A<option selected>B</option><option>C</select>D", "BD"),
    ],
)
def test_html_becomes_what_a_reader_sees(html: str, text: str) -> None:
    """Blocks are lines, what is hidden is nothing, and sloppy markup loses no words."""
    assert html_to_text(html) == text


def test_a_table_is_lines_of_cells() -> None:
    """A row is a line, a tab stands between its cells, blocks within a cell start no row."""
    html = (
        "<table><tr><td><p>Title</p></td><td><p>Closing codes</p></td></tr>\n<tr><th>Phone</th> <td>1</td></tr></table>"
    )
    assert html_to_text(html) == "Title\tClosing codes\nPhone\t1"


@pytest.mark.parametrize(
    ("flowed", "text"),
    [
        ("one \ntwo\nthree", "one two\nthree"),
        ("one\n\ntwo \nthree", "one\n\ntwo three"),
        (" >no quotation\n From here", ">no quotation\nFrom here"),
        (">one \n>two\n>>three \n> four", "> one two\n> > three \n> four"),
        ("text \n-- \nAnn \nLee", "text \n-- \nAnn Lee"),
        ("end ", "end "),
    ],
)
def test_flowed_lines_are_joined(flowed: str, text: str) -> None:
    """A blank at a line's end joins it with the next of the same quotation; a signature never joins."""
    assert unflow(flowed) == text


def test_delsp_takes_the_blank_away() -> None:
    """With DelSp the joining blank is not part of the text."""
    assert unflow("Ordnungs \nnummer", delsp=True) == "Ordnungsnummer"


@pytest.mark.parametrize(
    ("linked", "text"),
    [
        ("SME ann@x.example<mailto:ann@x.example>; bo@x.example", "SME ann@x.example; bo@x.example"),
        ("Ann <ann@x.example<mailto:Ann@x.example>>", "Ann <ann@x.example>"),
        ("ann@x.example <mailto:ann@x.example> wrote", "ann@x.example wrote"),
        ("see www.x.example<http://www.x.example/>, please", "see www.x.example, please"),
        (
            "the page <https://x.example/a> and <https://x.example/b>",
            "the page <https://x.example/a> and <https://x.example/b>",
        ),
        ("Ann <mailto:ann@x.example>", "Ann <mailto:ann@x.example>"),
        ("Ann <ann@x.example>", "Ann <ann@x.example>"),
        ("call 701-555-0118<tel:701-555-0118> now", "call 701-555-0118 now"),
        ("(701) 555-0118 <tel:+17015550118>", "(701) 555-0118"),
        ("701-555-0118<tel:701-555-0119>", "701-555-0118<tel:701-555-0119>"),
        ("the desk<tel:701-555-0118>", "the desk<tel:701-555-0118>"),
    ],
)
def test_a_link_that_says_where_it_leads_says_it_once(linked: str, text: str) -> None:
    """The target that a mail program writes behind a link goes where it repeats the link, and only there."""
    assert unlinked(linked) == text
