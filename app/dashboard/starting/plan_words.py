"""What a plan says, in sentences: what would be uploaded and deleted, and what has to be confirmed. Pure."""

from dataclasses import dataclass

from app.dashboard import words
from app.mirrors.direction import Direction, direction_of
from app.mirrors.planning import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWords:
    """A plan in words.

    Attributes:
        totals: what would be done, a sentence each.
        deletion: what would be deleted and where, as it follows "Delete"; empty: nothing.
        moved: what would become of the files: uploaded, or downloaded.
        start: the label of the button that starts it.
        warnings: what its reader should know before he starts it.
    """

    totals: list[str]
    deletion: str
    moved: str
    start: str
    warnings: list[str]


def words_of(plan: Plan) -> PlanWords:
    """Return a plan that came to its end in words."""
    direction = direction_of(plan.job.arguments)
    return PlanWords(
        totals=[*_totals(plan, direction), *_rest(plan)],
        deletion=deletion_of(plan),
        moved=f"{direction.value}ed",
        start=f"Start the {direction.value}",
        warnings=list(_warnings(plan, direction)),
    )


def deletion_of(plan: Plan) -> str:
    """Return what would be deleted, with the number and the name of the place: ``2 objects from the bucket photos``."""
    bucket, folder = _bucket(plan), _folder(plan)
    if direction_of(plan.job.arguments) is Direction.DOWNLOAD:
        return f"{words.files(plan.deletes)} from {folder}" if plan.deletes else ""
    objects = f"{words.counted(plan.deletes, 'object', 'objects')} from {bucket}" if plan.deletes else ""
    if not plan.drops:
        return objects
    return f"{objects}, and the bucket itself" if objects else bucket


def _totals(plan: Plan, direction: Direction) -> list[str]:
    made = _folder(plan) if direction is Direction.DOWNLOAD else f"the bucket {plan.job.arguments['dest']}"
    sentences = [f"{_capital(made)} does not exist yet and would be made."] if plan.creates else []
    if plan.uploads:
        sentences.append(f"{words.files(plan.uploads)} would be {direction.value}ed ({words.size(plan.bytes)}).")
    if plan.must_be_confirmed:
        sentences.append(f"{_capital(deletion_of(plan))} would be deleted.")
    return sentences or ["Nothing would be changed."]


def _rest(plan: Plan) -> list[str]:
    progress, sentences = plan.job.progress, []
    if unchanged := progress.get("unchanged", 0):
        sentences.append(f"{words.files(unchanged)} {'is' if unchanged == 1 else 'are'} the same on both sides.")
    if skipped := progress.get("skipped", 0):
        sentences.append(f"{words.counted(skipped, 'thing is', 'things are')} left out.")
    if failed := progress.get("failed", 0):
        sentences.append(f"{words.counted(failed, 'thing', 'things')} could not be looked at.")
    return sentences


def _warnings(plan: Plan, direction: Direction) -> list[str]:
    warnings, folder = [], _capital(_folder(plan))
    if plan.drops:
        warnings.append(f"{folder} is missing or holds no file, so {_bucket(plan)} itself would be deleted.")
    elif direction is Direction.UPLOAD and not plan.uploads and not plan.job.progress.get("unchanged"):
        warnings.append(
            f"Nothing was found in {_folder(plan)}: is it the right folder, and do the filters let files pass?"
        )
    if plan.job.progress.get("failed") and plan.deletes:
        warnings.append("Not everything could be looked at. As long as that is so, nothing is deleted.")
    return warnings


def _bucket(plan: Plan) -> str:
    arguments = plan.job.arguments
    prefix = str(arguments["prefix"])
    bucket = f"the bucket {arguments['dest']}"
    return f"the folder {prefix} of {bucket}" if prefix else bucket


def _folder(plan: Plan) -> str:
    source = str(plan.job.arguments["source"])
    return f"the folder {source}" if source else "the uploads folder"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
