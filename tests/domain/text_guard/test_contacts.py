"""Ways to meet outside the platform, in what client and technician read of each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.wording import letters
from domain.text_guard import Disclosure, secret_or_contact_told, secret_told
from domain.told_contacts import OUR_LINE

PHONES = """
Appelez-moi au 06 12 34 56 78
06.12.34.56.78
0612345678
06-12-34-56-78
06/12/34/56/78
07/12/34/56/78
0692 12 34 56
06,12,34,56,78
06 1234 5678
0 6 1 2 3 4 5 6 7 8
mon tel:0612345678
Tél. 04 78 12 34 56 (le soir)
+33 6 12 34 56 78
+33612345678
+33 (0)6 12 34 56 78
0033 6 12 34 56 78
+32 475 12 34 56
+44 7911 123456
rappelez-moi le 24/11/2026 au 06 12 34 56 78
٠٦ ١٢ ٣٤ ٥٦ ٧٨
０６ １２ ３４ ５６ ７８
06​12​34​56​78
06–12–34–56–78
"""
MAILS = """
écrivez à marie.petit@orange.fr
MARIE.PETIT@ORANGE.FR
compte marie@orange.fr reconfiguré
marie.petit (at) orange.fr
marie.petit[at]gmail[dot]com
marie arobase orange point fr
marie arobase orange.fr
marie (arobase) orange (point) fr
marie @ gmail . com
marie@gmail . com
marie at gmail dot com
marie chez free point fr
m a r i e @ o r a n g e . f r
marie arobase gmail
marie@gmail
thomas@depannage-leroy.example
marie＠orange．fr
marie​@​orange.fr
"""
LINKS = """
Ajoutez-moi : wa.me/33
https://t.me/thomas
t . me / thomas
wa point me / x
https://api.whatsapp.com/send
chat.whatsapp.com/abc
telegram.me/thomas
m.me/thomas
https://discord.gg/abc
join.skype.com/abc
"""
NEITHER = """
Canal Wi-Fi changé, tout est rétabli.
Très patient, tout remarche : merci à Thomas !
Séance du 01/02/2026 14h30 à 15h
Séance du 01/02/2026 14 minutes, puis 20 minutes
Ticket 0000 0420, 25 minutes
ticket 0429 1573, 25 minutes
Adresse IP 192.168.1.45, masque 255.255.255.0
AnyDesk 123 456 789 puis 1234567890
Il faut appeler Orange au 3900, ou Free au 3244
appeler le 0 800 100 740 (appel gratuit)
Rappelez OmeaSupport au 09 71 38 04 96
Les adresses en @orange.fr ne passent plus
la touche @ ne marche pas. Il faut AltGr
le signe @ est au-dessus du 0. Le clavier est belge.
SIRET 732 829 320 00074
facture F2026-000123 du 24.11.2026
le point de vue du client, un point com par jour
Windows 10.0.19045.3693
Chrome 120.0.6099.109, pilote 31.0.15.4601
I had a look at outlook.com with the client
serveur imap.orange.fr, port 993, smtp.orange.fr, port 465
fichier setup-2.0.1.5.msi, 48 213 octets
https://www.google.com/chrome
WhatsApp réinstallé, sauvegarde restaurée
ping 12 ms, 95 Mb/s, port 8080
série 0123-4567
"""


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.mark.parametrize("text", lines(PHONES))
def test_telephone_numbers(text: str) -> None:
    assert secret_or_contact_told(text) is Disclosure.PHONE_NUMBER
    assert secret_told(text) is None


@pytest.mark.parametrize("text", lines(MAILS))
def test_mail_addresses(text: str) -> None:
    assert secret_or_contact_told(text) is Disclosure.MAIL_ADDRESS
    assert secret_told(text) is None


@pytest.mark.parametrize("text", lines(LINKS))
def test_links_to_messengers(text: str) -> None:
    assert secret_or_contact_told(text) is Disclosure.MESSENGER_LINK
    assert secret_told(text) is None


@pytest.mark.parametrize("text", lines(NEITHER))
def test_what_only_looks_like_one(text: str) -> None:
    assert secret_or_contact_told(text) is None


@given(
    st.from_regex(r"0[67][0-9]{8}", fullmatch=True),
    st.lists(st.sampled_from(["", " ", ".", "-", "\u00a0"]), min_size=9, max_size=9),
)
def test_a_mobile_number_with_any_separators(digits: str, separators: list[str]) -> None:
    written = digits[0] + "".join(a + b for a, b in zip(separators, digits[1:], strict=True))
    assert secret_or_contact_told(f"Au {written} le soir") is Disclosure.PHONE_NUMBER


def test_our_line_is_the_one_that_our_mails_give() -> None:
    assert letters.SERVICE["service_phone_link"] == f"tel:{OUR_LINE}"
