"""Under which id a message was sent, as the answers of servers say it."""

import pytest
from telethon.tl import types

from bot.telegram import sender


@pytest.mark.parametrize(
    ("answer", "number"),
    [
        (types.UpdateShortSentMessage(id=5, pts=1, pts_count=1, date=None), 5),
        (types.UpdatesTooLong(), 0),
        (types.Updates(updates=[types.UpdateMessageID(id=6, random_id=77)], users=[], chats=[], date=None, seq=0), 6),
        (
            types.Updates(
                updates=[
                    types.UpdateMessageID(id=6, random_id=78),
                    types.UpdateNewMessage(
                        message=types.Message(id=7, peer_id=types.PeerUser(1), date=None, message="x"),
                        pts=1,
                        pts_count=1,
                    ),
                ],
                users=[],
                chats=[],
                date=None,
                seq=0,
            ),
            7,
        ),
    ],
)
def test_the_id_of_a_sent_message_is_found_in_every_form_of_answer(answer: object, number: int) -> None:
    assert sender.sent_id(answer, 77) == number
