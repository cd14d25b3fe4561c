"""Which parts are the body and which are attachments (rfc8621#4.1.4)."""

import msgspec

from pirab.wire.types import Part

_INLINE_MEDIA = ("image/", "audio/", "video/")
_NOT_FOR_DOWNLOAD = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
        "text/rfc822-headers",
        "message/global-headers",
    }
)


class Bodies(msgspec.Struct, frozen=True, gc=False):
    """Leaves in the order in which a reader should see them."""

    text: tuple[Part, ...]
    html: tuple[Part, ...]
    attachments: tuple[Part, ...]
    has_attachment: bool


def sort_bodies(root: Part) -> Bodies:
    """The algorithm of rfc8621#4.1.4, and `hasAttachment` by what a person would call an attachment."""
    text: list[Part] = []
    html: list[Part] = []
    attachments: list[Part] = []
    _sort((root,), "mixed", False, html, text, attachments)
    has_attachment = any(_is_worth_a_clip(part) for part in attachments)
    return Bodies(tuple(text), tuple(html), tuple(attachments), has_attachment)


def _sort(
    parts: tuple[Part, ...],
    multipart: str,
    in_alternative: bool,
    html: list[Part] | None,
    text: list[Part] | None,
    attachments: list[Part],
) -> None:
    text_length = len(text) if text is not None else -1
    html_length = len(html) if html is not None else -1
    for index, part in enumerate(parts):
        if part.is_multipart:
            subtype = part.type[len("multipart/") :]
            _sort(
                part.sub_parts, subtype, in_alternative or subtype == "alternative", html, text, attachments
            )
        elif not _is_inline(part, index, multipart):
            attachments.append(part)
        elif multipart == "alternative":
            _alternative(part, html, text, attachments)
        else:
            if in_alternative and part.type == "text/plain":
                html = None
            if in_alternative and part.type == "text/html":
                text = None
            if text is not None:
                text.append(part)
            if html is not None:
                html.append(part)
            if (text is None or html is None) and part.type.startswith(_INLINE_MEDIA):
                attachments.append(part)
    if multipart == "alternative" and text is not None and html is not None:
        _fill_from_each_other(text, html, text_length, html_length)


def _fill_from_each_other(text: list[Part], html: list[Part], text_length: int, html_length: int) -> None:
    """What an alternative offers in one form only is shown in both."""
    if text_length == len(text) and html_length != len(html):
        text.extend(html[html_length:])
    elif html_length == len(html) and text_length != len(text):
        html.extend(text[text_length:])


def _is_inline(part: Part, index: int, multipart: str) -> bool:
    is_media = part.type.startswith(_INLINE_MEDIA)
    return (
        part.disposition != "attachment"
        and (is_media or part.type in ("text/plain", "text/html"))
        and (index == 0 or (multipart != "related" and (is_media or not part.name)))
    )


def _alternative(
    part: Part, html: list[Part] | None, text: list[Part] | None, attachments: list[Part]
) -> None:
    if part.type == "text/plain" and text is not None:
        text.append(part)
    elif part.type == "text/html" and html is not None:
        html.append(part)
    else:
        attachments.append(part)


def _is_worth_a_clip(part: Part) -> bool:
    """rfc8621#4.1.4 leaves the choice: pictures inside the text and machine parts are no attachments to a
    person."""
    if part.type in _NOT_FOR_DOWNLOAD:
        return False
    is_picture_in_text = (
        part.cid is not None and part.type.startswith("image/") and part.disposition != "attachment"
    )
    return not is_picture_in_text
