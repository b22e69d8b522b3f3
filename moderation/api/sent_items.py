"""An item as it came: JSON with base64, or multipart with its files apart."""

import base64
import binascii
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from moderation.api.problems import Fault, Problem
from moderation.api.reading import (
    MULTIPART_TYPE,
    content_type,
    json_body,
    json_of,
    parsed,
    refuse_announced_size,
)
from moderation.api.schemas import MOST_MEDIA, ItemIn, MediumIn, ReportIn
from moderation.services.blobs import StoredMedium, Upload
from moderation.services.intake import NewItem
from moderation.services.reports import NewReport

ITEM_PART: Final = "item"
MEDIA_PART: Final = "media"


def read_item(request: HttpRequest) -> tuple[ItemIn, list[Upload]]:
    """Return the item of a request and its files, in either form.

    Raises:
        Problem: the body is not one of the two forms, or a field is not right.
    """
    if content_type(request) == MULTIPART_TYPE:
        item, uploads = _multipart(request)
    else:
        item = parsed(ItemIn, json_body(request))
        uploads = [_decoded(position, medium) for position, medium in enumerate(item.media)]
    _require_content(item, uploads)
    return item, uploads


def fields_of(item: ItemIn, media: Sequence[StoredMedium]) -> dict[str, Any]:
    """Return what makes two requests the same: the parsed fields, and the hashes and names of the files."""
    fields = item.model_dump(mode="json", exclude={"media"})
    return fields | {"media": [[medium.sha256, medium.filename] for medium in media]}


def new_item(item: ItemIn, media: Sequence[StoredMedium]) -> NewItem:
    """Return the item as intake takes it. Nulls and absent fields are the same."""
    return NewItem(
        external_id=item.external_id,
        category=item.category,
        text=item.text or "",
        media=tuple(media),
        language=item.language or "",
        reports=tuple(new_report(report) for report in item.reports),
        hints=frozenset(name for name, given in (item.hints or {}) if given),
        scores=item.scores,
        author=item.author.model_dump(exclude_none=True) if item.author else {},
        context=item.context.model_dump(exclude_defaults=True) if item.context else {},
        metadata=item.metadata,
        priority=item.priority,
        due_at=item.due_at,
        queue=item.queue,
        revision=item.revision,
    )


def new_report(report: ReportIn) -> NewReport:
    """Return a report as the services take it."""
    return NewReport(
        source=report.source,
        reason=report.reason or "",
        reported_at=report.reported_at,
        score=report.score,
    )


def _multipart(request: HttpRequest) -> tuple[ItemIn, list[Upload]]:
    if not request.headers.get("Content-Length"):
        raise Problem("malformed", _("Send multipart bodies with a Content-Length."))
    refuse_announced_size(request)
    item = parsed(ItemIn, json_of(_item_part(request)))
    _refuse_other_parts(request)
    files = request.FILES.getlist(MEDIA_PART)
    if files and item.media:
        sentence = _("Send media in the JSON or as parts, not both: their order would be unclear.")
        raise Problem("invalid", faults=[Fault("/media", sentence)])
    if len(files) > MOST_MEDIA:
        sentence = _("At most %(most)s media are taken for one item.") % {"most": MOST_MEDIA}
        raise Problem("invalid", faults=[Fault("/media", sentence)])
    decoded = [_decoded(position, medium) for position, medium in enumerate(item.media)]
    return item, decoded or [_upload(position, file) for position, file in enumerate(files)]


def _item_part(request: HttpRequest) -> bytes | str:
    """The JSON of the item: a field, or a file where the client gave it a name."""
    texts, files = request.POST.getlist(ITEM_PART), request.FILES.getlist(ITEM_PART)
    if len(texts) + len(files) != 1:
        raise Problem("malformed", _("Send exactly one part 'item' with the JSON of the item."))
    return str(texts[0]) if texts else bytes(files[0].read())


def _refuse_other_parts(request: HttpRequest) -> None:
    others = (set(request.POST) - {ITEM_PART}) | (set(request.FILES) - {ITEM_PART, MEDIA_PART})
    if others:
        sentence = _("The parts are 'item' and 'media', the latter with a file name.")
        raise Problem("invalid", sentence)


def _upload(position: int, file: "UploadedFile[bytes]") -> Upload:
    name = file.name or ""
    if len(name) > 255 or "\x00" in name:
        raise Problem("invalid", faults=[Fault(f"/media/{position}", _("The file's name is too long."))])
    if isinstance(file, TemporaryUploadedFile):
        return Upload(Path(file.temporary_file_path()), name)
    return Upload(bytes(file.read()), name)


def _decoded(position: int, medium: MediumIn) -> Upload:
    try:
        content = base64.b64decode((medium.data or "").encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        sentence = _("This is not base64 (RFC 4648, with padding). Send the bytes alone, without 'data:…'.")
        raise Problem("invalid", faults=[Fault(f"/media/{position}/data", sentence)]) from None
    return Upload(content, medium.filename or "")


def _require_content(item: ItemIn, uploads: Sequence[Upload]) -> None:
    if not uploads and not (item.text or "").strip():
        sentence = _("Send 'text' or 'media', or both: an item without content cannot be looked at.")
        raise Problem("invalid", sentence, faults=[Fault("", sentence)])
