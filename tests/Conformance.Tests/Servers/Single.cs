namespace Wharf.Conformance.Tests.Single;

[Collection(nameof(SingleServer))]
public sealed class BrowserStreams(SingleServer server) : Tests.BrowserStreams(server);

[Collection(nameof(SingleServer))]
public sealed class CallAuthentication(SingleServer server) : Tests.CallAuthentication(server);

[Collection(nameof(SingleServer))]
public sealed class CallsWithoutASession(SingleServer server) : Tests.CallsWithoutASession(server);

[Collection(nameof(SingleServer))]
public sealed class ConfigurationConstants(SingleServer server) : Tests.ConfigurationConstants(server);

[Collection(nameof(SingleServer))]
public sealed class ExportStates(SingleServer server) : Tests.ExportStates(server);

[Collection(nameof(SingleServer))]
public sealed class Handshake(SingleServer server) : Tests.Handshake(server);

[Collection(nameof(SingleServer))]
public sealed class MalformedRequests(SingleServer server) : Tests.MalformedRequests(server);

[Collection(nameof(SingleServer))]
public sealed class MessageStreams(SingleServer server) : Tests.MessageStreams(server);

[Collection(nameof(SingleServer))]
public sealed class SessionEnd(SingleServer server) : Tests.SessionEnd(server);

[Collection(nameof(SingleServer))]
public sealed class SharedTickets(SingleServer server) : Tests.SharedTickets(server);
