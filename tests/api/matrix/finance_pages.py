"""What the pages of finance's desk are asked for, and where they find the world's things."""

from tests.bank.messages import a_report

BOUNDARY = "the-end-of-a-part"

FORMS: dict[str, dict[str, str]] = {
    "/virements/{month}/lancer": {"reason": "Compte de Thomas complété."},
    "/releves/{number}/reponse": {"outcome": "maintained", "text": "Le journal dit vrai."},
    "/releves/{number}/reprise": {"reason": "Versé à un compte qui n’est plus le sien."},
    "/tarifs": {
        "version": "2027-01-imprimante",
        "skill": "printer",
        "effective_from": "2027-01-01",
        "slice_minutes": "15",
        "minimum_slices": "1",
        "grace_minutes": "2",
        "price_ttc_cents": "18,00",
        "technician_ht_cents": "9,00",
    },
}


def a_message_in_a_form() -> tuple[bytes, str]:
    """A message of the bank as a browser sends it, and the type of that."""
    head = 'Content-Disposition: form-data; name="{}"'
    key = f"--{BOUNDARY}\r\n{head.format('key')}\r\n\r\na key\r\n".encode()
    file = f'--{BOUNDARY}\r\n{head.format("fichier")}; filename="a.xml"\r\n\r\n'.encode()
    end = f"\r\n--{BOUNDARY}--\r\n".encode()
    return key + file + a_report("") + end, f"multipart/form-data; boundary={BOUNDARY}"
