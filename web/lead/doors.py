"""Who gets to a lead's pages: signed-in, active leads of a team. What is another team's is not there."""

from datetime import datetime

from people.access import Lead, lead_for
from people.models import User
from web.shared.doors import Visit, opened_by

LeadVisit = Visit[Lead]


@opened_by
def for_leads(user: User, at: datetime) -> Lead:
    """Give the view the lead who asks, and the team they lead."""
    return lead_for(user, at=at)
