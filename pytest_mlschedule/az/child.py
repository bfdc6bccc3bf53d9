"""The az that a script starts: it hands the call to the test that waits for it, and prints the answer.

Standard library alone, and little of it: a script may call it a hundred times.
"""

import json
import os
import socket
import sys

VARIABLE = "MLSCHEDULE_AZ"
"""The environment variable that says where the test listens: PORT:SECRET."""
_STREAMS = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")


def main() -> int:
    """Run the command line of this process; the exit code."""
    port, _, secret = os.environ.get(VARIABLE, "").partition(":")
    arguments = sys.argv[1:]
    call: dict[str, object] = {
        "secret": secret,
        "arguments": arguments,
        "folder": find_folder(),
        "environment": {name: value for name, value in os.environ.items() if name.startswith("AZURE_")},
        "streams": _read_streams(arguments),
    }
    try:
        answer = _ask(int(port), call)
    except (OSError, ValueError):
        sys.stderr.write("ERROR: no test is listening: this az works while the fixture ml_az of its test is there.\n")
        return 1
    exit_code, stdout, stderr = answer
    _write(2, stderr)
    _write(1, stdout)
    return exit_code


def _ask(port: int, call: dict[str, object]) -> tuple[int, str, str]:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(json.dumps(call).encode() + b"\n")
        chunks = []
        while chunk := connection.recv(1 << 16):
            chunks.append(chunk)
    exit_code, stdout, stderr = json.loads(b"".join(chunks))
    return exit_code, stdout, stderr


def find_folder() -> str:
    """Where this process stands; "" for a folder that was removed."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return ""


def _read_streams(arguments: list[str]) -> dict[str, str]:
    """The texts that only this process can read: files of a shell's ``<(...)``, and standard input where ``@-`` asks for it."""
    streams = {}
    for argument in arguments:
        path = argument.rpartition("=")[2]
        if path.lstrip("@").startswith(_STREAMS):
            path = path.lstrip("@")
            with open(path, encoding="utf-8", errors="surrogateescape") as stream:
                streams[path] = stream.read()
        elif path == "@-":
            streams["-"] = sys.stdin.read()
    return streams


def _write(descriptor: int, text: str) -> None:
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a character, which JSON can say
        data = text.encode("utf-8", "replace")
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    except BrokenPipeError:
        pass  # whoever reads has read enough
    except OSError:
        pass  # the descriptor is closed


if __name__ == "__main__":
    sys.exit(main())
