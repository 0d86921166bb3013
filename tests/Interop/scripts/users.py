"""Logins by name and password, as the client and as Flight's handshake send them."""

import os

import grpc
import pyarrow.flight as flight
from conversation import PORT, login, refused

name, password = os.environ["WHARF_USER"], os.environ["WHARF_PASSWORD"]

session = login(auth_type="Basic", auth_token=f"{name}:{password}")
assert session.empty_table(3).size == 3
session.close()

for wrong in (f"{name}:{password}x", f"{name}:", f"somebody-else:{password}", name):
    with refused(grpc.StatusCode.UNAUTHENTICATED):
        login(auth_type="Basic", auth_token=wrong)

client = flight.FlightClient(f"grpc://localhost:{PORT}")
header = client.authenticate_basic_token(name, password)
assert header[0] == b"authorization" and header[1].startswith(b"Bearer "), header
assert list(client.list_flights(options=flight.FlightCallOptions(headers=[header]))) is not None

# Anonymous, because this server says so.
session = login(auth_type="Anonymous", auth_token="")
session.close()

print("users: done")
