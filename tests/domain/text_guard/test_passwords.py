"""Passwords and codes: the tables of what people write, which came before the rule."""

import pytest

from domain.text_guard import Disclosure, secret_or_contact_told, secret_told
from tests.domain.text_guard import told_in_english, told_in_french
from tests.domain.text_guard.tables import entries

TABLES = (told_in_french, told_in_english)


@pytest.mark.parametrize("table", TABLES)
def test_each_table_has_enough_of_both(table: object) -> None:
    told, mentioned = entries(vars(table)["TOLD"]), entries(vars(table)["MENTIONED"])
    assert len(set(told)) == len(told) >= 60
    assert len(set(mentioned)) == len(mentioned) >= 60


@pytest.mark.parametrize("text", [one for table in TABLES for one in entries(table.TOLD)])
def test_a_secret_that_is_told_is_found(text: str) -> None:
    assert secret_told(text) is Disclosure.PASSWORD
    assert secret_or_contact_told(text) is not None


@pytest.mark.parametrize("text", [one for table in TABLES for one in entries(table.TOLD)])
def test_it_is_found_in_the_middle_of_a_message_as_well(text: str) -> None:
    around = f"Bonjour, mon imprimante ne marche plus depuis hier.\n{text}\nMerci de votre aide, Claire."
    assert secret_told(around) is Disclosure.PASSWORD


@pytest.mark.parametrize("text", [one for table in TABLES for one in entries(table.MENTIONED)])
def test_a_secret_that_is_only_spoken_of_is_not(text: str) -> None:
    assert secret_told(text) is None


@pytest.mark.parametrize("text", [one for table in TABLES for one in entries(table.MENTIONED)])
def test_nor_in_the_middle_of_a_message(text: str) -> None:
    around = f"Bonjour, mon imprimante ne marche plus depuis hier.\n{text}\nMerci de votre aide, Claire."
    assert secret_told(around) is None
