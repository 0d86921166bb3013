"""Asks a server for formulas or conditions over the recorded table `b`, many at a time, and compares what two servers answered.
usage: asked-answers.py ask PORT AUTH EXPRESSIONS ANSWERS [--conditions] [--like ANSWERS] [--seconds N]
       asked-answers.py compare WANTED GOT [--groups EXPRESSIONS] [--verbose]
AUTH: Anonymous or psk:SECRET. EXPRESSIONS: a JSON list, or an object of lists by group. Needs the current pydeephaven.
Formulas go out as columns of one table; a table that is refused is asked for in halves. Those that --like answers refused go out alone.
ANSWERS that is there already is added to: what it holds is not asked again."""
import gc, json, math, os, sys, time
import pyarrow as pa
from pydeephaven import Session

HERE = os.path.dirname(os.path.abspath(__file__))
ARROW = {"byte": pa.int8(), "short": pa.int16(), "int": pa.int32(), "long": pa.int64(), "float": pa.float32(), "double": pa.float64(), "java.lang.Boolean": pa.bool_(),
         "java.lang.String": pa.string(), "java.time.Instant": pa.timestamp("ns", "UTC"), "char": pa.int32()}
SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
TOGETHER = 24


def upload(session, columns):
    """Columns as they are recorded; characters travel as int and are cast on the server."""
    def array(column):
        values = column["values"]
        if column["type"] in ("float", "double"):
            values = [None if v is None else SPECIAL[v] if v in SPECIAL else float(v) for v in values]
        return pa.array(values, ARROW[column["type"]])

    table = session.import_table(pa.table({c["name"]: array(c) for c in columns}))
    chars = [f"{c['name']} = isNull({c['name']}) ? (char)null : (char){c['name']}" for c in columns if c["type"] == "char"]
    return table.update(chars) if chars else table


def plain(value):
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, float):
        return "NaN" if value != value else "Infinity" if value == math.inf else "-Infinity" if value == -math.inf else repr(value)
    return [plain(v) for v in value] if isinstance(value, (list, tuple)) else str(value)


def whole(field_type):
    """Times as their numbers; floats as the shortest text that is that float."""
    if pa.types.is_temporal(field_type):
        return pa.int64() if field_type.bit_width == 64 else pa.int32()
    if pa.types.is_list(field_type):
        inner = whole(field_type.value_type)
        return inner and pa.list_(inner)
    return None


def answer(table, name):
    field, column = table.schema.field(name), table.column(name).combine_chunks() if table.num_rows else table.column(name)
    cast = whole(field.type)
    if cast:
        column = column.cast(cast)
    metadata = {k.decode(): v.decode() for k, v in (field.metadata or {}).items() if k.startswith(b"deephaven:")}
    values = column.to_pylist()
    if pa.types.is_float32(field.type):
        values = [None if v is None else float(f"{v:.9g}") for v in values]
    return {"type": metadata.get("deephaven:type", "?"), "values": plain(values), "arrow": str(field.type), "metadata": metadata}


class Asker:
    def __init__(self, table, single, answers):
        self.table, self.single, self.answers = table, single, answers

    def formulas(self, texts):
        try:
            names = [f"R{n}" for n in range(len(texts))]
            got = self.table.update_view([f"{n} = {t}" for n, t in zip(names, texts)]).view(names).to_arrow()
            for name, text in zip(names, texts):
                self.answers[text] = answer(got, name)
        except Exception as refused:
            if len(texts) == 1:
                self.answers[texts[0]] = {"error": str(refused.__cause__ or refused)[:300]}
                return
            half = len(texts) // 2
            self.formulas(texts[:half])
            self.formulas(texts[half:])

    def conditions(self, texts):
        for text in texts:
            try:
                self.answers[text] = {"rows": self.table.where(text).view("N").to_arrow().column(0).to_pylist()}
            except Exception as refused:
                self.answers[text] = {"error": str(refused.__cause__ or refused)[:300]}


def ask():
    gc.disable()     # the client releases tables from __del__; on a gRPC thread that call would wait for itself
    port, auth, expressions, out = sys.argv[2:6]
    login = dict(port=int(port))
    if auth.startswith("psk:"):
        login.update(auth_type="io.deephaven.authentication.psk.PskAuthenticationHandler", auth_token=auth[4:])
    session = Session(**login)
    columns = json.load(open(os.path.join(HERE, "Tables.Tests", "Golden", "tables.json")))["b"]
    asked = json.load(open(expressions))
    texts = list(dict.fromkeys(t for group in asked.values() for t in group) if isinstance(asked, dict) else dict.fromkeys(asked))
    answers = json.load(open(out)) if os.path.exists(out) else {}
    like = json.load(open(sys.argv[sys.argv.index("--like") + 1])) if "--like" in sys.argv else {}
    end = time.monotonic() + float(sys.argv[sys.argv.index("--seconds") + 1]) if "--seconds" in sys.argv else math.inf
    asker = Asker(upload(session, columns), None, answers)
    texts = [t for t in texts if t not in answers]
    alone = [t for t in texts if "error" in like.get(t, {})]
    together = [t for t in texts if "error" not in like.get(t, {})]
    how = asker.conditions if "--conditions" in sys.argv else asker.formulas
    pieces = [together[n:n + TOGETHER] for n in range(0, len(together), TOGETHER)] + [[t] for t in alone]
    for piece in pieces:
        if time.monotonic() > end:
            break
        how(piece)
    json.dump(answers, open(out, "w"), ensure_ascii=False)
    print(f"{len(answers)} answers, {len([t for t in texts if t not in answers])} left")
    sys.stdout.flush()
    os._exit(0)      # the client's renewal thread would keep the process


def compare():
    wanted, got = (json.load(open(path)) for path in sys.argv[2:4])
    groups = {"all": list(wanted)}
    if "--groups" in sys.argv:
        groups = json.load(open(sys.argv[sys.argv.index("--groups") + 1]))
    total = same = 0
    for group, texts in groups.items():
        texts = [t for t in dict.fromkeys(texts) if t in wanted and t in got]
        different = [t for t in texts if not ("error" in wanted[t] and "error" in got[t] or wanted[t] == got[t])]
        total, same = total + len(texts), same + len(texts) - len(different)
        print(f"{group}: {len(texts) - len(different)} of {len(texts)} equal")
        if "--verbose" in sys.argv:
            for t in different:
                print(f"{t}\n   want {json.dumps(wanted[t], ensure_ascii=False)[:500]}\n   got  {json.dumps(got[t], ensure_ascii=False)[:500]}")
    print(f"{same} of {total} equal")


{"ask": ask, "compare": compare}[sys.argv[1]]()
