"""What people write or give: kept here only, so that it can be erased."""

from sqlalchemy.ext.asyncio import AsyncSession

from db.models.tickets import Submission, SubmissionKind


async def keep(session: AsyncSession, author_id: str | None, kind: SubmissionKind, **body: str) -> str:
    """The new submission's id. Nobody is its author on the command line."""
    submission = Submission(author_id=author_id, kind=kind, body=body)
    session.add(submission)
    await session.flush()
    return submission.id


async def body_of(session: AsyncSession, submission_id: str) -> dict[str, str]:
    return (await session.get_one(Submission, submission_id)).body
