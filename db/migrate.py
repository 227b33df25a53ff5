"""Bring a database to the newest migration. Safe to repeat, and to run twice at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config


def configuration(url: str) -> Config:
    """Alembic's configuration for this database, given as its owner's url."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade(url: str) -> None:
    """Run every missing migration, each in a transaction of its own."""
    command.upgrade(configuration(url), "head")
