"""Tables made, changed, uploaded and read, and what is said about the ones that cannot be made."""

import datetime
import decimal

import grpc
import pyarrow as pa
from conversation import login, refused, status_of
from pydeephaven import DHError

session = login()

empty = session.empty_table(10)
assert (empty.size, empty.schema.names) == (10, [])
table = empty.update(["X = i", "Y = X * 2.5", "Z = `row `", "L = ii"])
found = table.to_arrow()
assert found.num_rows == 10 and found.column_names == ["X", "Y", "Z", "L"]
assert [str(field.type) for field in found.schema] == ["int32", "double", "string", "int64"], found.schema
assert found["Y"].to_pylist() == [row * 2.5 for row in range(10)]
assert table.view(["A = X + L"]).to_arrow().to_pydict() == {"A": [2 * row for row in range(10)]}
assert table.select(["X"]).to_arrow().column_names == ["X"]
assert table.update_view("V = X > 4").to_arrow()["V"].to_pylist() == [row > 4 for row in range(10)]
assert table.lazy_update("W = -X").to_arrow()["W"].to_pylist() == [-row for row in range(10)]

# A name for everybody, and the table behind it.
session.bind_table("bound_here", table)
other = login()
assert "bound_here" in other.tables
assert other.open_table("bound_here").to_arrow() == found
other.close()

# A table without rows has columns all the same. (The client cannot upload one: it waits for an answer to nothing.)
none = session.empty_table(0).update(["X = i", "Z = `z`"]).to_arrow()
assert (none.num_rows, none.column_names) == (0, ["X", "Z"])

# What goes up comes back: values and missing values.
moment = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.timezone.utc)
columns = {
    "c_boolean": pa.array([True, None, False], pa.bool_()),
    "c_int8": pa.array([-127, None, 127], pa.int8()),
    "c_int16": pa.array([-(2**15) + 1, None, 2**15 - 1], pa.int16()),
    "c_int32": pa.array([-(2**31) + 1, None, 2**31 - 1], pa.int32()),
    "c_int64": pa.array([-(2**63) + 1, None, 2**63 - 1], pa.int64()),
    "c_uint16": pa.array([0, None, 65534], pa.uint16()),
    "c_float": pa.array([0.5, None, -1.5], pa.float32()),
    "c_double": pa.array([1e300, None, -0.0], pa.float64()),
    "c_string": pa.array(["", None, "d\u00e9j\u00e0 vu \U0001f600"], pa.string()),
    "c_timestamp": pa.array([moment, None, moment], pa.timestamp("ns", "UTC")),
}
data = pa.table(columns)
for count in (3, 1):
    part = data.slice(0, count)
    uploaded = session.import_table(part)
    assert uploaded.size == count
    back = uploaded.to_arrow()
    assert back.column_names == part.column_names
    for name in part.column_names:
        assert back[name].to_pylist() == part[name].to_pylist(), (name, back[name], part[name])

# Many batches are one table.
batches = [pa.record_batch({"n": pa.array(range(start, start + 1000), pa.int64())}) for start in range(0, 100_000, 1000)]
many = session.import_table(pa.Table.from_batches(batches))
assert many.size == 100_000
assert many.update("m = n + 1").to_arrow()["m"].to_pylist() == list(range(1, 100_001))

# What is wrong is refused with a reason, and the session goes on.
for formulas, word in ((["X = "], None), (["X = no_such_column + 1"], "no_such_column"), (["1X = i"], None), (["X = i", "Y = nope(X)"], "nope")):
    try:
        empty.update(formulas).to_arrow()
        raise AssertionError(f"{formulas} went well")
    except DHError as error:
        code, text = status_of(error)
        assert code == grpc.StatusCode.INVALID_ARGUMENT, (formulas, code, text)
        assert word is None or word in text, (formulas, text)

with refused(grpc.StatusCode.INVALID_ARGUMENT):
    session.empty_table(-1)
with refused(grpc.StatusCode.NOT_FOUND):
    session.open_table("no_such_table").to_arrow()

released = session.empty_table(1)
released.close()
assert session.empty_table(1).size == 1
session.close()
print("tables: done")
