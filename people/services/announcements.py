from datetime import datetime

from people.exceptions import NoSuchAnnouncement
from people.models import Announcement, AnnouncementRead, User


def put_away(*, user: User, announcement_id: int, at: datetime) -> None:
    """Show an announcement no more to *user*; twice is once.

    Raises:
        NoSuchAnnouncement: there is none.
    """
    if not Announcement.objects.filter(pk=announcement_id).exists():
        raise NoSuchAnnouncement
    AnnouncementRead.objects.get_or_create(
        announcement_id=announcement_id, user=user, defaults={"read_at": at}
    )
