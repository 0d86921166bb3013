"""Objects made and removed while the server runs, by messages to the object that manages them."""

import json
import uuid

from conversation import login

one, other = login(), login()
objects = one.plugin_client(one.exportable_objects["objects"])
assert next(objects.resp_stream)[0] == b""


def call(method, **parameters):
    objects.req_stream.write(json.dumps({"method": method, **parameters}).encode(), [])
    payload, references = next(objects.resp_stream)
    return json.loads(payload), references


types = {entry["name"]: entry for entry in call("list_types")[0]["result"]}
assert {"Echo", "Counter", "ExampleService", "Wharf.Objects"} <= set(types), types
assert types["Counter"]["can_create"] and types["Counter"]["nodes"] >= 1

# Sessions that came first and sessions that come later see the new object at once.
name = "made_" + uuid.uuid4().hex
answer, references = call("create", type="Counter", name=name, arguments={"Start": 40})
assert answer["result"]["name"] == name and references[0].type == "Counter", answer
assert name in other.exportable_objects and name in login().exportable_objects

theirs = other.plugin_client(other.exportable_objects[name])
assert next(theirs.resp_stream)[0] == b"40"
mine = references[0].fetch()
assert next(mine.resp_stream)[0] == b"40"
mine.req_stream.write(b"2", [])
assert next(mine.resp_stream)[0] == next(theirs.resp_stream)[0] == b"42"

holders = call("holders", name=name)[0]["result"]
assert holders["streams"] == 2 and any(holder.startswith("field/") for holder in holders["holders"]), holders

# A name is given once; what is wrong is an answer, and the conversation goes on.
assert call("create", type="Counter", name=name)[0]["status"] == 6
assert call("create", type="Nope", name="n" + name)[0]["status"] == 5

# Without its name the object lives for those who hold it.
assert call("delete", name=name)[0] == {"result": ""}
assert name not in other.exportable_objects
theirs.req_stream.write(b"8", [])
assert next(theirs.resp_stream)[0] == b"50"
assert call("delete", name=name)[0]["status"] == 5

one.close()
other.close()
print("manage: done")
