"""Tables of the outreach room."""

from jigai.outreach.models.briefing import (
    Briefing,
    BriefingFeedback,
    BriefingMaterial,
    BriefingTopic,
    Invitation,
)
from jigai.outreach.models.consultation import (
    CommentThrottle,
    Consultation,
    ConsultationAnswer,
    ConsultationComment,
)
from jigai.outreach.models.distribution import Delivery, Distribution

__all__ = [
    "Briefing",
    "BriefingFeedback",
    "BriefingMaterial",
    "BriefingTopic",
    "CommentThrottle",
    "Consultation",
    "ConsultationAnswer",
    "ConsultationComment",
    "Delivery",
    "Distribution",
    "Invitation",
]
