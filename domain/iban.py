"""Bank accounts in Europe: which IBANs a SEPA credit transfer can reach."""

from stdnum import iban
from stdnum.exceptions import ValidationError

from domain.errors import Refusal, Refused

# The longest that ISO 13616 allows.
LONGEST = 34

# The countries whose IBANs the SEPA schemes reach: the European Payments Council's list, EPC409-09, as it
# stands with Serbia in (May 2026). Territories that use their country's code (Guadeloupe, the Isle of Man…)
# are not listed apart; Gibraltar has its own.
SEPA_COUNTRIES = frozenset(
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC "  # noqa: SIM905
    "MD ME MK MT NL NO PL PT RO RS SE SI SK SM VA".split()
)


def normalised_iban(text: str) -> str:
    """The IBAN as banks exchange it: capitals, no spaces. Raises `Refused(INVALID_IBAN)` when it is none
    (check digits, its country's structure) or of a country outside SEPA."""
    given = "".join(text.split()).upper()
    if len(given) > LONGEST or not given.isascii() or not given.isalnum() or given[:2] not in SEPA_COUNTRIES:
        raise Refused(Refusal.INVALID_IBAN)
    try:
        iban.validate(given)
        # Modulo 97 takes 00, 01 and 99 for 97, 98 and 02, which alone may be written.
        written = iban.calc_check_digits(given) == given[2:4]
    except ValidationError:
        written = False
    if not written:
        raise Refused(Refusal.INVALID_IBAN)
    return given
