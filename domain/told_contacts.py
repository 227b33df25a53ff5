"""Ways to reach somebody outside the platform: telephone numbers, mail addresses, links to messengers.

Each place is looked at a bounded number of times, so the time is that of the text.
"""

import re

import phonenumbers
from phonenumbers import PhoneNumberType

from domain.plain_text import Group, digit_runs, folded

# Of a number with its country (E.164); a French one as it is dialled has ten.
FEWEST_DIGITS, MOST_DIGITS = 8, 15
# Companies' lines: a report may well say to call one's internet provider.
OF_COMPANIES = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.UAN,
    }
)
# Ours, as our mails and pages give it.
OUR_LINE = "+33971380496"

_SPACES = re.compile(r"\s+")
_DATE = re.compile(
    r"(?<![0-9])(?:(?:0?[1-9]|[12][0-9]|3[01])[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2}[-/.](?:0[1-9]|1[0-2])[-/.](?:0[1-9]|[12][0-9]|3[01]))(?![0-9])"
)
_LISTED = re.compile(r"[,;](?=\s)")
# What begins with 08 is companies'.
_AS_DIALLED = re.compile(r"0[1-79][0-9]{8}")

# In characters, before and after the sign.
_LONGEST_NAME, _LONGEST_HOST = 64, 80
_AT = re.compile(r" ?[(\[{<] ?(?:arr?obase?s?|at) ?[)\]}>] ?|(?<!\w)arr?obase?s?(?!\w)")
_DOT = re.compile(r" ?[(\[{<] ?(?:point|dot|\.) ?[)\]}>] ?| (?:point|dot) ")
_TOP = "fr|com|net|org|eu|be|ch|lu|uk|de|es|it|io|re|info|biz|pro|email|online|app|cloud|website|site|ca"
_SPELLED_AT = re.compile(rf"(?<=[a-z0-9]) (?:at|chez) (?=[a-z0-9-]{{2,63}} (?:point|dot) (?:{_TOP})(?!\w))")
_HOST = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24}")
_SPACED_HOST = re.compile(
    rf" ?[a-z0-9-]{{1,63}}(?: ?\. ?[a-z0-9-]{{1,63}}){{0,3}} ?\. ?(?:{_TOP})(?![a-z0-9])"
)
_PROVIDERS = (
    "gmail|googlemail|hotmail|outlook|yahoo|orange|wanadoo|sfr|free|laposte|icloud|live|msn|proton|protonmail|"
    "gmx|aol|bbox|neuf|numericable|aliceadsl|club-internet"
)
# Everybody knows how an address goes on that has only its beginning.
_PROVIDER = re.compile(rf" ?(?:{_PROVIDERS})(?![a-z0-9])")
_SPELLED_PROVIDER = re.compile(rf"(?:{_PROVIDERS})\.?(?:{_TOP})")
# "les adresses en @orange.fr" is nobody's address.
_BEFORE_A_DOMAIN = re.compile(
    r"en|par|adresses?|mails?|comptes?|domaine|avec|l[ea]s?|une?|in|with|by|the|address(?:es)?|accounts?|domain|"
    r"or|et|ou|and|of|de|du|touche|signe|caractere"
)
_MESSENGER = re.compile(
    r"(?<![\w.-])(?:(?:wa|t|m|telegram|signal) ?\. ?me|(?:(?:chat|api|web) ?\. ?)?whatsapp ?\. ?com"
    r"|join ?\. ?skype ?\. ?com|discord ?\. ?gg|discord(?:app)? ?\. ?com ?/ ?(?:invite|users)"
    r"|messenger ?\. ?com ?/ ?t)(?![\w-])"
)


def has_phone_number(text: str) -> bool:
    """Whether a plain text holds a person's telephone number: as dialled in France, or after + or 00.
    Companies' lines (toll-free, shared cost) and ours are nobody's."""
    # The sign parts what is on its two sides.
    text = _LISTED.sub(":", _DATE.sub(":", text))
    for run in digit_runs(text):
        for first, group in enumerate(run):
            abroad = group.start > 0 and text.startswith("+", group.start - 1)
            number = ""
            for last, following in enumerate(run[first : first + MOST_DIGITS], first):
                number += following.written
                if len(number) > MOST_DIGITS:
                    break
                if (
                    len(number) >= FEWEST_DIGITS
                    and not _is_a_version(run[first : last + 1], after_another=first > 0)
                    and _is_a_persons(number, abroad=abroad)
                ):
                    return True
    return False


def has_mail_address(text: str) -> bool:
    """Whether a plain text holds a mail address, also one that is written around."""
    low = _SPACES.sub(" ", folded(text))
    low = _DOT.sub(".", _AT.sub("@", _SPELLED_AT.sub("@", low)))
    return any(
        _is_address(
            low[max(0, sign.start() - _LONGEST_NAME) : sign.start()],
            low[sign.end() : sign.end() + _LONGEST_HOST],
        )
        for sign in re.finditer("@", low)
    )


def has_messenger_link(text: str) -> bool:
    """Whether a plain text leads to a conversation elsewhere."""
    low = _SPACES.sub(" ", folded(text))
    return _MESSENGER.search(_DOT.sub(".", low)) is not None


def _is_a_version(groups: list[Group], *, after_another: bool) -> bool:
    """The end of 10.0.19045.3693 has the digits of a French number."""
    return after_another and groups[0].written == "0" and any(len(one.written) > 2 for one in groups)


def _is_a_persons(digits: str, *, abroad: bool) -> bool:
    # Which French numbers are in use changes, and overseas has plans of its own: the shape decides.
    is_french = not abroad and _AS_DIALLED.fullmatch(digits) is not None
    if not is_french and not abroad and not digits.startswith("00"):
        return False
    try:
        number = phonenumbers.parse(digits if is_french else f"+{digits.removeprefix('00')}", "FR")
    except phonenumbers.NumberParseException:
        return False
    return (
        (is_french or phonenumbers.is_valid_number(number))
        and phonenumbers.number_type(number) not in OF_COMPANIES
        and phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) != OUR_LINE
    )


def _is_address(before: str, after: str) -> bool:
    name = before.rstrip(" ").rpartition(" ")[2].strip("(<\"'«:,;")
    if not name or not (name[-1].isalnum() or name[-1] in "_+-"):
        return False
    if not before.endswith(" ") and _HOST.match(after):
        return True
    if before.endswith(" ") and _BEFORE_A_DOMAIN.fullmatch(name):
        return False
    return (
        _SPACED_HOST.match(after) is not None
        or _PROVIDER.match(after) is not None
        or _SPELLED_PROVIDER.match(after.replace(" ", "")) is not None
    )
