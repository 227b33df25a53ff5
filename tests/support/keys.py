"""Keys that only the tests know."""

from api.sealing import Seals

# Signs bearer tokens and the links in mails.
TOKEN_KEY = b"a key that only the tests know, 32 bytes"

# Seals the secrets of the team's authenticators.
SEALS = Seals({"test": b"the key of seals in tests only!!!"[:32]}, "test")
