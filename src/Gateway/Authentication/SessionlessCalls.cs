namespace Wharf.Gateway.Authentication;

/// <summary>The calls that may come without a session, or that have something to say before it matters.</summary>
internal static class SessionlessCalls
{
    private static readonly HashSet<string> Methods = new(StringComparer.Ordinal)
    {
        "/io.deephaven.proto.backplane.grpc.ConfigService/GetAuthenticationConstants",
        "/io.deephaven.proto.backplane.script.grpc.ConsoleService/GetConsoleTypes",
        "/io.deephaven.proto.backplane.grpc.SessionService/NewSession",
        "/io.deephaven.proto.backplane.grpc.SessionService/RefreshSessionToken",
        "/io.deephaven.proto.backplane.grpc.SessionService/CloseSession",
        "/io.deephaven.proto.backplane.grpc.TableService/Batch",
        "/arrow.flight.protocol.FlightService/Handshake",
        "/arrow.flight.protocol.FlightService/ListFlights",
        "/arrow.flight.protocol.FlightService/ListActions",
        "/arrow.flight.protocol.FlightService/DoAction",
        "/arrow.flight.protocol.FlightService/GetFlightInfo",
        "/arrow.flight.protocol.FlightService/GetSchema",
    };

    public static bool Contains(string method) => Methods.Contains(method) || IsAboutTheServer(method);

    /// <summary>Health and reflection: answered while the server stops, too.</summary>
    public static bool IsAboutTheServer(string method) =>
        method.StartsWith("/grpc.health.", StringComparison.Ordinal) || method.StartsWith("/grpc.reflection.", StringComparison.Ordinal);
}
