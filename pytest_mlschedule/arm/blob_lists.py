"""What a container of blobs holds, as blob storage lists it."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import formatdate
from xml.etree import ElementTree

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.cloud import Blob

ETAG = '"0x8D0000000000000"'
LAST_MODIFIED = formatdate(1767225600, usegmt=True)


def list_blobs(blobs: Mapping[str, Blob], query: Mapping[str, str]) -> Response:
    """All blobs in one page by name, those of ``prefix``; with ``delimiter`` what stands before it stands for the rest."""
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter")
    root = ElementTree.Element("EnumerationResults")
    listed = ElementTree.SubElement(root, "Blobs")
    folders: set[str] = set()
    for name, blob in sorted(blobs.items()):
        if not name.startswith(prefix):
            continue
        head, found, _ = name[len(prefix) :].partition(delimiter) if delimiter else ("", "", "")
        folder = f"{prefix}{head}{found}"
        if not found:
            listed.append(_write_blob(name, blob))
        elif folder not in folders:
            folders.add(folder)
            _write(ElementTree.SubElement(listed, "BlobPrefix"), {"Name": folder})
    ElementTree.SubElement(root, "NextMarker")
    return Response(
        ElementTree.tostring(root, encoding="utf-8", xml_declaration=True), 200, content_type="application/xml"
    )


def _write_blob(name: str, blob: Blob) -> ElementTree.Element:
    element = ElementTree.Element("Blob")
    _write(element, {"Name": name})
    properties = {
        "Last-Modified": LAST_MODIFIED,
        "Etag": ETAG.strip('"'),
        "Content-Length": str(len(blob.content)),
        "BlobType": "BlockBlob",
        "ServerEncrypted": "true",
    }
    _write(ElementTree.SubElement(element, "Properties"), properties)
    _write(ElementTree.SubElement(element, "Metadata"), blob.metadata)
    return element


def _write(element: ElementTree.Element, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        ElementTree.SubElement(element, name).text = text
