"""One counter, two sessions: what one adds, both see."""

import grpc
from conversation import leave, login, refused
from pydeephaven.ticket import ServerObject, SharedTicket

one, other = login(), login()
mine = one.plugin_client(one.exportable_objects["counter"])
start = int(next(mine.resp_stream)[0])

theirs = other.plugin_client(other.exportable_objects["counter"])
assert int(next(theirs.resp_stream)[0]) == start, "both sessions reach the one counter"


def both_see(value):
    assert int(next(mine.resp_stream)[0]) == value
    assert int(next(theirs.resp_stream)[0]) == value


mine.req_stream.write(b"", [])
both_see(start + 1)
theirs.req_stream.write(b"41", [])
both_see(start + 42)
mine.req_stream.write(b"-2", [])
both_see(start + 40)

# Under a shared ticket it is still the same counter.
shared = SharedTicket.random_ticket()
one.publish(one.fetch(one.exportable_objects["counter"]), shared)
third = other.plugin_client(ServerObject(type="Counter", ticket=shared))
assert int(next(third.resp_stream)[0]) == start + 40
third.req_stream.write(b"", [])
both_see(start + 41)
assert int(next(third.resp_stream)[0]) == start + 41

# What is no number is refused with a reason, and costs the stream that sent it only.
third.req_stream.write(b"not a number", [])
with refused(grpc.StatusCode.INVALID_ARGUMENT, "not a number"):
    next(third.resp_stream)
mine.req_stream.write(b"", [])
both_see(start + 42)

leave(one)
with refused(grpc.StatusCode.CANCELLED, "Session closed"):
    next(mine.resp_stream)
theirs.req_stream.write(b"", [])
assert int(next(theirs.resp_stream)[0]) == start + 43
other.close()
print("counter: done")
