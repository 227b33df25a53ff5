"""What a person is told, and what of it they do without."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict

from api.formats import Body, Phone, wrong
from api.shapes.common import Shape
from domain.text_messages import is_mobile


def _mobile(number: str) -> str:
    if not is_mobile(number):
        raise wrong("not_a_mobile")
    return number


class MessagesAsked(Body):
    """`phone` is where SMS go instead of the number given with a request; technicians give none otherwise."""

    sms: bool
    reminders: bool
    phone: Annotated[Phone, AfterValidator(_mobile)] | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"sms": True, "reminders": False, "phone": "06 12 34 56 79"}]}
    )


class Told(Shape):
    """`when` completes « Nous vous écrivons… »; `by_sms` where an SMS says so too; `may_be_off` where
    `reminders` stops it."""

    when: str
    by_sms: bool
    may_be_off: bool


class MyMessages(Shape):
    """`sms_sent` is false where this service sends no SMS at all."""

    sms: bool
    reminders: bool
    phone: str | None
    sms_sent: bool
    told: list[Told]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "sms": True,
                    "reminders": True,
                    "phone": None,
                    "sms_sent": True,
                    "told": [
                        {"when": "quand un rendez-vous est confirmé", "by_sms": True, "may_be_off": False}
                    ],
                }
            ]
        }
    )
