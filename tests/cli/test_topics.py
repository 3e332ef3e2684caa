from pathlib import Path

import pytest

from bot import rulebook
from bot.cli import main

pytestmark = pytest.mark.usefixtures("read_already")


def write(here: Path, name: str, text: str) -> str:
    path = here / "data" / "topics" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_without_files_it_says_where_they_belong(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["topics", "check"]) == 0
    assert f"{here}/data/topics holds no rules yet" in capsys.readouterr().out


def test_each_rule_is_told_in_words_with_the_forms_of_its_words(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, "water.toml", "[ru]\nrules = '''\nвода and:5 (труба | \"авария\") unless:text рек*\n'''\n")
    assert main.main(["topics", "check"]) == 0
    out = capsys.readouterr().out
    assert "water.toml:3, Russian: вода and:5" in out
    assert "  finds вода\n" in out
    assert '  only where one of: труба | "авария" stands within 5 words\n' in out
    assert "  but not where рек* stands anywhere in the text\n" in out
    assert "  труба: труб, труба, трубам, " in out
    assert "1 rule can be read; dictionaries know all their words.\n" in out


def test_a_rule_is_placed_in_its_file_where_a_topic_has_several(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, "water.ru.toml", "[ru]\nrules = 'мабилизация'\n")
    write(here, "water.uk.toml", "[uk]\nrules = 'вода'\n")
    assert main.main(["topics", "check", "--text", "Їли й пили воду"]) == 1
    out = capsys.readouterr().out
    assert "water.ru.toml:2, Russian: мабилизация" in out
    assert "! water.ru.toml:2: no dictionary knows 'мабилизация'" in out
    assert "«воду» by: water.uk.toml:2: вода" in out


def test_lists_and_gaps_are_told_by_their_names_and_widths(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = "верните .. {kin} домой\nсмена and (ждать unless долго)"
    text = f"[ru]\nrules = '''\n{rules}\n'''\n[ru.lists]\nkin = 'муж | сын'\n"
    assert main.main(["topics", "check", write(here, "home.toml", text)]) == 0
    out = capsys.readouterr().out
    assert "  finds верните [up to 3 words] {kin} домой\n" in out
    assert (
        "only where (finds ждать, but not where долго stands in the same sentence) stands in the same sentence" in out
    )


def test_a_word_that_no_dictionary_knows_is_warned_of(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, "water.toml", "[ru]\nrules = 'мабилизация'\n")
    assert main.main(["topics", "check"]) == 1
    out = capsys.readouterr().out
    assert "! water.toml:2: no dictionary knows 'мабилизация'. Its forms are guessed" in out
    assert out.endswith("1 rule can be read; no dictionary knows 1 word.\n")


def test_of_a_masked_word_it_gives_the_forms_and_warns(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["topics", "check", "--rule", "~мабилизация", "--text", "м*билизация, мабил*зация"]) == 1
    out = capsys.readouterr().out
    assert "  finds ~мабилизация\n  мабилизация: мабилизацией, " in out
    assert "Is it spelled right?\n" in out
    assert "«мабил*зация» by: ~мабилизация" in out


def test_an_empty_rule_is_none(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["topics", "check", "--rule", ""]) == 1
    assert "the rule ends where a word is missing" in capsys.readouterr().err


def test_words_of_the_built_in_lists_are_not_warned_of(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, "_lists.toml", "[ru.lists]\n'бойцы' = '{бойцы} | сталкир'\n")
    write(here, "water.toml", "[ru]\nrules = 'вода and {бойцы}'\n")
    assert main.main(["topics", "check"]) == 1
    out = capsys.readouterr().out
    assert "no dictionary knows 'сталкир'" in out
    assert out.endswith("; no dictionary knows 1 word.\n")


def test_lists_are_told_once_and_words_that_are_not_looked_up_are_said(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, "_lists.toml", "[ru.lists]\npipe = 'труба | \"горячая вода\"'\n")
    rules = "{pipe} 5  # pipes\nавария {pipe}"
    path = write(here, "water.toml", f"[ru]\nrules = '''\n{rules}\n'''\n[en]\nrules = 'leak'\n")
    assert main.main(["topics", "check", path]) == 0
    out = capsys.readouterr().out
    assert "water.toml:3, Russian: {pipe} 5  # pipes\n  finds {pipe} 5\n  in the chat: pipes\n\n" in out
    assert out.count("  труба: труб, ") == 1
    assert 'The list {pipe}, Russian: труба | "горячая вода"\n' in out
    assert out.endswith("3 rules can be read; dictionaries know all their words. English words are not looked up.\n")


def test_a_file_saved_by_a_windows_editor_is_read(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, "water.toml", "\ufeff[ru]\r\nrules = '''\r\nвода\r\nмабилизация\r\n'''\r\n")
    assert main.main(["topics", "check"]) == 1
    assert "! water.toml:4: no dictionary knows 'мабилизация'" in capsys.readouterr().out


def test_a_file_of_lists_alone_is_said_to_hold_no_rules(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(here, "_lists.toml", "[ru.lists]\npipe = 'труба'\n")
    assert main.main(["topics", "check", path]) == 0
    assert f"{path} holds no rules yet" in capsys.readouterr().out


def test_one_rule_is_tried_on_a_text(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["topics", "check", "--rule", "отключить .. вода", "--text", "Снова отключили всю воду."]
    assert main.main(asked) == 0
    assert "  «отключили всю воду» by: отключить .. вода\n" in capsys.readouterr().out
    assert main.main([*asked[:-1], "Дали свет."]) == 0
    assert "In 'Дали свет.' they find nothing." in capsys.readouterr().out


@pytest.mark.usefixtures("here")
def test_one_rule_may_name_the_lists_that_all_topics_share(capsys: pytest.CaptureFixture[str]) -> None:
    rule = "труба and {армия}"
    assert main.main(["topics", "check", "--rule", rule, "--text", "Морпехи взорвали трубу."]) == 0
    out = capsys.readouterr().out
    assert "  finds труба\n  only where {армия} stands in the same sentence\n" in out
    assert "The list {армия}, Russian: {бойцы} | {передовая} | армия" in out
    assert "1 rule can be read; dictionaries know all their words." in out
    assert f"  «трубу» by: {rule}\n" in out


def test_a_built_in_file_is_checked_with_its_own_lists(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, "_lists.toml", "[uk.lists]\n'армія' = 'булочка'\n")
    own = write(here, "bread.toml", "[uk]\nrules = '{армія}'\n")
    shipped = str(rulebook.BUILT_IN / "rotation.uk.toml")
    main.main(["topics", "check", shipped])
    assert "булочка" not in capsys.readouterr().out
    assert main.main(["topics", "check", own]) == 0
    assert "The list {армія}, Ukrainian: булочка" in capsys.readouterr().out


def test_a_rule_that_cannot_be_read_is_pointed_at(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["topics", "check", "--rule", "вода and (труба"]) == 1
    assert capsys.readouterr().err.splitlines()[1:] == ["  вода and (труба", "           ^"]


@pytest.mark.usefixtures("here")
def test_a_file_that_cannot_be_used_is_a_sentence(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["topics", "check", "none.toml"]) == 1
    assert "none.toml cannot be read (No such file" in capsys.readouterr().err
    (tmp_path / "latin.toml").write_bytes(b"[ru]\nrules = '\xe9'\n")
    assert main.main(["topics", "check", "latin.toml"]) == 1
    assert "UTF-8" in capsys.readouterr().err
    (tmp_path / "wrong.toml").write_text("[ru]\nrules = 'вода and'\n", encoding="utf-8")
    assert main.main(["topics", "check", "wrong.toml"]) == 1
    assert "write a word here" in capsys.readouterr().err
