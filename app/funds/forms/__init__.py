"""The shapes of what is typed in this room: mandates, asks, deals."""

from app.funds.forms.deals import AssignForm, PassForm, ShowForm, StepForm, StepsForm
from app.funds.forms.mandates import AskForm, MandateForm, PublishForm

__all__ = [
    "AskForm",
    "AssignForm",
    "MandateForm",
    "PassForm",
    "PublishForm",
    "ShowForm",
    "StepForm",
    "StepsForm",
]
