"""The version of Stripe's API that the SDK pins, and so the one the sandbox speaks."""

from typing import Final

import stripe

API_VERSION: Final[str] = stripe.api_version
