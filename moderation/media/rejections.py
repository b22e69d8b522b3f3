"""Why a medium is refused: a stable code and a sentence for an engineer at the platform that sent it."""

from typing import Final


def _(sentence: str) -> str:
    """Mark a sentence for translation where it is written; it is translated where it is shown."""
    return sentence


SENTENCES: Final[dict[str, str]] = {
    # what it is
    "empty": _("The file has no bytes. Send the picture itself."),
    "not_yet": _("Video and audio are not accepted yet. Send pictures as JPEG, PNG, GIF or WebP."),
    "svg": _("SVG is a document that can run scripts and is not accepted. Send it drawn, as PNG."),
    "html": _(
        "The file is an HTML or XML page, not a picture. Send the picture itself, as JPEG, PNG, GIF or WebP."
    ),
    "pdf": _("PDF is not accepted. Send its pages as pictures."),
    "archive": _("Archives are not accepted. Send each picture as a file of its own."),
    "unsupported_picture": _("This picture format is not accepted. Convert it to JPEG, PNG, GIF or WebP."),
    "unknown_type": _(
        "The bytes are not those of a JPEG, PNG, GIF or WebP, whatever the name of the file says."
    ),
    # what its headers say
    "truncated": _("The file ends before the picture does. Send it again, whole."),
    "damaged": _(
        "The headers of the file contradict themselves, so it cannot be read. Save it anew and send that."
    ),
    "too_wide": _("The picture is longer than 32,768 pixels on one side. Send it in parts or made smaller."),
    "too_many_pixels": _(
        "The picture has too many pixels: at most 60 million are accepted as JPEG, 36 million as PNG, GIF or WebP. "
        "Send it made smaller."
    ),
    "too_many_frames": _(
        "The animation is too long: at most 1,000 frames and 400 million pixels over all frames are accepted. "
        "Send a shorter or smaller one."
    ),
    "too_many_parts": _(
        "The file is cut into more parts than any camera or editor writes. Save it anew and send that."
    ),
    # what only decoding shows
    "undecodable": _("The picture data is damaged and cannot be decoded. Save it anew and send that."),
    "too_much_memory": _("Decoding the picture takes more memory than is allowed. Send it made smaller."),
    "too_slow": _(
        "Decoding the picture takes longer than is allowed. Save it anew, made smaller, and send that."
    ),
    "decoder_crashed": _(
        "The picture stopped the decoder, as a damaged file does. Save it anew and send that."
    ),
}


class MediaRejected(Exception):
    """The medium itself is refused, for good: the same bytes will be refused again. Never retry.

    ``code`` is a key of `SENTENCES`; ``sentence`` says what is wrong and what to send instead. Neither holds
    anything of the file.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence

    def __reduce__(self) -> tuple[type["MediaRejected"], tuple[str, str]]:
        return (MediaRejected, (self.code, self.sentence))


def rejected(code: str) -> MediaRejected:
    """The rejection with this code and its sentence. An unknown code is an error of ours (`KeyError`)."""
    return MediaRejected(code, SENTENCES[code])
