"""Amounts as they are shown to a person at a terminal."""


def euros(cents: int) -> str:
    """`1 234,50 €`."""
    sign, cents = ("−" if cents < 0 else ""), abs(cents)
    return f"{sign}{cents // 100:,}".replace(",", " ") + f",{cents % 100:02d} €"
