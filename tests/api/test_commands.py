"""The legal table, as the API tells it."""

from domain.tickets import COMMAND_ROLES, LEGAL, Command
from tests.api.frontend import Frontend
from tests.support.applications import application
from tests.support.people import a_client


async def test_the_table_is_that_of_the_rules(api: Frontend) -> None:
    answer = await api.get("/v1/commands", a_client(api.database))
    assert answer.status_code == 200
    rows = answer.json()["commands"]
    assert [row["command"]["code"] for row in rows] == [command.value for command in Command]
    for row in rows:
        command = Command(row["command"]["code"])
        assert {one["code"] for one in row["statuses"]} == LEGAL[command]
        assert {one["code"] for one in row["roles"]} == COMMAND_ROLES[command]
    with application(api.given) as app:
        paths = app.openapi()["paths"]
    assert all("post" in paths[row["path"]] for row in rows)


def test_each_command_says_when_it_is_legal_and_who_gives_it(api: Frontend) -> None:
    with application(api.given) as app:
        paths = app.openapi()["paths"]
    posts = {path: methods["post"] for path, methods in paths.items() if "post" in methods}
    lines = {path: post["description"].split("\n") for path, post in posts.items()}
    assert "Legal in `suspended`; given by: back_office." in lines["/v1/tickets/{number}/take-over"]
    assert "Legal in `in_session`; given by: client, back_office." in lines["/v1/tickets/{number}/extend"]
    said = {path for path, text in lines.items() if any(line.startswith("Legal in") for line in text)}
    assert said == {f"/v1/tickets/{{number}}/{command.value.replace('_', '-')}" for command in Command}
