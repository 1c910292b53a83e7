import pytest

from agents.entities import knowledge, money, numbers
from agents.entities.setting import Setting
from schemas.entities import Money


def find(text: str, setting: Setting | None = None) -> list[Money]:
    return money.find(text, numbers.find(text), setting or Setting(), knowledge.load())


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("$20 billion", 2e10, "USD"),
        ("1.2bn euros", 1.2e9, "EUR"),
        ("¥3 trillion", 3e12, "JPY"),
        ("A$30 million", 3e7, "AUD"),
        ("20 million Australian dollars", 2e7, "AUD"),
        ("$5 million Canadian dollars", 5e6, "CAD"),
        ("US$5m", 5e6, "USD"),
        ("EUR 5 million", 5e6, "EUR"),
        ("10,000 Swiss francs", 1e4, "CHF"),
        ("Rs 500 crore", 5e9, "INR"),
        ("R500 million", 5e8, "ZAR"),
        ("50 cents", 0.5, "USD"),
        ("2 million South Korean won", 2e6, "KRW"),
        ("hundreds of millions of dollars", 1e8, "USD"),
        ("two and a half million euros", 2.5e6, "EUR"),
    ],
)
def test_amount_and_currency(text: str, amount: float, currency: str) -> None:
    (found,) = find(f"They paid {text} for it.")
    assert (found.text, found.amount, found.currency) == (text, amount, currency)


def test_a_range_keeps_both_ends() -> None:
    (found,) = find("It costs between $3 and $4 billion a year.")
    assert (found.amount, found.until, found.currency) == (3e9, 4e9, "USD")


def test_an_approximation_is_kept() -> None:
    (found,) = find("It costs about $3 million.")
    assert found.approx
    assert found.text == "about $3 million"


@pytest.mark.parametrize(("outlet", "currency"), [("AUS", "AUD"), ("USA", "USD"), (None, "USD")])
def test_a_lone_dollar_is_the_outlets_own(outlet: str | None, currency: str) -> None:
    (found,) = find("It costs $3 million.", Setting(outlet=outlet))
    assert found.currency == currency


def test_pesos_are_those_of_the_country_that_the_text_is_about() -> None:
    assert find("They got 100 pesos.")[0].currency is None
    assert find("They got 100 pesos.", Setting(countries={"MEX": 2}))[0].currency == "MXN"


@pytest.mark.parametrize(
    "text", ["500 pounds of cocaine", "He won 300 gold medals", "3,000 soldiers", "300 won"]
)
def test_no_money(text: str) -> None:
    assert find(text) == []
