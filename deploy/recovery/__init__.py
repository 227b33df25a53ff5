"""After a restore: what the database, Temporal and Stripe disagree about, and how they are made to agree."""
