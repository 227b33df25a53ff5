"""The page that shows the API's description to developers: Swagger UI, all of it from our own origin."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, Response

PAGE = "/docs"
SCRIPT, STYLE = "swagger-ui-bundle.js", "swagger-ui.css"
# Its icons are data: addresses; what is tried out goes to us alone.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HTML = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>OmeaSupport</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{PAGE}/{STYLE}">
</head>
<body>
<div id="swagger-ui"></div>
<script src="{PAGE}/{SCRIPT}"></script>
<script src="{PAGE}/start.js"></script>
</body>
</html>
"""
START = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  persistAuthorization: false,
  presets: [SwaggerUIBundle.presets.apis],
});
"""


def documentation_page(files: Path) -> APIRouter:
    """Its routes; `files` is a folder that holds Swagger UI's script and style. Raises FileNotFoundError."""
    for name in (SCRIPT, STYLE):
        (files / name).stat()
    router = APIRouter(prefix=PAGE, include_in_schema=False)

    @router.get("")
    async def show() -> HTMLResponse:
        return HTMLResponse(HTML, headers={"Content-Security-Policy": POLICY})

    @router.get("/start.js")
    async def start() -> Response:
        return Response(START, media_type="text/javascript")

    @router.get(f"/{SCRIPT}")
    async def script() -> FileResponse:
        return FileResponse(files / SCRIPT, media_type="text/javascript")

    @router.get(f"/{STYLE}")
    async def style() -> FileResponse:
        return FileResponse(files / STYLE, media_type="text/css")

    return router
