"""The shipped objects: found by name, spoken to, handed from one session to another."""

import json

import grpc
from conversation import login, refused
from pydeephaven.ticket import ScopeTicket, ServerObject, SharedTicket

one, other = login(), login()

fields = one.exportable_objects
assert {"example_service", "echo"} <= set(fields), fields
assert fields["example_service"].type == "ExampleService"

# The guide's object, by its name and by the guide's name for its type.
for kind in ("ExampleService", "example_plugin_server.ExampleService"):
    service = one.plugin_client(ServerObject(type=kind, ticket=ScopeTicket.scope_ticket("example_service")))
    payload, references = next(service.resp_stream)
    assert (payload, references) == (b"", [])

    service.req_stream.write(json.dumps({"method": "hello_string", "data": "it's me: \u00e9"}).encode(), [])
    payload, references = next(service.resp_stream)
    assert json.loads(payload) == {"result": "Hello client.  You said: it's me: \u00e9"} and not references

    # The client releases a table when nothing refers to it any more: it is kept until the answer is there.
    sent = one.empty_table(2).update("X = i")
    service.req_stream.write(json.dumps({"method": "hello_table", "data": "me"}).encode(), [sent])
    payload, references = next(service.resp_stream)
    assert json.loads(payload) == {"result": ""} and len(references) == 1 and references[0].type == "Table"
    assert references[0].fetch().to_arrow().to_pydict() == {"X": [0, 1], "Client": ["me", "me"], "Server": ["Hello client!"] * 2}

    # A method that does not exist is an answer, not the end of the conversation.
    service.req_stream.write(json.dumps({"method": "no_such_method", "data": ""}).encode(), [])
    payload, _ = next(service.resp_stream)
    assert "no_such_method" in json.loads(payload)["error"]
    service.req_stream.write(json.dumps({"method": "hello_string", "data": "again"}).encode(), [])
    assert "again" in json.loads(next(service.resp_stream)[0])["result"]
    service.close()

# Echo: what is sent comes back, bytes and objects.
echo = one.plugin_client(fields["echo"])
assert next(echo.resp_stream)[0] == b""
table = one.empty_table(5).update("X = i * 2")
for payload in (b"", b"\x00\xff", b"x" * 1_000_000):
    echo.req_stream.write(payload, [table, table])
    back, references = next(echo.resp_stream)
    assert back == payload and [reference.type for reference in references] == ["Table", "Table"]
    assert references[0].ticket.bytes != references[1].ticket.bytes
    assert references[1].fetch().to_arrow().to_pydict() == {"X": [0, 2, 4, 6, 8]}

# An object that a plugin sent is an object to talk to.
echo.req_stream.write(b"", [fields["example_service"]])
_, references = next(echo.resp_stream)
assert references[0].type == "ExampleService"
inner = references[0].fetch()
assert next(inner.resp_stream)[0] == b""
inner.close()
echo.close()

# Published by one session, fetched by the other.
shared = SharedTicket.random_ticket()
export = one.fetch(one.exportable_objects["example_service"])
one.publish(export, shared)
theirs = other.plugin_client(ServerObject(type="ExampleService", ticket=shared))
assert next(theirs.resp_stream)[0] == b""
theirs.req_stream.write(json.dumps({"method": "hello_string", "data": "across"}).encode(), [])
assert "across" in json.loads(next(theirs.resp_stream)[0])["result"]
theirs.close()

# A table goes the same way.
ticket = SharedTicket.random_ticket()
one.publish_table(ticket, table)
assert other.fetch_table(ticket).to_arrow().to_pydict() == {"X": [0, 2, 4, 6, 8]}

with refused(grpc.StatusCode.NOT_FOUND):
    other.fetch(SharedTicket.random_ticket())

one.close()
other.close()
print("objects: done")
