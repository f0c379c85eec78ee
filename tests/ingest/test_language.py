import pytest

from pipeline.ingest.language import language_of


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The boats left the harbour and the people on the shore were glad that it was not to rain."),
        ("fr", "Les bateaux ont quitté le port et les gens sur la rive étaient contents de la pluie."),
        (
            "de",
            "Die Boote haben den Hafen verlassen, und die Leute an der Küste sehen, dass es nicht regnet.",
        ),
        ("es", "Los barcos salieron del puerto y la gente en la orilla se alegró de que no iba a llover."),
        ("ru", "Корабли вышли из порта, и люди на берегу были рады, что дождя не было."),
        ("zh", "渡船在中午离开码头，岸上的人们很高兴今天没有下雨，风也不大。"),
        (None, "Quay 12"),
        (None, "Ann Lee, Bo Dahl, Cy Wit"),
    ],
)
def test_language(language: str | None, text: str) -> None:
    assert language_of(text) == language
