"""Counting the frames of a GIF by its blocks, without unpacking any.

The format: a header of 13 bytes with perhaps a table of colours, then blocks. An image is a
descriptor of 10 bytes with perhaps a table, a byte, and its data; an extension is two bytes and its
data. Data comes in pieces of up to 255 bytes, each after its length, until a length of 0.
"""

HEADER, DESCRIPTOR = 13, 10
HAS_TABLE, TABLE_BITS = 0x80, 0x07
IMAGE, EXTENSION = 0x2C, 0x21


def frames_of_gif(content: bytes, *, at_most: int) -> int:
    """Count the frames of a GIF until there are `at_most`; what is cut short ends the count."""
    frames = 0
    try:
        position = HEADER + _table_bytes(content[10])
        while frames < at_most:
            kind = content[position]
            if kind == IMAGE:
                frames += 1
                position += DESCRIPTOR + _table_bytes(content[position + 9]) + 1
            elif kind == EXTENSION:
                position += 2
            else:
                break
            position = _after_data(content, position)
    except IndexError:
        pass
    return frames


def _table_bytes(flags: int) -> int:
    return 3 << ((flags & TABLE_BITS) + 1) if flags & HAS_TABLE else 0


def _after_data(content: bytes, position: int) -> int:
    while length := content[position]:
        position += length + 1
    return position + 1
