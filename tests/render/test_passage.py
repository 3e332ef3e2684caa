"""The stretch of a post around what was found in it."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot import catalogues
from bot.render import passage
from bot.render.text import Span, tidy
from storage.models import Match, StoredPost, TextPart
from tests import records
from tests.render import hostile

ENGLISH = catalogues.load("en")
FILLING = "Воду обещают вернуть к вечеру, но верят в это не все. "


def found(text: str, *words: str, topic: str = "desertion") -> tuple[Match, ...]:
    return tuple(records.match(topic, text.index(word), text.index(word) + len(word)) for word in words)


def shown(spans: tuple[Span, ...]) -> str:
    return "".join(f"*{span.text}*" if span.style == "bold" else span.text for span in spans)


def around(text: str, *words: str, limit: int = passage.ALERT_LIMIT) -> str:
    return shown(passage.passage(ENGLISH, records.post(text=text), found(text, *words), limit=limit))


def test_a_short_text_is_shown_whole_with_the_matched_words_bold() -> None:
    assert around("Из части ушёл дезертир, его ищут.", "дезертир") == "Из части ушёл *дезертир*, его ищут."


def test_a_text_without_matches_is_shown_from_its_beginning() -> None:
    assert around(FILLING * 20, limit=60) == "Воду обещают вернуть к вечеру, но верят в это не все. Воду…"


def test_a_long_text_is_cut_between_words_with_the_match_inside() -> None:
    text = FILLING * 40 + "Из части ушёл дезертир. " + FILLING * 40
    cut = around(text, "дезертир")
    assert cut.startswith("…Воду обещают")
    assert cut.endswith("…")
    assert "*дезертир*" in cut
    assert 450 <= len(cut) <= passage.ALERT_LIMIT + 4
    middle = cut.index("дезертир") / len(cut)
    assert 0.3 < middle < 0.7


def test_a_passage_begins_with_a_sentence_where_one_begins_near() -> None:
    text = FILLING * 9 + "Ночью опять ищут: из части ушёл дезертир и не вернулся. " + FILLING * 9
    assert around(text, "дезертир", limit=110).startswith("…Ночью опять ищут: из части ушёл *дезертир*")


def test_a_sentence_that_is_itself_too_long_begins_between_words() -> None:
    text = "слово за слово, " * 60 + "дезертир, " + "слово за слово, " * 60
    cut = around(text, "дезертир", limit=80)
    assert cut.startswith(("…слово", "…за"))
    assert "*дезертир*" in cut
    assert len(cut) <= 84


def test_the_passage_is_where_most_of_the_matches_are() -> None:
    text = "Ротация. " + FILLING * 30 + "Ушёл дезертир, за ним беглец и отказник. " + FILLING * 30
    cut = around(text, "Ротация", "дезертир", "беглец", "отказник", limit=200)
    assert "*дезертир*, за ним *беглец* и *отказник*" in cut
    assert "Ротация" not in cut


def test_matches_that_overlap_or_lie_outside_the_text_do_no_harm() -> None:
    text = "самовольное оставление части"
    matches = (
        records.match("desertion", 0, 22),
        records.match("desertion", 12, 28),
        records.match("desertion", 14, 16),
        records.match("desertion", 25, 90),
        records.match("desertion", 90, 99),
        records.match("desertion", 5, 5),
    )
    spans = passage.passage(ENGLISH, records.post(text=text), matches)
    assert spans == (Span(text, "bold"),)


def test_a_match_longer_than_the_limit_is_shown_from_its_beginning() -> None:
    text = FILLING * 5 + "дезертир" + "!" * 300 + FILLING * 5
    spans = passage.passage(ENGLISH, records.post(text=text), found(text, "дезертир" + "!" * 300), limit=100)
    assert shown(spans).startswith("…*дезертир!!!")
    assert sum(len(span.text) for span in spans) <= 102


def test_polls_and_previews_are_marked_as_what_they_are() -> None:
    texts = ("Голосуем.", "Кто видел повестки?\n– да\n– нет", "Новости\nСайт города")
    text = "\n".join(texts)
    parts = []
    for kind, piece in zip(("message", "poll", "preview"), texts, strict=True):
        parts.append(TextPart(kind=kind, start=text.index(piece), end=text.index(piece) + len(piece)))  # type: ignore[arg-type]
    spans = passage.passage(ENGLISH, records.post(text=text, parts=tuple(parts)), found(text, "повестки"))
    assert shown(spans) == ("Голосуем.\nPoll: Кто видел *повестки*?\n– да\n– нет\nLink preview: Новости\nСайт города")
    assert [span.text for span in spans if span.style == "italic"] == ["Poll: ", "Link preview: "]


def test_what_is_not_seen_moves_no_match() -> None:
    text = "\u202eИз  части\u200b\n\n\n\nушёл\u00a0 дезертир"
    assert around(text, "дезертир") == "Из части\n\nушёл *дезертир*"


def test_of_a_match_that_begins_with_an_empty_line_the_word_is_shown() -> None:
    text = f"\n{'дезертир' * 3}"
    parts = (TextPart(kind="message", start=0, end=1), TextPart(kind="poll", start=1, end=len(text)))
    match = records.match(start=0, end=len(text))
    spans = passage.passage(ENGLISH, records.post(text=text, parts=parts), [match], limit=20)
    assert [span.text[:8] for span in spans if span.style == "bold"] == ["дезертир"]


def test_a_text_that_shows_nothing_leaves_nothing() -> None:
    assert passage.passage(ENGLISH, records.post(text="\u200b \n"), ()) == ()


def test_of_a_post_without_its_text_it_says_so() -> None:
    assert (
        shown(passage.passage(ENGLISH, records.post(text=""), found("дезертир", "дезертир")))
        == "(the text is forgotten)"
    )


def test_a_list_has_no_line_breaks() -> None:
    assert passage.on_one_line((Span("a\n\nb"), Span("c\nd", "bold"))) == (Span("a b"), Span("c d", "bold"))


@settings(max_examples=40)
@given(hostile.stored_posts(), st.integers(20, 700))
def test_a_passage_keeps_its_limit_and_shows_something_found(stored: StoredPost, limit: int) -> None:
    assume(stored.post.text)
    spans = passage.passage(ENGLISH, stored.post, stored.matches, limit=limit)
    assert sum(len(span.text) for span in spans) <= limit + 2
    whole = passage.passage(ENGLISH, stored.post, stored.matches, limit=10**6)
    # What matches has letters; of nothing but space there may be nothing to show.
    visible = all(tidy(stored.post.text[match.start : match.end]).strip() for match in stored.matches)
    if visible and any(span.style == "bold" for span in whole):
        assert any(span.style == "bold" for span in spans)


def test_a_whole_text_is_the_passage_with_what_stands_around_it() -> None:
    text = FILLING * 20 + "Из части ушёл дезертир. " + FILLING * 20
    parts = passage.whole(ENGLISH, records.post(text=text), found(text, "дезертир"), limit=120)
    assert shown(parts.passage) == around(text, "дезертир", limit=120).strip("…")
    assert "".join(span.text for span in (*parts.before, *parts.passage, *parts.after)) == text.rstrip()


@given(hostile.stored_posts(), st.integers(40, 900))
def test_no_text_loses_anything_when_it_is_parted(post: StoredPost, limit: int) -> None:
    parts = passage.whole(ENGLISH, post.post, post.matches, limit=limit)
    everything = passage.whole(ENGLISH, post.post, post.matches, limit=10**6)
    assert (everything.before, everything.after) == ((), ())
    assert "".join(span.text for span in (*parts.before, *parts.passage, *parts.after)) == "".join(
        span.text for span in everything.passage
    )
