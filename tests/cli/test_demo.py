"""The demo that a newcomer judges by."""

import asyncio
import re
import sys

import pytest

from bot.pipeline import classify
from bot.pipeline.classify import Classifier
from bot.sandbox import script

PLAYED = script.load()
LAST_LINE = re.compile(
    r"Read (\d+) posts, sent (\d+) alerts; from post to alert: median \d+ ms, 95th percentile \d+ ms\."
)


@pytest.mark.parametrize("scene", [scene for scene in (*PLAYED.history, *PLAYED.live) if scene.text])
def test_the_lexicons_flag_of_the_script_what_a_careful_reader_would(
    classifier: Classifier, scene: script.Scene
) -> None:
    found = classify.classify(classifier, scene.text)
    assert {match.topic for match in found.matches} == scene.topics


def test_the_script_shows_what_there_is_to_see() -> None:
    assert len(PLAYED.channels) == 6
    assert {scene.action for scene in PLAYED.live} == {"post", "forward", "edit", "delete"}
    assert sum(scene.action == "post" and not scene.topics for scene in PLAYED.live) >= 8


@pytest.mark.timeout(150)
async def test_without_a_terminal_it_ends_by_itself_and_says_what_it_measured() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    output = printed.decode()
    assert process.returncode == 0, output
    found = LAST_LINE.fullmatch(output.splitlines()[-1])
    assert found is not None
    assert int(found[1]) >= 40
    stories = {scene.name or scene.of or scene.text for scene in PLAYED.live if scene.topics}
    assert int(found[2]) == len(stories)
    for words in ("also: Окопный блокнот", "Заречный сегодня +", "✏️ Edited after", "🗑 Deleted after"):
        assert words in output
