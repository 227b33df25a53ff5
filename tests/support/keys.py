"""Keys that only the tests know."""

# Signs bearer tokens and the links in mails.
TOKEN_KEY = b"a key that only the tests know, 32 bytes"
