namespace Wharf.Gateway.Authentication;

/// <summary>The calls that do not require a session, and the calls that validate their request before they require one.</summary>
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

    public static bool Contains(string method) => Methods.Contains(method) || IsHealthOrReflection(method);

    /// <summary>Returns whether a method belongs to health or reflection, which are also served while the server stops.</summary>
    public static bool IsHealthOrReflection(string method) =>
        method.StartsWith("/grpc.health.", StringComparison.Ordinal) || method.StartsWith("/grpc.reflection.", StringComparison.Ordinal);
}
