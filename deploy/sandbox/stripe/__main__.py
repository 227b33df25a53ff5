"""`python -m deploy.sandbox.stripe --port 12111 --data stripe.sqlite --api-key sk_test_…`"""

import argparse
from pathlib import Path

import uvicorn

from deploy.sandbox.stripe.app import create_app

HOST = "127.0.0.1"


def main() -> None:
    options = _arguments().parse_args()
    options.data.parent.mkdir(parents=True, exist_ok=True)
    app = create_app(
        options.data,
        api_key=options.api_key,
        url=f"http://{HOST}:{options.port}",
        webhook_url=options.webhook_url,
        webhook_secret=options.webhook_secret,
    )
    uvicorn.run(app, host=HOST, port=options.port, log_level="warning", access_log=False)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.sandbox.stripe", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="the SQLite file that holds everything")
    parser.add_argument("--api-key", required=True, help="the only key that is accepted (sk_test_…)")
    parser.add_argument("--webhook-url", help="where every event is delivered")
    parser.add_argument("--webhook-secret", help="what signs the deliveries (whsec_…)")
    return parser


if __name__ == "__main__":
    main()
