"""A side's people, their tickets and what was written in them; who sees it."""

from tests.support.sides import BACK_OFFICE, CLIENT, LINK, NOW, TEAM, TECHNICIAN, Side


def add_people(side: Side) -> None:
    side.add("technicians", TECHNICIAN, *TEAM, id=side.technician)
    mine = {"technician_id": side.technician}
    side.add("payees", TECHNICIAN, *TEAM, **mine)
    side.add("technician_skills", TECHNICIAN, BACK_OFFICE, **mine, skill="internet")
    side.add("working_hours", TECHNICIAN, BACK_OFFICE, **mine, weekday=1, opens="09:00", closes="12:00")
    side.add(
        "leaves",
        TECHNICIAN,
        BACK_OFFICE,
        **mine,
        during="[2027-01-01, 2027-01-02)",
        recorded_by=side.technician,
    )
    side.add("calendar_feeds", TECHNICIAN, BACK_OFFICE, **mine, opened_at=NOW)
    side.add("cards", CLIENT, LINK, BACK_OFFICE, client_id=side.client, customer_reference=side.name)
    for role, who in ((CLIENT, side.client), (TECHNICIAN, side.technician)):
        links = [LINK] if role == CLIENT else []
        side.add(
            "sign_ins",
            role,
            BACK_OFFICE,
            person_id=who,
            secret_hash=f"{side.name}{role}",
            device="",
            began_at=NOW,
            seen_at=NOW,
        )
        side.add(
            "sign_in_links",
            role,
            BACK_OFFICE,
            person_id=who,
            mail_mark="m",
            network_mark="n",
            browser_hash="b",
            asked_at=NOW,
        )
        side.add(
            "identities",
            role,
            BACK_OFFICE,
            person_id=who,
            issuer="https://issuer.example",
            subject=f"{side.name}{role}",
            linked_at=NOW,
        )
        side.add(
            "erasures",
            role,
            *TEAM,
            person_id=who,
            key=f"{side.name}{role}",
            asked_by="person",
            actor_id=who,
            asked_at=NOW,
            due_at=NOW,
        )
        side.add(
            "message_preferences",
            role,
            BACK_OFFICE,
            person_id=who,
            sms=True,
            reminders=True,
            chosen_at=NOW,
        )
        side.add("requests", role, *links, actor_id=who, key="k", command="c", body_hash="h")
    side.add("refresh_tokens", hash=side.name, sign_in_id=side.client, issued_at=NOW)
    side.add(
        "accesses",
        CLIENT,
        TECHNICIAN,
        BACK_OFFICE,
        at=NOW,
        person_id=side.technician,
        role="technician",
        kind="client_contact",
        subject=side.ticket,
    )
    side.add(
        "applications",
        TECHNICIAN,
        BACK_OFFICE,
        name="x",
        mail="x@example.fr",
        skills={},
        text="x",
        privacy="1",
        mail_mark="m",
        network_mark="n",
        asked_at=NOW,
        decided_at=NOW,
        decided_by=side.world.people[BACK_OFFICE],
        technician_id=side.technician,
    )


def add_ticket(side: Side) -> None:
    request = side.text(CLIENT, TECHNICIAN, LINK, author=side.client, kind="request")
    a_ticket(side, side.ticket, side.technician, request, CLIENT, TECHNICIAN, LINK, *TEAM)
    of_it = {"ticket": side.ticket}
    span = "[2026-11-24 13:00+01, 2026-11-24 14:00+01)"
    draft = {"technician_id": side.technician, "text": f"draft {side.name}", "saved_at": NOW}
    side.add("report_drafts", TECHNICIAN, BACK_OFFICE, **of_it, **draft)
    side.add(
        "bookings",
        CLIENT,
        TECHNICIAN,
        BACK_OFFICE,
        technician_id=side.technician,
        during=span,
        state="booked",
        skill="internet",
        **of_it,
        session=1,
    )
    side.add(
        "bookings",
        CLIENT,
        TECHNICIAN,
        BACK_OFFICE,
        technician_id=side.technician,
        during="[2026-11-25 13:00+01, 2026-11-25 14:00+01)",
        state="held",
        skill="internet",
        held_by=side.client,
        hold_expires_at=NOW,
    )
    side.add(
        "sessions",
        CLIENT,
        TECHNICIAN,
        LINK,
        *TEAM,
        **of_it,
        number=1,
        technician_id=side.technician,
        started_at=NOW,
    )
    side.add(
        "session_logs",
        CLIENT,
        TECHNICIAN,
        BACK_OFFICE,
        **of_it,
        session=1,
        reference="x",
        started_at=NOW,
        ended_at=NOW,
        seconds=1,
        read_at=NOW,
    )
    side.add(
        "journal",
        CLIENT,
        TECHNICIAN,
        LINK,
        *TEAM,
        **of_it,
        key="k",
        at=NOW,
        actor_id=side.client,
        actor_role="client",
        act="open",
        before="to_assign",
        after="scheduled",
    )
    side.add(
        "notifications",
        CLIENT,
        *TEAM,
        key=side.name,
        **of_it,
        kind="x",
        recipient_id=side.client,
        message_id=side.name,
    )


def a_ticket(side: Side, number: str, technician: str, request: str, *who: str) -> None:
    side.add(
        "tickets",
        *who,
        number=number,
        client_id=side.client,
        technician_id=technician,
        skill="internet",
        status="scheduled",
        appointment_start=NOW,
        appointment_end="2026-11-24 14:00+01",
        ceiling_minutes=60,
        tariff_version="2026-01",
        request_id=request,
        opened_at=NOW,
    )


def add_texts(side: Side) -> None:
    of_it, team = {"ticket": side.ticket}, side.world.people[BACK_OFFICE]
    given = side.text(CLIENT, TECHNICIAN, LINK, author=side.client, kind="anydesk_id")
    side.add(
        "consents",
        CLIENT,
        TECHNICIAN,
        LINK,
        *TEAM,
        **of_it,
        session=1,
        text_version="1",
        submission_id=given,
        given_at=NOW,
    )
    report = side.text(CLIENT, LINK, author=side.technician, kind="report")
    side.add(
        "reports",
        CLIENT,
        TECHNICIAN,
        LINK,
        *TEAM,
        **of_it,
        session=1,
        submission_id=report,
        declared_minutes=1,
        measured_minutes=1,
        billed_slices=1,
        credible=True,
        filed_at=NOW,
    )
    review = side.text(TECHNICIAN, LINK, author=side.client, kind="review")
    side.add(
        "reviews",
        CLIENT,
        TECHNICIAN,
        LINK,
        BACK_OFFICE,
        **of_it,
        number=1,
        stars=4,
        submission_id=review,
        given_at=NOW,
    )
    # By telephone: the back office has written it down.
    dispute = side.text(CLIENT, LINK, author=team, kind="dispute")
    side.add("disputes", CLIENT, LINK, *TEAM, **of_it, number=1, submission_id=dispute, raised_at=NOW)
    ruling = side.text(author=team, kind="ruling")
    side.add(
        "rulings",
        CLIENT,
        TECHNICIAN,
        LINK,
        *TEAM,
        **of_it,
        number=1,
        kind="bill",
        submission_id=ruling,
        ruled_by=team,
        ruled_at=NOW,
    )
    side.add("gain_rulings", TECHNICIAN, *TEAM, **of_it, session=1, ruling=1, kind="full")
    side.text(author=side.technician, kind="incident")
    image = {"content_type": "image/png", "width": 1, "height": 1, "size_bytes": 1, "sha256": "x"}
    for author, bound, who in (
        (side.client, None, (CLIENT,)),
        (team, dispute, (CLIENT,)),
        (side.technician, report, (CLIENT, TECHNICIAN)),
    ):
        side.add(
            "attachments",
            *who,
            BACK_OFFICE,
            author_id=author,
            submission_id=bound,
            **image,
            content=b"x",
            recorded_at=NOW,
        )


def add_lost_ticket(side: Side) -> None:
    """The technician worked on it, and it is the other side's technician's now: of that, the first sees
    that there was such a ticket, for the statement, and what they did and wrote in it themselves."""
    other = "b" if side.name == "a" else "a"
    request = side.text(CLIENT, author=side.client, kind="request")
    a_ticket(side, side.lost, side.world.people[f"{other} technician"], request, CLIENT, TECHNICIAN, *TEAM)
    of_it = {"ticket": side.lost}
    everybody = (CLIENT, TECHNICIAN, *TEAM)
    side.add("sessions", *everybody, **of_it, number=1, technician_id=side.technician, started_at=NOW)
    report = side.text(CLIENT, author=side.technician, kind="report")
    side.add(
        "reports",
        *everybody,
        **of_it,
        session=1,
        submission_id=report,
        declared_minutes=1,
        measured_minutes=1,
        billed_slices=1,
        credible=True,
        filed_at=NOW,
    )
    side.add(
        "journal",
        *everybody,
        **of_it,
        key="k",
        at=NOW,
        actor_id=side.technician,
        actor_role="technician",
        act="report",
        before="in_session",
        after="in_review",
    )
    for table, key, value in (
        ("tickets", "number", side.lost),
        ("submissions", "id", request),
        ("submissions", "id", report),
        *((table, "ticket", side.lost) for table in ("sessions", "reports", "journal")),
    ):
        row = side.connection.execute(
            f"SELECT ctid::text FROM {table} WHERE {key} = %s".encode(), (value,)
        ).fetchone()
        assert row is not None
        side.world.sees(f"{other} technician", (table, row[0]))
