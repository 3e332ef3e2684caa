from pathlib import Path

import pytest

from bot.cli import topic_files, trouble


def test_what_is_wrong_in_a_topic_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "rotation.toml").write_text("[ru]\nrules = 'смена and'\n", encoding="utf-8")
    with pytest.raises(trouble.TroubleError, match=r"rotation\.toml:.*write a word"):
        topic_files.rules(tmp_path)
