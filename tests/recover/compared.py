"""What is compared before a restore and after its repair: every table there is, but those named here."""

import db.models  # noqa: F401 - registers the tables
from db.columns import Base

OF_PEOPLE = (
    "people's own settings and keys, which only the API writes: they are lost, and the runbook says so"
)
READ_AGAIN = "what the provider tells of itself: it is read again"
# Each with the reason why it may differ.
NOT_COMPARED = {
    **dict.fromkeys(
        (
            *("sign_ups", "sign_in_links", "pending_sign_ins", "sign_ins", "refresh_tokens", "identities"),
            *("authenticators", "recovery_codes", "wrong_codes", "message_preferences", "accepted_texts"),
            *("applications", "report_drafts", "attachments", "calendar_feeds", "leaves", "working_hours"),
            *("technician_skills", "mail_notes", "requests", "tariffs", "accesses"),
        ),
        OF_PEOPLE,
    ),
    **dict.fromkeys(("webhook_events", "provider_entries", "provider_readings"), READ_AGAIN),
    **dict.fromkeys(("invariant_checks", "invariant_alerts"), "looks, by which the restore is recognised"),
    "capacity_events": "hints, deleted once they are heard",
    "skills": "a list that migrations fill",
    "status_changes": "a list that migrations fill",
    "recovery_acts": "what was repaired: each test says what it has to be",
    "notifications": "which mails were still of use is asked again: a notice that is not leaves no row",
}
WRITTEN_WHEN = "recorded_at"
# What is drawn, made anew, or lost with the texts and names, and why the rest of its row is compared.
NOT_THE_SAME = {
    "tickets": {"client_code", "technician_code"},
    "journal": {"id"},
    "bookings": {"id"},
    "gains": {"id"},
    "erasures": {"id"},
    "payout_runs": {"id"},
    # PDF and data have the clock of their making in them; the facts are what was printed.
    "documents": {"pdf", "xml", "sha256"},
    "submissions": {"author_id", "body"},
    "people": {"name", "mail", "created_at"},
}
# The id of a gain is made; which gain it is stays.
GAIN = "(SELECT ticket || ':' || session || ':' || number FROM gains WHERE id = gain_id)"
SAID_SO = {"gain_id": GAIN, "details": "details - 'gain'"}


def queries() -> dict[str, str]:
    """By table: all of its rows, as far as they can be the same again."""
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name in NOT_COMPARED:
            continue
        left_out = NOT_THE_SAME.get(table.name, set()) | {WRITTEN_WHEN}
        columns = [column.name for column in table.columns if column.name not in left_out]
        shown = ", ".join(SAID_SO.get(name, f'"{name}"') for name in columns)
        found[table.name] = f"SELECT {shown} FROM {table.name}"
    return found
