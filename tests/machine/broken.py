"""How the machine says that something is wrong."""


class Broken(AssertionError):
    """The process did what it must not, or did not do what it must."""


def require(condition: bool, *explanation: object) -> None:
    if not condition:
        raise Broken(" ".join(str(part) for part in explanation))
