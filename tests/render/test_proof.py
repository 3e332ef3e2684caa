"""How far a channel is held, in words."""

from dataclasses import replace

from bot import catalogues
from bot.render import proof
from tests.render import digests

ENGLISH = catalogues.load("en")


def test_what_was_forgotten_is_told_apart_from_what_is_held() -> None:
    health = digests.health(0)
    posts = proof.posts(ENGLISH, replace(health, posts=1200, forgotten=3), digests.KYIV, now=digests.END)
    assert posts[0] == "1,200 posts held"
    assert posts[-1] == "3 without their text any more"
