"""A message by SMS, brought to an hour at which a telephone may ring."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.text_messages import TextMessageActivities
from domain.text_messages import TextMessage, end_of_day, first_hour
from workflows import wording
from workflows.options import TEXT_MESSAGE, Options


@workflow.defn(name="TextMessage")
class TextMessageWorkflow:
    """Begun by the activity that sends the mail. Neither number nor words are in its history."""

    @workflow.run
    async def run(self, message: TextMessage) -> str:
        """Answers what became of it. While the provider is away it is tried until the night, and again from
        the morning on, as long as it is of use."""
        at = first_hour(workflow.now())
        while at < message.until:
            if (wait := at - workflow.now()).total_seconds() > 0:
                await workflow.sleep(wait, summary=wording.TEXT_MESSAGE_WAITS)
            night = end_of_day(at)
            as_long_as_it_may = min(message.until, night) - workflow.now()
            try:
                outcome = await workflow.execute_activity_method(
                    TextMessageActivities.send_text_message,
                    message,
                    summary=wording.TEXT_MESSAGE_SENT,
                    **(TEXT_MESSAGE | Options(schedule_to_close_timeout=as_long_as_it_may)),
                )
            except ActivityError:
                at = first_hour(night)
            else:
                return outcome.value
        return "too_late"
