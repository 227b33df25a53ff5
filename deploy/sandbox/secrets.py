"""Keys of this sandbox, drawn once: with others tomorrow, yesterday's workflows could not be read."""

import base64
import dataclasses
import hashlib
import json
import os
import secrets
from pathlib import Path


class SecretsUnreadable(Exception):
    pass


@dataclasses.dataclass(frozen=True)
class SandboxSecrets:
    payload_key: str
    token_key: str
    stripe_api_key: str
    stripe_webhook_secret: str

    @property
    def oidc_client_secret(self) -> str:
        """Not drawn: files of before it existed go on being good."""
        return hashlib.sha256(f"oidc client {self.token_key}".encode()).hexdigest()


def _draw() -> SandboxSecrets:
    return SandboxSecrets(
        payload_key=base64.b64encode(secrets.token_bytes(32)).decode(),
        token_key=secrets.token_urlsafe(48),
        stripe_api_key=f"sk_test_{secrets.token_hex(24)}",
        stripe_webhook_secret=f"whsec_{secrets.token_hex(24)}",
    )


def kept_secrets(path: Path) -> SandboxSecrets:
    """Those in `path`; drawn and written there the first time, readable by their owner only."""
    if path.exists():
        try:
            return SandboxSecrets(**json.loads(path.read_text()))
        except (ValueError, TypeError) as error:
            # Drawing others would make every workflow of this sandbox unreadable for ever.
            raise SecretsUnreadable(
                f"{path} est illisible ; sans lui, supprimer tout {path.parent}"
            ) from error
    drawn = _draw()
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(dataclasses.asdict(drawn), file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    return drawn
