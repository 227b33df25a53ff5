"""One request played by its two people: card, slot, appointment, session, report, and the last word."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from deploy.demo.frontend import PATIENCE_SECONDS, PAUSE_SECONDS, Frontend, NoAnswer, Refused, patiently
from deploy.demo.scenes import Ending, Scene
from deploy.demo.traces.after import Secrets

# A slot may be taken between its being offered and asked for: by then there are others.
TRIES_FOR_A_SLOT = 20
SLOT_LOST = {"slot_taken", "slot_not_offered", "hold_expired"}


@dataclass(frozen=True)
class Player:
    """`key` starts every idempotency key of this scene in this demonstration; `tell` shows a step; `secrets`
    is given what opens something on the way."""

    scene: Scene
    client: Frontend
    technician: Frontend
    key: str
    minute: timedelta
    tell: Callable[[str], None]
    secrets: Secrets

    async def play(self) -> str:
        """The number of the ticket, once it is closed or, for a dissatisfied client, suspended."""
        await self._save_card()
        ticket = await self._ask_for_help()
        number = str(ticket["number"])
        self.tell(f"demande {ticket['spoken_number']} : rendez-vous avec {ticket['technician']['name']}")
        await self._act(self.technician, number, "acknowledge")
        text = await self.client.get("/v1/consent-text")
        consent = {"anydesk_id": self.scene.anydesk_id, "text_version": text["version"]}
        await self._act(self.client, number, "consent", consent)
        await _sleep_until(datetime.fromisoformat(ticket["start"]))
        await self._session(number)
        await self._ending(number)
        return number

    async def _save_card(self) -> None:
        """The hosted page, as a browser would send it. A card saved before is kept."""
        if (await self.client.get("/v1/cards"))["card"] is not None:
            return
        page = await self.client.post("/v1/cards", f"{self.key}-card")
        self.secrets.texts.append(page["url"])
        form = {"card_number": self.scene.card, "expiry": "12/40", "cvc": "123"}
        async with httpx.AsyncClient(timeout=30) as browser:
            sent = await patiently(browser, "POST", page["url"], data=form)
        if sent.status_code not in {httpx.codes.SEE_OTHER, httpx.codes.OK}:
            raise Refused(sent)
        card = await self._until(
            lambda: self.client.get("/v1/cards"), lambda answer: answer["card"] is not None
        )
        self.tell(f"carte enregistrée sur la page hébergée : {card['card']['label']}")

    async def _ask_for_help(self) -> dict[str, Any]:
        """The first slot that nobody takes before us."""
        for attempt in range(TRIES_FOR_A_SLOT):
            offered = await self.client.get(
                "/v1/slots", skill=self.scene.skill, minutes=self.scene.ceiling_minutes, limit=5
            )
            if not offered["slots"]:
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            slot = {
                "skill": self.scene.skill,
                "start": offered["slots"][0]["start"],
                "minutes": self.scene.ceiling_minutes,
            }
            key = f"{self.key}-{attempt}"
            try:
                hold = await self.client.post("/v1/holds", f"{key}-hold", slot)
                request = {
                    "hold_id": hold["id"],
                    "description": self.scene.description,
                    "phone": self.scene.phone,
                    "ceiling_minutes": self.scene.ceiling_minutes,
                    "express_request": True,
                }
                ticket: dict[str, Any] = await self.client.post("/v1/tickets", f"{key}-ticket", request)
            except Refused as refused:
                if refused.code not in SLOT_LOST:
                    raise
            else:
                return ticket
        raise NoAnswer(f"aucun créneau pour « {self.scene.skill} »")

    async def _session(self, number: str) -> None:
        await self._act(self.technician, number, "call")
        seen = await self.client.get(f"/v1/tickets/{number}")
        self.secrets.codes |= {code for code in seen["codes"].values() if code is not None}
        start = {"ticket_number": seen["spoken_number"], "code": seen["codes"]["client_code"]}
        await self._act(self.technician, number, "start", start)
        self.tell(f"demande {seen['spoken_number']} : séance commencée, les deux codes sont bons")
        await asyncio.sleep(self.scene.worked_minutes * self.minute.total_seconds())
        await self._act(self.technician, number, "end")
        report = {"text": self.scene.report, "declared_minutes": self.scene.declared_minutes}
        await self._act(self.technician, number, "report", report)
        self.tell(
            f"demande {seen['spoken_number']} : compte rendu, {self.scene.declared_minutes} minutes déclarées"
        )

    async def _ending(self, number: str) -> None:
        match self.scene.ending:
            case Ending.SATISFIED:
                review = {"stars": self.scene.stars, "comment": self.scene.words}
                await self._act(self.client, number, "review", review)
                self.tell(f"demande {number[:4]} {number[4:]} : {self.scene.stars} étoiles")
            case Ending.SILENT:
                self.tell(
                    f"demande {number[:4]} {number[4:]} : le client ne dit rien, son silence vaudra accord"
                )
            case Ending.DISSATISFIED:
                await self._act(self.client, number, "dispute", {"reason": self.scene.words})
                self.tell(
                    f"demande {number[:4]} {number[4:]} : client insatisfait, suspendue et non facturée"
                )
                return
        await self._until(
            lambda: self.client.get(f"/v1/tickets/{number}"),
            lambda ticket: ticket["status"]["code"] == "closed",
        )
        self.tell(f"demande {number[:4]} {number[4:]} : facturée et payée")

    async def _act(self, person: Frontend, number: str, act: str, body: dict[str, Any] | None = None) -> Any:
        return await person.post(f"/v1/tickets/{number}/{act}", f"{self.key}-{act}", body)

    async def _until(self, ask: Callable[[], Any], good: Callable[[Any], bool]) -> Any:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE_SECONDS
        while not good(answer := await ask()):
            if loop.time() > deadline:
                raise NoAnswer("ce qui était attendu n'est pas arrivé")
            await asyncio.sleep(PAUSE_SECONDS)
        return answer


async def _sleep_until(instant: datetime) -> None:
    await asyncio.sleep(max(0.0, (instant - datetime.now(UTC)).total_seconds()))
