import pytest

from bot import lexicons
from bot.cli import topic_files, trouble


def test_what_is_wrong_in_a_topic_file_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong() -> None:
        raise lexicons.LexiconError("rotation.toml:7: a word is missing")

    monkeypatch.setattr(lexicons, "load", wrong)
    with pytest.raises(trouble.TroubleError, match="rotation"):
        topic_files.load()
