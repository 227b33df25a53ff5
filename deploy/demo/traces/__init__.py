"""What the demonstration must not leave behind: people's data in logs, metrics and Temporal's raw histories."""
