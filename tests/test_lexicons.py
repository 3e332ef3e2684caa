from bot import lexicons
from bot.pipeline import classify


def test_the_three_topics_are_there() -> None:
    classifier = lexicons.load()
    assert [topic.name for topic in lexicons.topics(classifier)] == ["desertion", "mobilization", "rotation"]
    found = classify.classify(classifier, "Верните наших мужей домой, им нужна ротация")
    assert found.language == "ru"
    assert {match.topic for match in found.matches} == {"rotation"}
