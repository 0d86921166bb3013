"""Every way in that the client knows, and what happens to those who have no key."""

import base64

import grpc
import pyarrow.flight as flight
from conversation import KEY, PORT, PSK, login, refused

session = login()
assert session.is_alive
session.close()

# The session's token is a Bearer header that the server chose; it may be used beside the session.
session = login()
kind, token = session._auth_header_value.decode().split(" ")
assert kind == "Bearer" and 0 < len(token) <= 200, token
beside = login(auth_type="Bearer", auth_token=token)
assert list(beside.exportable_objects) == list(session.exportable_objects)

# After the end of the session its token opens nothing.
session.close()
with refused(grpc.StatusCode.UNAUTHENTICATED):
    login(auth_type="Bearer", auth_token=token)

for scheme, secret in ((PSK, "not the key"), ("Anonymous", ""), ("Basic", "nobody:nothing"), ("NoSuchScheme", KEY), ("Bearer", "not-a-token")):
    with refused(grpc.StatusCode.UNAUTHENTICATED):
        login(auth_type=scheme, auth_token=secret)

# Flight's own handshake with a name and a password gets in nobody who is not in a users file.
try:
    flight.FlightClient(f"grpc://localhost:{PORT}").authenticate_basic_token("nobody", "nothing")
    raise AssertionError("nobody got in")
except flight.FlightUnauthenticatedError:
    pass

print("logins: done")
