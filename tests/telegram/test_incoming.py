from datetime import UTC, datetime
from typing import Any

import pytest
from telethon.tl import types

from bot.commands.requests import Command, Moved, Press
from bot.telegram import incoming
from storage.models import ChatId

SENT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def message(text: str = "/status", **fields: Any) -> types.Message:
    return types.Message(
        **{"id": 7, "peer_id": types.PeerUser(user_id=42), "date": SENT, "message": text, "out": False, **fields}
    )


def user(*, bot: bool) -> types.User:
    return types.User(id=42, bot=bot)


@pytest.mark.parametrize(
    ("text", "name", "args"),
    [
        ("/digest", "digest", ""),
        ("/Digest@Homefront_Bot  7d rotation ", "digest", "7d rotation"),
        ("/start 4K7P2MNX", "start", "4K7P2MNX"),
        ("/add\n@way_home", "add", "@way_home"),
        ("/дайджест вчера", "дайджест", "вчера"),
        ("  /help ", "help", ""),
        ("Путь домой", "", "Путь домой"),
        ("/", "", "/"),
        ("/ help", "", "/ help"),
        ("//help", "", "//help"),
        ("look at /help", "", "look at /help"),
    ],
)
def test_a_text_is_a_command_if_it_begins_with_a_slash_and_a_word(text: str, name: str, args: str) -> None:
    assert incoming.parse(text) == (name, args)


def test_a_message_of_a_user_is_a_command() -> None:
    assert incoming.command(message("/Topics now"), {42: user(bot=False)}) == Command(
        chat_id=ChatId(42), sender=ChatId(42), request_id=7, name="topics", args="now", sent_at=int(SENT.timestamp())
    )


def test_the_language_of_the_senders_telegram_is_known_where_it_is_told() -> None:
    found = incoming.command(message(), {42: types.User(id=42, lang_code="uk")})
    assert found is not None
    assert found.language == "uk"


def test_a_user_whom_the_server_did_not_send_along_counts_as_a_user() -> None:
    assert incoming.command(message(), {}) is not None


@pytest.mark.parametrize(
    "unwanted",
    [
        message(out=True),
        message(peer_id=types.PeerChat(chat_id=1)),
        message(peer_id=types.PeerChannel(channel_id=1)),
        message(""),
        types.MessageEmpty(id=7, peer_id=types.PeerUser(user_id=42)),
    ],
)
def test_groups_channels_our_own_words_and_empty_messages_are_no_commands(unwanted: Any) -> None:
    assert incoming.command(unwanted, {}) is None


def test_another_bot_is_not_heard() -> None:
    assert incoming.command(message(), {42: user(bot=True)}) is None


def test_the_short_form_of_an_update_is_a_command_too() -> None:
    update = types.UpdateShortMessage(id=8, user_id=42, message="/help", pts=2, pts_count=1, date=None, out=False)
    assert incoming.short_command(update) == Command(
        chat_id=ChatId(42), sender=ChatId(42), request_id=8, name="help", args="", sent_at=0
    )


def test_our_own_words_in_the_short_form_are_no_command() -> None:
    update = types.UpdateShortMessage(id=8, user_id=42, message="/help", pts=2, pts_count=1, date=SENT, out=True)
    assert incoming.short_command(update) is None


def pressed(**fields: Any) -> types.UpdateBotCallbackQuery:
    return types.UpdateBotCallbackQuery(
        **{
            "query_id": 99,
            "user_id": 42,
            "peer": types.PeerUser(user_id=42),
            "msg_id": 5,
            "chat_instance": 1,
            "data": b"mute:t:rotation:1d",
            **fields,
        }
    )


def test_a_pressed_button_is_a_press() -> None:
    assert incoming.press(pressed()) == Press(
        chat_id=ChatId(42), sender=ChatId(42), query_id=99, message_id=5, data="mute:t:rotation:1d"
    )


def test_a_press_whose_data_is_no_text_is_still_a_press() -> None:
    found = incoming.press(pressed(data=b"\xff"))
    assert found is not None
    assert found.data == "\N{REPLACEMENT CHARACTER}"


def test_a_press_without_data_is_none_of_ours() -> None:
    assert incoming.press(pressed(data=None)) is None


@pytest.mark.parametrize(
    ("peer", "chat_id"), [(types.PeerChat(chat_id=9), -9), (types.PeerChannel(channel_id=9), -1_000_000_000_009)]
)
def test_a_press_in_a_group_says_where_and_who(peer: Any, chat_id: int) -> None:
    found = incoming.press(pressed(peer=peer))
    assert found is not None
    assert (found.chat_id, found.sender) == (chat_id, 42)


class TestInAGroup:
    PEER = types.PeerChat(chat_id=9)

    def heard(self, text: str, **fields: Any) -> Command | None:
        said = message(text, **{"peer_id": self.PEER, "from_id": types.PeerUser(user_id=42), **fields})
        known = incoming.known([user(bot=False), types.Chat(9, "Newsroom", types.ChatPhotoEmpty(), 3, SENT, 1)])
        return incoming.command(said, known, username="homefront_bot")

    @pytest.mark.parametrize("text", ["/here", "/here@homefront_bot", "/HERE@Homefront_Bot"])
    def test_a_command_to_us_is_heard(self, text: str) -> None:
        assert self.heard(text) == Command(
            chat_id=ChatId(-9),
            sender=ChatId(42),
            request_id=7,
            name="here",
            args="",
            sent_at=int(SENT.timestamp()),
            title="Newsroom",
        )

    @pytest.mark.parametrize("text", ["/here@other_bot", "what do you think?", "", "look at /here", "/"])
    def test_what_is_not_meant_for_us_is_not_heard(self, text: str) -> None:
        assert self.heard(text) is None

    @pytest.mark.parametrize(
        "fields",
        [
            {"from_id": None},
            {"from_id": types.PeerChannel(channel_id=9)},
            {"post": True},
            {"out": True},
        ],
    )
    def test_nobody_is_heard_whom_one_could_not_know(self, fields: dict[str, Any]) -> None:
        assert self.heard("/here", **fields) is None

    def test_another_bot_is_not_heard(self) -> None:
        said = message("/here", peer_id=self.PEER, from_id=types.PeerUser(user_id=42))
        assert incoming.command(said, {42: user(bot=True)}, username="homefront_bot") is None

    def test_the_short_form_is_heard_too(self) -> None:
        update = types.UpdateShortChatMessage(
            id=8, from_id=42, chat_id=9, message="/here", pts=2, pts_count=1, date=SENT, out=False
        )
        found = incoming.short_group_command(update, username="homefront_bot")
        assert found is not None
        assert (found.chat_id, found.sender, found.title) == (-9, 42, None)
        update.out = True
        assert incoming.short_group_command(update, username="homefront_bot") is None


def service(peer: Any, action: Any) -> types.MessageService:
    return types.MessageService(id=7, peer_id=peer, date=SENT, action=action)


def test_a_group_that_grew_says_so_on_both_sides() -> None:
    small, large = types.PeerChat(chat_id=9), types.PeerChannel(channel_id=11)
    moved = Moved(chat_id=ChatId(-9), after=ChatId(-1_000_000_000_011))
    assert incoming.moved(service(small, types.MessageActionChatMigrateTo(channel_id=11))) == moved
    assert incoming.moved(service(large, types.MessageActionChannelMigrateFrom(title="x", chat_id=9))) == moved
    assert incoming.moved(service(large, types.MessageActionPinMessage())) is None
    assert incoming.moved(message()) is None
