"""Asks a server for the random expressions that WHARF_EXPRESSIONS_TO=FILE made the tests of tables write out, and compares.
A null number joined to text, and -0.0 below zero, differ at the reference server on purpose (docs/deviations.md).
usage: reference-expressions.py PORT AUTH FILE      (AUTH: Anonymous or psk:SECRET; needs the current pydeephaven)"""
import json, math, os, sys
import pyarrow as pa
from pydeephaven import Session

ARROW = {"Byte": pa.int8(), "Short": pa.int16(), "Int": pa.int32(), "Long": pa.int64(), "Float": pa.float32(), "Double": pa.float64(), "Text": pa.string()}
SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def value(kind, text):
    if text == "null":
        return None
    if kind == "Text":
        return text
    if kind == "Truth":
        return text == "true"
    return (SPECIAL[text] if text in SPECIAL else float(text)) if kind in ("Float", "Double") else int(text)


def same(kind, wanted, got):
    if kind == "Float" and wanted is not None and got is not None:
        wanted = pa.scalar(wanted, pa.float32()).as_py()
    return wanted == got or (isinstance(wanted, float) and isinstance(got, float) and math.isnan(wanted) and math.isnan(got))


def main():
    login = dict(port=int(sys.argv[1]))
    if sys.argv[2].startswith("psk:"):
        login.update(auth_type="io.deephaven.authentication.psk.PskAuthenticationHandler", auth_token=sys.argv[2][4:])
    asked = json.load(open(sys.argv[3]))
    session = Session(**login)
    source = session.import_table(pa.table({c["name"]: pa.array([value(c["type"], v) for v in c["values"]], ARROW[c["type"]]) for c in asked["columns"]}))
    equal = 0
    for text, wanted in asked["expressions"].items():
        try:
            got = source.view([f"X = {text}"]).to_arrow().column(0).to_pylist()
        except Exception as refused:
            print(f"{text}\n   refused: {str(refused)[:160]}")
            continue
        wrong = [(w, g) for w, g in zip((value(wanted["type"], v) for v in wanted["values"]), got) if not same(wanted["type"], w, g)]
        equal += not wrong
        if wrong:
            print(f"{text}\n   {len(wrong)} rows differ, first: wanted {wrong[0][0]!r}, got {wrong[0][1]!r}")
    print(f"{equal} of {len(asked['expressions'])} equal")
    sys.stdout.flush()
    os._exit(0 if equal == len(asked["expressions"]) else 1)      # the client's renewal thread would keep the process


main()
