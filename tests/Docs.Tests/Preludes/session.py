from pydeephaven import Session

session = Session(auth_type="io.deephaven.authentication.psk.PskAuthenticationHandler", auth_token="a-key-of-your-own")
# snippet
session.close()
