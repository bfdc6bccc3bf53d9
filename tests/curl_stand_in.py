"""As much of curl as the pages use, for machines without it: ``-s -o -w '%{http_code}' -X -H -d`` and addresses on loopback."""

from __future__ import annotations

import argparse
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-o", dest="output")
    parser.add_argument("-w", dest="format", default="")
    parser.add_argument("-X", dest="method")
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("-d", dest="data", action="append", default=[])
    parser.add_argument("url")
    given = parser.parse_args()
    headers = dict(line.split(": ", 1) for line in given.headers)
    body = "&".join(given.data)
    if body.startswith("@"):
        with open(body[1:], "rb") as stream:
            content = stream.read()
    else:
        content = body.encode()
    data = content if given.data else None
    request = Request(given.url, data, headers, method=given.method or ("POST" if given.data else "GET"))
    try:
        with urlopen(request) as answer:
            status, text = answer.status, answer.read()
    except HTTPError as refused:
        status, text = refused.code, refused.read()
    if given.output:
        with open(given.output, "wb") as stream:
            stream.write(text)
    else:
        sys.stdout.buffer.write(text)
        sys.stdout.flush()
    sys.stdout.write(given.format.replace("%{http_code}", str(status)).replace("\\n", "\n"))


if __name__ == "__main__":
    main()
