using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Wharf.Protocol.Grpc;
using Wharf.Protocol.Grpc.Console;
using Wharf.Protocol.Grpc.Flight;
using WireTicket = Wharf.Protocol.Grpc.Ticket;

namespace Wharf.Gateway.Tests;

/// <summary>A client with a session.</summary>
public sealed class TestSession(GrpcChannel channel, string authorization) : IDisposable
{
    public string Authorization => authorization;

    public GrpcChannel Channel => channel;

    public Metadata Headers => new() { { "authorization", authorization } };

    public SessionService.SessionServiceClient Sessions { get; } = new(channel);

    public ObjectService.ObjectServiceClient Objects { get; } = new(channel);

    public TableService.TableServiceClient Tables { get; } = new(channel);

    public ApplicationService.ApplicationServiceClient Fields { get; } = new(channel);

    public ConsoleService.ConsoleServiceClient Consoles { get; } = new(channel);

    public FlightService.FlightServiceClient Flights { get; } = new(channel);

    public static ByteString Bytes(int id) => ByteString.CopyFrom(new Protocol.ExportTicket(id).ToBytes());

    public static WireTicket Export(int id) => new() { Ticket_ = Bytes(id) };

    public static WireTicket Scope(string name) => new() { Ticket_ = ByteString.CopyFromUtf8("s/" + name) };

    public static TypedTicket Typed(WireTicket ticket, string type) => new() { Ticket = ticket, Type = type };

    public static StreamRequest Connect(WireTicket ticket, string type) => new() { Connect = new ConnectRequest { SourceId = Typed(ticket, type) } };

    public static StreamRequest Data(string payload, params WireTicket[] references) => Data(ByteString.CopyFromUtf8(payload), references);

    public static StreamRequest Data(ByteString payload, params WireTicket[] references)
    {
        var data = new ClientData { Payload = payload };
        data.References.AddRange(references.Select(ticket => Typed(ticket, "")));
        return new StreamRequest { Data = data };
    }

    public async Task<ExportedTableCreationResponse> EmptyTableAsync(int id, long size) =>
        await Tables.EmptyTableAsync(new EmptyTableRequest { ResultId = Export(id), Size = size }, Headers);

    public async Task CloseAsync() => await Sessions.CloseSessionAsync(new Protocol.Grpc.HandshakeRequest(), Headers);

    public void Dispose() => channel.Dispose();
}
