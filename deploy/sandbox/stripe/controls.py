"""The sandbox's own switches and actions, which Stripe does not have."""

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from deploy.sandbox.stripe.actions import ACTION, carry_out
from deploy.sandbox.stripe.errors import StripeError
from deploy.sandbox.stripe.execution import Sandbox, require_api_key
from deploy.sandbox.stripe.settings import Settings, Switches, WebhookSwitches


async def webhooks(request: Request) -> Response:
    return await _switches(request, WebhookSwitches)


async def settings(request: Request) -> Response:
    return await _switches(request, Settings)


async def actions(request: Request) -> Response:
    """Answers with the object that the action made or changed."""
    sandbox: Sandbox = request.app.state.sandbox
    try:
        require_api_key(request, sandbox.api_key)
        action = ACTION.validate_json(await request.body())
        return JSONResponse(carry_out(sandbox, action))
    except StripeError as refusal:
        return JSONResponse(refusal.body(), status_code=refusal.status)
    except ValidationError as refusal:
        return _invalid(refusal)


async def _switches(request: Request, group: type[Switches]) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    try:
        require_api_key(request, sandbox.api_key)
        if request.method == "POST":
            group.model_validate_json(await request.body()).write(sandbox.store)
    except StripeError as refusal:
        return JSONResponse(refusal.body(), status_code=refusal.status)
    except ValidationError as refusal:
        return _invalid(refusal)
    return JSONResponse(group.read(sandbox.store).model_dump())


def _invalid(refusal: ValidationError) -> Response:
    errors = refusal.errors(include_url=False, include_context=False, include_input=False)
    return JSONResponse({"error": errors}, status_code=400)
