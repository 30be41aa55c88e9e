"""A small network made to measure: for the pictures that were found, with the task that suits them."""

from cnnstudio.core.project import Project
from cnnstudio.core.tasks import AnyTask, Classification, Segmentation
from cnnstudio.core.templates import Template, template
from cnnstudio.core.values.facts import DataFacts


def template_for(project: Project, facts: DataFacts) -> Template:
    """The template of the task that suits these data."""
    return template(_task_for(project.task, facts).usual_template)


def fitted(project: Project, facts: DataFacts) -> Project:
    """The project with a new network that takes its data, all else as it was as far as it fits.

    StudioError where the template cannot take pictures of their size.
    """
    made = template_for(project, facts).project(facts.sample_shape, facts.classes, project.data)
    task = _task_for(project.task, facts)
    # What was chosen of the task, such as the form of its labels, stays with the loss that goes with it.
    loss = project.training.loss if task is project.task else made.training.loss
    training = project.training.model_copy(update={"loss": loss, "from_logits": False, "start_from": None})
    return project.with_network(made.network).with_task(task).with_training(training)


def _task_for(task: AnyTask, facts: DataFacts) -> AnyTask:
    """Masks are there to be learned; without any, what needs them cannot be."""
    if facts.has_masks:
        return task if task.needs_masks else Segmentation()
    return Classification() if task.needs_masks else task
