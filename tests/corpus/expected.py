"""The expected trees of the shared corpus, as values that can be compared with ours."""

import json
from pathlib import Path
from typing import Any

import msgspec

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
WHY_SKIPPED = "the shared corpus is not beside this checkout (../shared/corpus)"


def corpus_files(pattern: str) -> list[Path]:
    """Files of the corpus in a fixed order; none where it is absent."""
    return sorted(CORPUS.glob(pattern))


class ExpectedLeaf(msgspec.Struct, frozen=True):
    """One leaf: offsets (header, body, end) and content: text as str, binary as bytes, an enclosed message
    as None."""

    offsets: tuple[int, int, int]
    content: str | bytes | None


class ExpectedMessage(msgspec.Struct, frozen=True):
    """A whole expectation; bodies are numbers of leaves, counted from one."""

    leaves: tuple[ExpectedLeaf, ...]
    text_body: tuple[str, ...]
    html_body: tuple[str, ...]
    attachments: tuple[str, ...]
    headers: dict[str, Any]


def load(path: Path) -> ExpectedMessage:
    """The expectation in the JSON file `path`."""
    tree = json.loads(path.read_bytes())
    order: list[int] = []
    _collect(tree["parts"], 0, order)
    number = {index: str(position) for position, index in enumerate(order, start=1)}
    return ExpectedMessage(
        leaves=tuple(_leaf(tree["parts"][index]) for index in order),
        text_body=tuple(number[index] for index in tree["text_body"]),
        html_body=tuple(number[index] for index in tree["html_body"]),
        attachments=tuple(number[index] for index in tree["attachments"]),
        headers={
            field["name"]: field["value"]
            for field in tree["parts"][0]["headers"]
            if isinstance(field["name"], str)
        },
    )


def _collect(parts: list[Any], index: int, order: list[int]) -> None:
    body = parts[index]["body"]
    if "Multipart" in body:
        for child in body["Multipart"]:
            _collect(parts, child, order)
    else:
        order.append(index)


def _leaf(part: Any) -> ExpectedLeaf:
    ((kind, value),) = part["body"].items()
    content: str | bytes | None = None
    if kind in ("Text", "Html"):
        content = value.replace("\r\n", "\n")
    elif kind in ("Binary", "InlineBinary"):
        content = bytes(value)
    return ExpectedLeaf((part["offset_header"], part["offset_body"], part["offset_end"]), content)
