"""Pack the small objects of a PDF into compressed streams, as PDF 1.5 allows.

pypdf reads such streams and writes none; the libraries that write them lack a wheel for one or
the other system that the course is for.
"""

import zlib
from io import BytesIO

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

TOGETHER = 200  # objects in one stream: a reader that wants one of them unpacks all
PLAIN, PACKED = 1, 2  # the kinds of entry in a table of places


def packed(pdf: PdfWriter) -> bytes:
    """The bytes of the same document, with all objects but streams packed.

    >>> from pypdf import PdfReader
    >>> pdf = PdfWriter()
    >>> page = pdf.add_blank_page(width=595, height=842)
    >>> PdfReader(BytesIO(packed(pdf))).pages[0].mediabox.height
    842.0

    Source: ISO 32000-1:2008, 7.5.7 (object streams) and 7.5.8 (cross-reference streams).
    """
    objects = {number: entry for number, entry in enumerate(pdf._objects, 1) if entry is not None}
    small = [number for number, entry in objects.items() if not isinstance(entry, StreamObject)]
    places = {}
    for first in range(0, len(small), TOGETHER):
        numbers = small[first : first + TOGETHER]
        bundle = len(pdf._objects) + 1 + first // TOGETHER
        objects[bundle] = bundled([(number, objects.pop(number)) for number in numbers])
        places |= {number: (PACKED, bundle, index) for index, number in enumerate(numbers)}

    out = BytesIO()
    out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    for number, stream in objects.items():
        squeeze(stream)
        places[number] = (PLAIN, out.tell(), 0)
        write_object(out, number, stream)
    start, last = out.tell(), max(objects) + 1
    places[last] = (PLAIN, start, 0)
    write_object(out, last, table_of(places, pdf))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def squeeze(stream: StreamObject) -> None:
    """Compress anew what was compressed in haste."""
    if stream.get("/Filter") == "/FlateDecode":
        stream._data = min(stream._data, zlib.compress(zlib.decompress(stream._data), 9), key=len)


def bundled(entries: list[tuple[int, PdfObject]]) -> StreamObject:
    """One stream that holds objects: first where each begins, then the objects."""
    bodies, begins = BytesIO(), []
    for number, entry in entries:
        begins.append(f"{number} {bodies.tell()}")
        entry.write_to_stream(bodies)
        bodies.write(b"\n")
    head = " ".join(begins).encode() + b"\n"
    return compressed(head + bodies.getvalue(), Type="ObjStm", N=len(entries), First=len(head))


def table_of(places: dict[int, tuple[int, int, int]], pdf: PdfWriter) -> StreamObject:
    """The stream that says of each number where its object is; a number without one is free."""
    size = max(places) + 1
    rows = (places.get(number, (0, 0, 0)) for number in range(size))
    table = b"".join(
        bytes([kind]) + place.to_bytes(4, "big") + index.to_bytes(2, "big")
        for kind, place, index in rows
    )
    stream = compressed(table, Type="XRef", Size=size)
    stream[NameObject("/W")] = ArrayObject(NumberObject(width) for width in (1, 4, 2))
    stream[NameObject("/Root")] = pdf.root_object.indirect_reference
    if pdf._info is not None:
        stream[NameObject("/Info")] = pdf._info.indirect_reference
    return stream


def compressed(data: bytes, Type: str, **numbers: int) -> StreamObject:
    """A compressed stream with a type and some numbers in its dictionary."""
    stream = DecodedStreamObject()
    stream.set_data(data)
    stream = stream.flate_encode()
    stream[NameObject("/Type")] = NameObject(f"/{Type}")
    for name, number in numbers.items():
        stream[NameObject(f"/{name}")] = NumberObject(number)
    return stream


def write_object(out: BytesIO, number: int, entry: PdfObject) -> None:
    """An object under its number, as a file holds it outside of streams."""
    out.write(b"%d 0 obj\n" % number)
    entry.write_to_stream(out)
    out.write(b"\nendobj\n")
