"""What people in a browser are shown when something is not as they meant, and what frontends get."""

import pytest
from lxml import html

from api.codes import STATUS, ApiCode, Code
from api.error_pages import TITLE_ONLY, error_page
from api.errors import Problem
from api.french_refusals import SENTENCES
from api.middleware import LONGEST_BODY_BYTES
from domain.errors import Refusal
from domain.french import NBSP, typeset
from tests.api.browsers import OURS
from tests.api.desks.visitor import ACCEPTS, Visitor, a_visitor, looks_right
from tests.api.frontend import Frontend, is_problem
from tests.api.pictures import a_file
from tests.support.people import a_client, a_technician

BROWSER = {"Accept": ACCEPTS}


async def test_a_page_that_does_not_exist_says_what_to_do(api: Frontend) -> None:
    for path in ("/nulle-part", "/v1/sign-in/nulle-part"):
        visitor = await a_visitor(api, None).open(path)
        assert (visitor.answer.status_code, visitor.title) == (404, "Cette page n’existe pas")
        assert "Vérifiez l’adresse : il en manque peut-être un morceau." in visitor.text
        assert visitor.links() == ["/"]
        looks_right(visitor.answer)


async def test_frontends_get_problems_from_pages_too_and_browsers_from_the_api(api: Frontend) -> None:
    assert is_problem(await api.http.get("/nulle-part"), ApiCode.NOT_FOUND)
    assert is_problem(await api.http.get("/v1/nowhere", headers=BROWSER), ApiCode.NOT_FOUND)
    assert is_problem(await api.http.get("/demandes"), ApiCode.NOT_SIGNED_IN)


async def test_whoever_breaks_down_is_told_so_without_a_trace(
    api: Frontend, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError("secret")

    monkeypatch.setattr("api.routes.tickets.newest_tickets", broken)
    visitor = await a_visitor(api, a_client(api.database)).open("/demandes")
    assert (visitor.answer.status_code, visitor.title) == (500, "Une erreur de notre côté")
    assert "secret" not in visitor.answer.text
    looks_right(visitor.answer)


def test_whatever_is_refused_has_a_page_in_words_that_says_what_to_do() -> None:
    for code in (*ApiCode, *Refusal):
        answer = error_page(Problem(code))
        page = html.document_fromstring(bytes(answer.body).decode())
        words = page.xpath("string(//main)")
        assert answer.status_code == STATUS[code]
        assert page.xpath("//main//li"), code
        assert (typeset(SENTENCES[code]) in words) is (code not in TITLE_ONLY)
        assert code.value not in words.split()
        assert "_" not in words


def test_each_kind_of_refusal_has_a_page_of_its_own() -> None:
    kinds: list[Code] = [ApiCode.NOT_FOUND, ApiCode.ROLE_NOT_ALLOWED, Refusal.TICKET_CLOSED]
    kinds += [ApiCode.INVALID_INPUT, ApiCode.INTERNAL_ERROR, ApiCode.NO_WORKER]
    pages = [html.document_fromstring(bytes(error_page(Problem(one)).body).decode()) for one in kinds]
    assert [STATUS[one] for one in kinds] == [404, 403, 409, 422, 500, 503]
    assert len({page.xpath("string(//h1)") for page in pages}) == len(kinds)


async def test_without_the_database_people_are_asked_to_wait(api: Frontend) -> None:
    visitor = a_visitor(api, a_client(api.database))
    api.database.execute("ALTER ROLE omea_api CONNECTION LIMIT 0")
    try:
        await visitor.open("/demandes")
    finally:
        api.database.execute("ALTER ROLE omea_api CONNECTION LIMIT -1")
    assert visitor.answer.status_code == 503
    assert visitor.title == "Le service est momentanément indisponible"
    assert visitor.answer.headers["retry-after"] == "2"
    assert "rien n’est fait deux fois" in visitor.text


async def test_too_much_is_refused_with_a_page(api: Frontend) -> None:
    too_large = b"x" * (LONGEST_BODY_BYTES + 1)
    answer = await api.http.post("/demandes/nouvelle", content=too_large, headers=BROWSER)
    assert answer.status_code == 413
    assert "Cet envoi est trop volumineux" in answer.text


async def test_another_role_is_told_where_to_go(api: Frontend) -> None:
    visitor = await a_visitor(api, a_technician(api.database)).open("/demandes")
    assert (visitor.answer.status_code, visitor.title) == (403, "Cette page n’est pas pour ce compte")
    looks_right(visitor.answer)


async def test_who_is_not_signed_in_is_led_there_and_back(api: Frontend) -> None:
    answer = await api.http.get("/demandes?suite=x%2Fy", headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (303, "/v1/sign-in")
    wanted = answer.cookies["__Host-wanted"].strip('"')
    assert wanted == "/demandes?suite=x%2Fy"
    signed_in = a_visitor(api, a_client(api.database))
    cookie = f"__Host-sign_in={signed_in.cookie}; __Host-wanted={answer.cookies['__Host-wanted']}"
    done = await api.http.get("/v1/sign-in/done", headers={"Cookie": cookie})
    assert (done.status_code, done.headers["location"]) == (303, wanted)
    assert '__Host-wanted=""' in done.headers["set-cookie"]


async def test_nobody_is_led_elsewhere(api: Frontend) -> None:
    signed_in = a_visitor(api, a_client(api.database))
    for place in ("//elsewhere.example", "/\\elsewhere.example", "https://e.example", "x", "/v1/sign-in"):
        cookie = f"__Host-sign_in={signed_in.cookie}; __Host-wanted={place}"
        assert (await api.http.get("/v1/sign-in/done", headers={"Cookie": cookie})).status_code == 200


async def test_a_form_of_another_site_is_refused_with_a_page(api: Frontend) -> None:
    visitor = a_visitor(api, a_client(api.database))
    headers = {**BROWSER, "Cookie": f"__Host-sign_in={visitor.cookie}", "Sec-Fetch-Site": "cross-site"}
    answer = await api.http.post("/demandes/nouvelle/creneau", data={"key": "k"}, headers=headers)
    assert answer.status_code == 403
    assert "Cette action vient d’ailleurs" in answer.text


async def test_what_was_typed_outlives_the_sign_in(api: Frontend) -> None:
    client = a_client(api.database)
    visitor = await a_visitor(api, client).open("/compte")
    key = visitor.form("/compte/nom")["key"]
    api.database.execute("UPDATE sign_ins SET revoked_at = now() WHERE person_id = %s", client)
    typed = 'Claire "Clé" Petit-Martin <b>'
    for _ in range(2):
        await visitor.send("/compte/nom", name=typed)
        assert (visitor.answer.status_code, visitor.title) == (401, "Votre connexion a pris fin")
        assert typed in visitor.text
        assert visitor.form("/compte/nom") == {"name": typed, "key": key}
        looks_right(visitor.answer)
    assert api.database.rows("SELECT name FROM people WHERE id = %s", client) == [("Claire Petit",)]
    visitor.cookie = a_visitor(api, client).cookie
    await visitor.send("/compte/nom", name="Claire Petit-Martin")
    assert (visitor.answer.status_code, visitor.path) == (200, "/compte")
    assert api.database.rows("SELECT name FROM people WHERE id = %s", client) == [("Claire Petit-Martin",)]


async def test_a_text_with_images_comes_back_whole_and_asks_for_the_images_again(api: Frontend) -> None:
    fields = {"key": "k", "description": "Écran noir.\n\nDepuis hier : rien.", "do": "send"}
    address = "/demandes/nouvelle/coordonnees?a=%C3%A9&b=%26"
    image = {"images": ("a.png", a_file(), "image/png")}
    answer = await api.http.post(address, data=fields, files=image, headers=BROWSER | OURS)
    visitor = Visitor(api, None, answer)
    assert answer.status_code == 401
    assert answer.headers["cache-control"] == "no-store"
    [form] = html.document_fromstring(answer.text).forms
    assert (form.get("action"), form.get("enctype")) == (address, "multipart/form-data")
    assert {name: value.replace(NBSP, " ") for name, value in form.form_values()} == fields
    assert form.inputs["images"].get("type") == "file"
    assert "choisissez de nouveau vos images" in visitor.text


async def test_a_form_of_another_site_does_not_come_back_as_ours(api: Frontend) -> None:
    typed = {"key": "k", "name": "Mallory Duval"}
    for origin in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {}):
        answer = await api.http.post("/compte/nom", data=typed, headers=BROWSER | origin)
        assert (answer.status_code, answer.headers["location"]) == (303, "/v1/sign-in")
        assert "Mallory" not in answer.text
    # Nor what is no form of a desk, nor what nobody can read.
    answer = await api.http.post("/compte/nom", data={"name": "x y"}, headers=BROWSER | OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/v1/sign-in")
    broken = BROWSER | OURS | {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await api.http.post("/compte/nom", content=b"--x\r\nnothing", headers=broken)
    assert answer.status_code in {303, 400}
