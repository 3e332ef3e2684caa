import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pipeline import lexicon, topic_file


def read(text: str, *, stem: str = "bread", shared: str = "") -> list[lexicon.RuleText]:
    files = [("_common", shared), (stem, text)]
    return list(topic_file.read(file(name, written) for name, written in files).rules)


def file(stem: str, text: str) -> topic_file.File:
    return topic_file.File(stem=stem, path=f"{stem}.toml", text=text)


def test_a_rule_knows_its_topic_language_line_and_name() -> None:
    first, second = read("# Bread\n[uk]\nrules = '''\nхліб  # rye\n\nбулка\n'''\n")
    assert (first.topic, first.language, first.text, first.name, first.line) == ("bread", "uk", "хліб", "rye", 4)
    assert (second.text, second.name, second.line) == ("булка", "", 6)


def test_a_hash_in_quotes_begins_no_comment() -> None:
    (rule,) = read("[ru]\nrules = '\"#хлеб\" and {еда}  # tag #1'\n[ru.lists]\n'еда' = 'сыр | \"#рис\"  # x'\n")
    assert (rule.text, rule.name) == ('"#хлеб" and {еда}', "tag #1")
    assert "рис" in repr(rule.node)


def test_lists_may_use_those_above_and_those_of_all_topics() -> None:
    shared = "[ru.lists]\n'зерно' = 'рожь | пшеница  # and others'\n"
    (rule,) = read("[ru]\nrules = '{все}'\n[ru.lists]\n'хлеб' = 'булка'\n'все' = '{хлеб} | {зерно}'\n", shared=shared)
    assert "рожь" in repr(rule.node)
    assert "булка" in repr(rule.node)


def test_lists_that_were_known_may_be_named_and_extended_but_others_keep_them() -> None:
    first = topic_file.read([file("_common", "[ru.lists]\n'хлеб' = 'булка'"), file("bread", "[ru]\nrules = '{хлеб}'")])
    own = [
        file("_lists", "[ru.lists]\n'хлеб' = '{хлеб} | батон'\n'каша' = 'пшено'"),
        file("food", "[ru]\nrules = '{хлеб} {каша}'"),
    ]
    second = topic_file.read(own, first.lists)
    assert all(word in repr(second.rules[0].node) for word in ("булка", "батон", "пшено"))
    assert "батон" not in repr((first.rules, first.lists))
    assert second.lists["ru"].keys() == {"хлеб", "каша"}


def test_a_topic_is_called_like_its_file_in_small_letters() -> None:
    assert read("[ru]\nrules = 'хлеб'", stem="Bread")[0].topic == "bread"


def test_a_topic_may_have_several_files() -> None:
    assert read("[ru]\nrules = 'хлеб'", stem="bread.ru")[0].topic == "bread"


@pytest.mark.parametrize("stem", ["my topic", "b", "b" * 21, "today", "5bread", "bread!"])
def test_a_file_that_cannot_name_a_topic_is_told(stem: str) -> None:
    with pytest.raises(topic_file.LexiconError, match=r"toml: a topic is called like its file: name it by one word"):
        read("[ru]\nrules = 'хлеб'", stem=stem)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[ru]\nrules = '''\nбулка\n(хлеб\n'''\n", "bread.toml:4: this '(' is never closed: write ')' where the group"),
        ("[ru]\nrules = 'хлеб and'", "bread.toml:2: the rule ends where a word is missing: write a word here"),
        ("[ru]\nrules = '''\nхлеб and\n'''", "\n  хлеб and\n          ^"),
        ("# х |\n[ru.lists]\n'еда' = '''\nсыр |\nхлеб !'''", "bread.toml:5: list 'еда': '!' means nothing here"),
        ("[ru.lists]\n'еда' = '''\nсыр |\nхлеб !'''", "\n  хлеб !\n       ^"),
        ("[ru.lists]\n'еда' = '{хлеб}'", "bread.toml:2: list 'еда': there is no list 'хлеб'"),
        ("[ru]\nlists = 'хлеб'", "[ru.lists]: write lines like  kin = 'муж | сын'"),
        ("[ru.lists]\na = 5", "[ru.lists]: write lines like"),
        ("[ru]\nrules = ['хлеб']", "[ru]: write  rules = '''"),
        ("[ru]\nrule = 'хлеб'", "'rule' means nothing in [ru]: write  rules  or  [ru.lists]"),
        ("[de]\nrules = 'Brot'", "'de' is no language that I know: begin its part with one of [ru], [uk], [en]"),
        ("rules = 'Brot'", "'rules' is no language that I know"),
        ("[ru", "bread.toml:1: this cannot be read"),
        ("[ru]\nrules='a'\n[ru]\n", "bread.toml:3: this part stands twice"),
        ("[ru]\nrules='a'\nrules='b'\n", "bread.toml:3: this name stands twice in its part"),
        ('[ru]\nrules="""\n\\путь"""\n', "bread.toml:3: a backslash means something else here"),
        ("[ru]\nrules='''\nхлеб\n", "bread.toml:3: a text that begins with ''' is never closed"),
        ("[ru.lists]\nхлеб = 'булка'\n", "bread.toml:2: this cannot be read: rules stand between"),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_what_to_write(text: str, says: str) -> None:
    with pytest.raises(topic_file.LexiconError) as raised:
        read(text)
    assert says in str(raised.value)


@given(st.text(alphabet="[]ruken.=\n'\"#абв|{}(\\0 ", max_size=80))
def test_any_text_is_a_topic_file_or_a_sentence_about_what_is_wrong(text: str) -> None:
    try:
        read(text)
    except topic_file.LexiconError as error:
        said = str(error)
    else:
        said = "bread.toml"
    assert said.startswith("bread.toml")
