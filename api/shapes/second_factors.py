"""What is said of the second factor."""

from pydantic import ConfigDict, Field

from api.formats import Body
from api.shapes.common import Moment, Shape


class SecondFactorView(Shape):
    """Since when one's authenticator counts, and how many recovery codes were not used; null and 0 for the
    demonstration's people, who may have none."""

    enrolled_at: Moment | None
    recovery_codes_left: int

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"enrolled_at": "2026-11-24T09:02:00+01:00", "recovery_codes_left": 10}]
        }
    )


class TypedCode(Body):
    """Of the authenticator one has, or one of its recovery codes."""

    code: str = Field(min_length=1, max_length=60)

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "492039"}]})


class EnrolmentPage(Shape):
    """Where this browser goes on, within ten minutes."""

    page: str

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"page": "https://omea.example/v1/sign-in/second-factor"}]}
    )
