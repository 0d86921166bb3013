"""A session's exports, seen on the wire: what the client's classes hide."""

import grpc
from conversation import leave, login, refused
from deephaven_core.proto import session_pb2, session_pb2_grpc, ticket_pb2
from pydeephaven.ticket import ExportTicket, ScopeTicket, SharedTicket

session = login()
stub = session_pb2_grpc.SessionServiceStub(session.grpc_channel)


def call(method, request):
    return getattr(stub, method)(request, metadata=session.grpc_metadata)


def ticket(of):
    return ticket_pb2.Ticket(ticket=of.bytes)


# Every change of an export is told, the first time with all that is there, up to a mark with id 0.
table = session.empty_table(1)
notifications = stub.ExportNotifications(session_pb2.ExportNotificationRequest(), metadata=session.grpc_metadata)
there = []
while (note := next(notifications)).ticket.ticket != b"e\0\0\0\0":
    there.append((note.ticket.ticket, note.export_state))
assert (table.ticket.bytes, session_pb2.ExportNotification.EXPORTED) in there, there

# A new id for something that has one already, and its end.
copy = session.fetch(table.ticket)
seen = []
while not seen or seen[-1] != session_pb2.ExportNotification.EXPORTED:
    note = next(notifications)
    if note.ticket.ticket == copy.bytes:
        seen.append(note.export_state)
assert seen[-1] == session_pb2.ExportNotification.EXPORTED and seen == sorted(seen), seen
session.release(copy)
while True:
    note = next(notifications)
    if note.ticket.ticket == copy.bytes:
        assert note.export_state == session_pb2.ExportNotification.RELEASED
        break
notifications.cancel()

# An id is used once.
with refused(grpc.StatusCode.INVALID_ARGUMENT):
    call("ExportFromTicket", session_pb2.ExportRequest(source_id=ticket(table.ticket), result_id=ticket(table.ticket)))
with refused(grpc.StatusCode.FAILED_PRECONDITION, "RELEASED"):
    call("ExportFromTicket", session_pb2.ExportRequest(source_id=ticket(table.ticket), result_id=ticket(copy)))
for bad in (0, -5):
    with refused(grpc.StatusCode.INVALID_ARGUMENT):
        call("ExportFromTicket", session_pb2.ExportRequest(source_id=ticket(table.ticket), result_id=ticket(ExportTicket.export_ticket(bad))))

# An id that the server has not given is not waited for.
with refused(grpc.StatusCode.FAILED_PRECONDITION):
    session.fetch(ExportTicket.export_ticket(-1000))

# What is not there yet is waited for: the copy is asked for first, the table defined after.
later, result = session.make_export_ticket(), session.make_export_ticket()
waiting = stub.ExportFromTicket.future(session_pb2.ExportRequest(source_id=ticket(later), result_id=ticket(result)), metadata=session.grpc_metadata)
assert not waiting.done()
call("ExportFromTicket", session_pb2.ExportRequest(source_id=ticket(table.ticket), result_id=ticket(later)))
waiting.result(timeout=10)

# Malformed tickets.
for malformed in (b"", b"e", b"e\1", b"e\1\0\0\0\0", b"z", b"s/", b"a/x", b"h"):
    with refused(grpc.StatusCode.FAILED_PRECONDITION if malformed else grpc.StatusCode.INVALID_ARGUMENT):
        call("ExportFromTicket", session_pb2.ExportRequest(source_id=ticket_pb2.Ticket(ticket=malformed), result_id=ticket(session.make_export_ticket())))
with refused(grpc.StatusCode.NOT_FOUND):
    session.fetch(ScopeTicket.scope_ticket("no_such_thing"))

# The end of the session ends what is open.
notifications = stub.ExportNotifications(session_pb2.ExportNotificationRequest(), metadata=session.grpc_metadata)
termination = stub.TerminationNotification.future(session_pb2.TerminationNotificationRequest(), metadata=session.grpc_metadata)
next(notifications)
metadata = session.grpc_metadata
leave(session)
assert list(notifications) is not None
with refused(grpc.StatusCode.UNAUTHENTICATED):
    termination.result(timeout=10)
with refused(grpc.StatusCode.UNAUTHENTICATED):
    stub.Release(session_pb2.ReleaseRequest(id=ticket(table.ticket)), metadata=metadata)
session.grpc_channel.close()
print("exports: done")
