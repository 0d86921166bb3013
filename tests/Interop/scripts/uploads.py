"""Uploads of encoded, nested and compressed columns: the values are returned, or the error names the reason."""

import pyarrow as pa
import pyarrow.flight as flight
from conversation import login
from pydeephaven.table import Table

session = login()


def upload(batches, compression=None):
    """Uploads batches as any Flight client does, without the client's own metadata."""
    number = session.next_export_ticket_number()
    options = flight.FlightCallOptions(
        headers=session.grpc_metadata, write_options=pa.ipc.IpcWriteOptions(compression=compression, emit_dictionary_deltas=False)
    )
    writer, reader = session.flight_service._flight_client.do_put(flight.FlightDescriptor.for_path("export", str(number)), batches[0].schema, options)
    for batch in batches:
        writer.write_batch(batch)
    writer.done_writing()
    while reader.read() is not None:
        pass
    writer.close()
    return Table(session, ticket=session.make_export_ticket(number))


def read(table):
    ticket = flight.Ticket(table.ticket.bytes)
    return session.flight_service._flight_client.do_get(ticket, flight.FlightCallOptions(headers=session.grpc_metadata)).read_all()["A"].to_pylist()


def batch(column):
    return pa.record_batch([column], ["A"])


def words(values, indices=(0, 1)):
    return pa.DictionaryArray.from_arrays(pa.array(indices, pa.int8()), pa.array(values))


# Each batch has its own dictionary.
nested = {
    "list": lambda values: pa.ListArray.from_arrays([0, 2], words(values)),
    "map": lambda values: pa.MapArray.from_arrays([0, 2], pa.array(["k", "l"]), words(values)),
    "fixed-size list": lambda values: pa.FixedSizeListArray.from_arrays(words(values), 2),
    "sparse union": lambda values: pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [words(values), pa.array([5, 6])]),
    "dense union": lambda values: pa.UnionArray.from_dense(pa.array([0, 0], pa.int8()), pa.array([1, 0], pa.int32()), [words(values)]),
    "dictionary of lists": lambda values: words([["x"], values], (1, 0)),
    "dictionary of lists of words": lambda values: pa.DictionaryArray.from_arrays(pa.array([0], pa.int8()), pa.ListArray.from_arrays([0, 2], words(values))),
    "unsigned indices": lambda values: pa.DictionaryArray.from_arrays(pa.array([1, None, 0], pa.uint64()), pa.array(values)),
}
for name, make in nested.items():
    sent = [batch(make(values)) for values in (["a", "b"], ["x", "y"], ["x", "y", "z"])]
    expected = [value for part in sent for value in part["A"].to_pylist()]
    table = upload(sent)
    assert read(table) == expected, (name, read(table), expected)
    assert read(table.where(["true"])) == expected, name
    assert table.view(["X = isNull(A)"]).to_arrow()["X"].to_pylist() == [value is None for value in expected], name

# Runs are decoded.
for values, ends in ((["a", None], pa.int16()), ([1, 2], pa.int32()), ([[1], None], pa.int64())):
    runs = pa.RunEndEncodedArray.from_arrays(pa.array([2, 5], ends), pa.array(values))
    assert read(upload([batch(runs), batch(runs.slice(1, 3))])) == [values[0]] * 2 + [values[1]] * 3 + [values[0]] + [values[1]] * 2, values

# Compressed bodies, long and short, with and without dictionaries.
for compression in ("lz4", "zstd"):
    numbers = pa.array([n // 7 if n % 5 else None for n in range(100_000)])
    assert read(upload([batch(numbers), batch(numbers.slice(3, 4))], compression)) == numbers.to_pylist() + numbers.slice(3, 4).to_pylist()
    assert read(upload([batch(words(["a", "b"], [0, 1] * 1000))], compression)) == ["a", "b"] * 1000

# Errors name the column and the reason in a message of the server.
twice = pa.DictionaryArray.from_arrays(pa.array([0], pa.int8()), words(["x", "y"]))
refused = {
    "column A: a fixed-size binary of 0 bytes is not supported; send it as binary": pa.array([b"", None], pa.binary(0)),
    "column A: Arrow type struct is not supported": pa.array([{"a": 1}]),
    "does not fit the schema": twice,
}
for reason, column in refused.items():
    try:
        upload([batch(column)])
    except pa.ArrowInvalid as error:
        assert "The upload cannot be read: " in str(error) and reason in str(error), error
    else:
        raise AssertionError(f"{column.type} is accepted")

session.close()
print("uploads: done")
