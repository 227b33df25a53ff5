"""What the demonstration must not leave behind: people in logs, metrics and Temporal's raw histories."""
