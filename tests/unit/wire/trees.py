"""What several tests of `wire` look at: leaves of a tree, and whether ranges make sense."""

from collections.abc import Iterator

from pirab.wire.mime import Part


def parts_of(root: Part) -> Iterator[Part]:
    """Every part, parents first."""
    yield root
    for child in root.sub_parts:
        yield from parts_of(child)


def leaves_of(root: Part) -> list[Part]:
    """Every leaf in document order."""
    return [part for part in parts_of(root) if not part.sub_parts and part.part_id is not None]


def assert_ranges_fit(root: Part, length: int) -> None:
    """Ranges lie inside the message, children inside their parent's body, one after another, nothing
    overlaps."""
    assert (root.header_start, root.body_end) == (0, length)
    for part in parts_of(root):
        assert 0 <= part.header_start <= part.header_end <= part.body_start <= part.body_end <= length
        position = part.body_start
        for child in part.sub_parts:
            assert position <= child.header_start
            assert child.body_end <= part.body_end
            position = child.body_end


def text_of_ids(root: Part, ids: tuple[str, ...]) -> list[str]:
    """The media types of the leaves called `ids`."""
    by_id = {part.part_id: part for part in leaves_of(root)}
    return [by_id[part_id].type for part_id in ids]
