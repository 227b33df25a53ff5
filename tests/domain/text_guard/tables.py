"""How the tables of examples are read: an example a line; `↵` in one stands for a line break."""


def entries(table: str) -> list[str]:
    return [line.replace("↵", "\n") for line in table.strip().splitlines()]
