from hypothesis import given, settings
from hypothesis import strategies as st

from storage import columns
from storage.models import Button, ChannelId, Entity, MessageId, Origin, TextPart
from storage.topic_models import OwnRule

few = settings(max_examples=30, deadline=None)
numbers = st.integers(0, 2**31)
texts = st.text(max_size=20)
parts = st.builds(TextPart, kind=st.sampled_from(["message", "rich", "poll", "preview"]), start=numbers, end=numbers)
entities = st.builds(
    Entity, kind=st.sampled_from(["bold", "link", "quote"]), start=numbers, length=numbers, url=st.none() | texts
)
buttons = st.builds(Button, label=texts, data=st.none() | texts, url=st.none() | texts)
origins = st.builds(
    Origin,
    channel_id=st.none() | numbers.map(ChannelId),
    message_id=st.none() | numbers.map(MessageId),
    title=st.none() | texts,
    date=st.none() | numbers,
)

rules = st.builds(OwnRule, number=numbers, text=texts)


@few
@given(st.lists(parts, max_size=5).map(tuple))
def test_parts_come_back_as_they_were(written: tuple[TextPart, ...]) -> None:
    assert columns.read_parts(columns.parts(written)) == written


@few
@given(st.lists(entities, max_size=5).map(tuple))
def test_entities_come_back_as_they_were(written: tuple[Entity, ...]) -> None:
    assert columns.read_entities(columns.entities(written)) == written


@few
@given(st.lists(st.lists(buttons, max_size=3).map(tuple), max_size=3).map(tuple))
def test_buttons_come_back_as_they_were(written: tuple[tuple[Button, ...], ...]) -> None:
    assert columns.read_buttons(columns.buttons(written)) == written


@few
@given(st.none() | origins)
def test_an_origin_comes_back_as_it_was(written: Origin | None) -> None:
    assert columns.read_origin(columns.origin(written)) == written


@few
@given(st.lists(texts, max_size=5).map(tuple))
def test_topics_come_back_as_they_were(written: tuple[str, ...]) -> None:
    assert columns.read_topics(columns.topics(written)) == written


@few
@given(
    st.lists(rules, max_size=3).map(tuple),
    st.lists(numbers.map(ChannelId), max_size=3).map(tuple),
    st.lists(texts, max_size=3).map(tuple),
)
def test_what_topics_hold_comes_back_as_it_was(
    written: tuple[OwnRule, ...], channels: tuple[ChannelId, ...], languages: tuple[str, ...]
) -> None:
    assert columns.read_rules(columns.rules(written)) == written
    assert columns.read_channel_ids(columns.channel_ids(channels)) == channels
    assert columns.read_languages(columns.languages(languages)) == languages
