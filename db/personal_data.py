"""What of each table is personal, and what becomes of it when its person is erased.

Every column stands in exactly one of the three tables: a test fails for one that does not. A new table with
something personal needs its line here, and its statement in the function `erase_person` of the database, by a
migration (`db/migrations/versions/0029_erasures.py` has the first one); for one without, a line in
`NOTHING_PERSONAL` is all. Ids are not personal once nothing leads from them to anybody.
"""

# Emptied or deleted with the person. A row that is deleted stands here with its personal columns only.
ERASED: dict[str, str] = {
    "applications": "name mail skills text mail_mark network_mark reason",
    "attachments": "sha256 content",
    "authenticators": "sealed last_step",
    "bank_messages": "xml",
    "bank_orders": "name iban",
    "cards": "customer_reference card_reference label saved_at",
    "documents": "facts pdf xml sha256",
    "erasures": "mail customer_reference",
    "identities": "issuer subject",
    "leaves": "during",
    "message_preferences": "sms reminders phone chosen_at",
    "payees": "legal_name siren vat_number street postal_code city is_company first_name last_name "
    "birth_date "
    "tax_number iban wanted_rail wanted_iban wanted_at account_ready account_missing account_asked_at",
    "people": "name mail active",
    "pending_sign_ins": "secret_hash offer_sealed",
    "recovery_codes": "hash",
    "refresh_tokens": "hash",
    "report_drafts": "text declared_minutes",
    "requests": "key body_hash",
    "sign_in_links": "mail_mark network_mark browser_hash",
    "sign_ins": "secret_hash device",
    "sign_ups": "name mail mail_mark network_mark browser_hash",
    "submissions": "body",
    "technician_skills": "skill level",
    "technicians": "account_reference",
    "transfer_files": "xml",
    "working_hours": "weekday opens closes",
    "wrong_codes": "at",
}

# Where accounting is kept: nobody but the owner reads it, and it is destroyed after `destroy_after`.
ARCHIVE: dict[str, str] = {
    "archived_records": "facts pdf xml",
}

NOTHING_PERSONAL: dict[str, str] = {
    "accepted_texts": "person_id text version accepted_at recorded_by recorded_at",
    "accesses": "id at person_id role kind subject part request recorded_at",
    "applications": "id privacy asked_at decided_at decided_by technician_id",
    "archived_records": "kind reference destroy_after destroyed_at archived_at",
    "attachments": "id author_id submission_id content_type width height size_bytes recorded_at",
    "authenticators": "person_id key_id confirmed_at",
    "bank_debits": "file amount_cents recorded_at",
    "bank_messages": "sha256 received_at received_by applied_at outcome",
    "bank_orders": "reference payout attempt amount_cents file state by_file code settled_on ordered_at "
    "closed_at recorded_at",
    "bookings": "id technician_id during state held_by skill hold_expires_at ticket session recorded_at",
    "calendar_feeds": "technician_id opened_at",
    "capacity_events": "id kind technician_id recorded_at",
    "cards": "client_id",
    "chargebacks": "reference invoice ticket status is_inquiry reason amount_cents withdrawn_cents "
    "returned_cents fee_cents opened_at answer_by answered_at closed_at",
    "consents": "ticket session sequence text_version submission_id given_at",
    "credit_note_counters": "year last",
    "credit_notes": "number invoice issued_at slices total_ht_cents total_vat_cents total_ttc_cents",
    "disputes": "ticket number submission_id raised_at",
    "documents": "number kind ticket invoice made_at recorded_at",
    "erasures": "id person_id key asked_by actor_id asked_at due_at withdrawn_at withdrawn_by erased_at "
    "kept_records kept_until recorded_at",
    "gain_claims": "gain_id statement",
    "gain_rulings": "ticket session ruling kind minutes",
    "gains": "id ticket session number technician_id slices amount_cents month accepted_at act",
    "identities": "id person_id linked_at used_at removed_at",
    "invariant_alerts": "check_id at kind",
    "invariant_checks": "id at name ok total rows recorded_at",
    "invoice_counters": "year last",
    "invoices": "number ticket client_id issued_at minutes slices unit_ttc_cents vat_bp total_ht_cents "
    "total_vat_cents total_ttc_cents",
    "journal": "id ticket key at actor_id actor_role on_behalf_of act before after details recorded_at",
    "leaves": "id technician_id recorded_by recorded_at",
    "ledger_lines": "transaction line account amount_cents",
    "ledger_transactions": "key at recorded_at",
    "mail_notes": "person_id until noted_by noted_at",
    "message_preferences": "person_id",
    "notifications": "key ticket kind recipient_id message_id channel begun_at sent_at refused_at "
    "refused_code recorded_at",
    "payees": "technician_id series mandate mandate_signed_at vigilance_until rail",
    "payment_attempts": "invoice attempt refusal by_hand tried_at",
    "payments": "invoice intent status collected_cents fee_cents paid_at",
    "payout_runs": "id key month n cut_off reason_id actor_id technician_id started_at finished_at",
    "payouts": "key status rail transfer failure attempts paid_at",
    "pending_sign_ins": "id person_id began_at used_at offer_key_id",
    "people": "id role created_at",
    "provider_entries": "id kind amount_cents fee_cents net_cents source invoice payout created_at "
    "recorded_at",
    "provider_readings": "reading newest_at balance_cents read_at",
    "recovery_acts": "id at kind subject detail reason recorded_at",
    "recovery_codes": "person_id used_at",
    "refresh_tokens": "sign_in_id issued_at used_at",
    "refund_cases": "invoice n ticket status submission_id opened_by opened_at kind minutes ruling_id "
    "ruled_by "
    "ruled_at credit_note amount_cents failure closed_at",
    "refund_gain_rulings": "invoice n session kind minutes",
    "refunds": "invoice n attempt amount_cents reference state sent_at failed_at",
    "report_drafts": "ticket technician_id saved_at",
    "reports": "ticket session submission_id declared_minutes measured_minutes evidence billed_slices "
    "credible "
    "filed_at",
    "requests": "actor_id command ticket submission_id attachment_id recorded_at",
    "reversal_requests": "key payout transfer attempt n actor_id reason_id asked_at refusal recorded_at",
    "reviews": "ticket number stars submission_id given_at",
    "rulings": "ticket number kind minutes submission_id ruled_by ruled_at",
    "session_logs": "ticket session reference started_at ended_at seconds read_at",
    "sessions": "ticket number technician_id started_at ended_at ended_by",
    "sign_in_links": "id person_id asked_at used_at",
    "sign_ins": "id person_id began_at seen_at revoked_at second_factor second_factor_at recorded_at",
    "sign_ups": "id terms privacy asked_at used_at",
    "skills": "code label required_level",
    "statement_contests": "statement tickets submission_id asked_at answer_id answered_by answered_at "
    "outcome "
    "gain_id",
    "statement_counters": "technician_id last",
    "statements": "key technician_id month n sequence number total_cents vat_bp vat_cents cut_off issued_at",
    "status_changes": "before after",
    "submissions": "id author_id kind recorded_at",
    "tariffs": "version skill effective_from slice_minutes minimum_slices grace_minutes price_ttc_cents "
    "vat_bp "
    "technician_ht_cents set_by set_at",
    "technician_skills": "technician_id",
    "technicians": "id suspended_at suspended_by vetted_at vetted_by",
    "tickets": "number client_id technician_id skill required_level status outcome appointment_start "
    "appointment_end ceiling_minutes tariff_version request_id client_code technician_code assignment "
    "sequence "
    "flexible taken_over_by taken_over_at wrong_codes opened_at acknowledged_at called_at closed_at",
    "transfer_files": "message_id month n run created_at execution_date debtor_name debtor_iban total_cents "
    "sha256 recorded_at",
    "transfer_reversals": "reference payout transfer amount_cents at recorded_at",
    "webhook_events": "id type subject state attempts found_by next_attempt_at received_at",
    "working_hours": "technician_id",
    "wrong_codes": "id person_id",
}
