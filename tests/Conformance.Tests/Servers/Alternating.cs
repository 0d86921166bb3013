namespace Wharf.Conformance.Tests.Alternating;

[Collection(nameof(AlternatingGateways))]
public sealed class BrowserStreams(AlternatingGateways server) : Tests.BrowserStreams(server);

[Collection(nameof(AlternatingGateways))]
public sealed class CallAuthentication(AlternatingGateways server) : Tests.CallAuthentication(server);

[Collection(nameof(AlternatingGateways))]
public sealed class CallsWithoutASession(AlternatingGateways server) : Tests.CallsWithoutASession(server);

[Collection(nameof(AlternatingGateways))]
public sealed class ConfigurationConstants(AlternatingGateways server) : Tests.ConfigurationConstants(server);

[Collection(nameof(AlternatingGateways))]
public sealed class ExportStates(AlternatingGateways server) : Tests.ExportStates(server);

[Collection(nameof(AlternatingGateways))]
public sealed class Handshake(AlternatingGateways server) : Tests.Handshake(server);

[Collection(nameof(AlternatingGateways))]
public sealed class MalformedRequests(AlternatingGateways server) : Tests.MalformedRequests(server);

[Collection(nameof(AlternatingGateways))]
public sealed class MessageStreams(AlternatingGateways server) : Tests.MessageStreams(server);

[Collection(nameof(AlternatingGateways))]
public sealed class SessionEnd(AlternatingGateways server) : Tests.SessionEnd(server);

[Collection(nameof(AlternatingGateways))]
public sealed class SharedTickets(AlternatingGateways server) : Tests.SharedTickets(server);
