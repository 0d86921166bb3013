"""Logins by credentials that others issue: a token, and the certificate of the connection."""

import os

from pydeephaven import Session
from pydeephaven.dherror import DHError


def read(name):
    with open(os.path.join(os.environ["WHARF_FOLDER"], name), "rb") as file:
        return file.read()


def connect(scheme, payload, with_certificate=True):
    own = {"client_cert_chain": read("client.pem"), "client_private_key": read("client.key")} if with_certificate else {}
    return Session(
        host="localhost", port=int(os.environ["WHARF_PORT"]), use_tls=True, tls_root_certs=read("authority.pem"), auth_type=scheme, auth_token=payload, **own)


def refused(*arguments):
    try:
        connect(*arguments)
    except DHError:
        return
    raise AssertionError(f"the login by {arguments[0]} is not refused")


token = os.environ["WHARF_TOKEN"]
openid = "io.deephaven.authentication.oidc.OidcAuthenticationHandler"
certificate = "io.deephaven.authentication.mtls.MTlsAuthenticationHandler"
for scheme in ("Bearer", openid):
    session = connect(scheme, token, False)
    assert session.empty_table(3).update(["A = i"]).to_arrow().num_rows == 3
    session.close()
    refused(scheme, token[:-8] + "AAAAAAAA", False)

session = connect(certificate, "")
assert session.empty_table(2).to_arrow().num_rows == 2
session.close()
refused(certificate, "", False)
print("issued: done")
