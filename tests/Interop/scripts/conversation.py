"""What every script here begins with: how to log in, and how to expect a failure."""

import contextlib
import gc
import os
import sys
import traceback

import grpc
from pydeephaven import Session

# The client releases a table when Python collects it, whenever that is; here nothing is released that a script does not release itself.
gc.disable()



def end_at_once(kind, error, trace):
    """A script that fails ends: a session that is not closed would keep its process."""
    traceback.print_exception(kind, error, trace)
    sys.stderr.flush()
    os._exit(1)


sys.excepthook = end_at_once

PSK = "io.deephaven.authentication.psk.PskAuthenticationHandler"
PORT = int(os.environ["WHARF_PORT"])
KEY = os.environ.get("WHARF_PSK", "")


def login(auth_type=PSK, auth_token=KEY, **options):
    return Session(port=PORT, auth_type=auth_type, auth_token=auth_token, **options)


def leave(session):
    """Closes the session and nothing else: the client's own close also closes the channel, and with it every stream that is to be looked at."""
    session._keep_alive_timer.cancel()
    session.session_service.close()


def status_of(error):
    """The gRPC status behind an error of the client, however deep it is wrapped."""
    while error is not None:
        if isinstance(error, grpc.RpcError):
            return error.code(), error.details()
        error = error.__cause__ or error.__context__
    return None, None


@contextlib.contextmanager
def refused(code, *words):
    """Expects the block to fail with a status whose text has the words in it."""
    try:
        yield
    except Exception as error:
        found, text = status_of(error)
        assert found == code, f"expected {code}, got {found}: {text or error!r}"
        for word in words:
            assert word in text, f"expected {word!r} in {text!r}"
    else:
        raise AssertionError(f"expected {code}, and it went well")
