"""`python -m deploy.sandbox.oidc --port 8026 --client-secret … --back http://127.0.0.1:8000/…/back`"""

import argparse

import uvicorn

from deploy.demo_people import PEOPLE
from deploy.sandbox.oidc.app import Account, Issuing, create_app
from deploy.sandbox.ports import LOOPBACK


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.sandbox.oidc", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--client-secret", required=True)
    parser.add_argument("--back", required=True, help="the only address that people are sent back to")
    options = parser.parse_args()
    accounts = [Account(f"demo-{number}", one.name, one.mail) for number, one in enumerate(PEOPLE, 1)]
    # Somebody whom only the issuer knows.
    accounts.append(Account("demo-0", "Zoé Inconnue", "zoe.inconnue@example.fr"))
    url = f"http://{LOOPBACK}:{options.port}"
    app = create_app(Issuing(url, options.client_secret, options.back, accounts))
    uvicorn.run(app, host=LOOPBACK, port=options.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
