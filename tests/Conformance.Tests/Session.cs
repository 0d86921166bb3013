using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using Wharf.Protocol.Grpc.Console;
using Wharf.Protocol.Grpc.Flight;
using HandshakeRequest = Wharf.Protocol.Grpc.HandshakeRequest;
using Ticket = Wharf.Protocol.Grpc.Ticket;

namespace Wharf.Conformance.Tests;

/// <summary>A session, and the calls that tests make on it.</summary>
public sealed class Session(GrpcChannel channel, string authorization) : IAsyncDisposable
{
    public string Authorization => authorization;

    public Metadata Headers => new() { { "authorization", authorization } };

    public SessionService.SessionServiceClient Sessions { get; } = new(channel);

    public ObjectService.ObjectServiceClient Objects { get; } = new(channel);

    public TableService.TableServiceClient Tables { get; } = new(channel);

    public ConsoleService.ConsoleServiceClient Consoles { get; } = new(channel);

    public ApplicationService.ApplicationServiceClient Fields { get; } = new(channel);

    public FlightService.FlightServiceClient Flights { get; } = new(channel);

    public static Ticket? TicketOf(byte[]? bytes) => bytes is null ? null : new Ticket { Ticket_ = ByteString.CopyFrom(bytes) };

    public static Ticket Export(int id) => TicketOf(new ExportTicket(id).ToBytes())!;

    public static Ticket Scope(string name) => TicketOf(System.Text.Encoding.UTF8.GetBytes("s/" + name))!;

    public static Ticket NewShared() => TicketOf([(byte)'h', .. RandomNumberGenerator.GetBytes(16)])!;

    public static Ticket NewScope() => Scope("v" + Guid.NewGuid().ToString("N"));

    public static TableReference? Reference(Ticket? ticket) => ticket is null ? null : new TableReference { Ticket = ticket };

    public static StreamRequest Connect(Ticket? ticket, string type) => new() { Connect = new ConnectRequest { SourceId = new TypedTicket { Ticket = ticket, Type = type } } };

    public static StreamRequest Data(string payload, params Ticket?[] references)
    {
        var data = new ClientData { Payload = ByteString.CopyFromUtf8(payload) };
        data.References.AddRange(references.Select(ticket => new TypedTicket { Ticket = ticket }));
        return new StreamRequest { Data = data };
    }

    public Task<Answer> EmptyTableAsync(Ticket? result, long size = 1) => Answer.OfAsync(Tables.EmptyTableAsync(new EmptyTableRequest { ResultId = result, Size = size }, Headers));

    public Task<Answer> FetchTableAsync(Ticket? source, Ticket? result) =>
        Answer.OfAsync(Tables.FetchTableAsync(new FetchTableRequest { SourceId = Reference(source), ResultId = result }, Headers));

    public Task<Answer> UpdateAsync(Ticket? source, Ticket? result, string column = "X = i") =>
        Answer.OfAsync(Tables.UpdateAsync(new SelectOrUpdateRequest { SourceId = Reference(source), ResultId = result, ColumnSpecs = { column } }, Headers));

    /// <summary>The simplest operation that fails with a status of its own.</summary>
    public Task<Answer> FailWithStatusAsync(Ticket source, Ticket result) =>
        Answer.OfAsync(Tables.SelectDistinctAsync(new SelectDistinctRequest { SourceId = Reference(source), ResultId = result, ColumnNames = { "Nope" } }, Headers));

    public Task<Answer> DescribeAsync(Ticket? ticket) => Answer.OfAsync(Tables.GetExportedTableCreationResponseAsync(ticket ?? new Ticket(), Headers));

    public Task<Answer> ExportAsync(Ticket? source, Ticket? result) =>
        Answer.OfAsync(Sessions.ExportFromTicketAsync(new ExportRequest { SourceId = source, ResultId = result }, Headers));

    public Task<Answer> PublishAsync(Ticket? source, Ticket? target) =>
        Answer.OfAsync(Sessions.PublishFromTicketAsync(new PublishRequest { SourceId = source, ResultId = target }, Headers));

    public Task<Answer> ReleaseAsync(Ticket? ticket) => Answer.OfAsync(Sessions.ReleaseAsync(new ReleaseRequest { Id = ticket }, Headers));

    public Task<Answer> CloseAsync() => Answer.OfAsync(Sessions.CloseSessionAsync(new HandshakeRequest(), Headers));

    public AsyncDuplexStreamingCall<StreamRequest, StreamResponse> MessageStream() => Objects.MessageStream(Headers);

    /// <summary>A stream that is connected to the echo.</summary>
    public async Task<AsyncDuplexStreamingCall<StreamRequest, StreamResponse>> EchoAsync()
    {
        var stream = MessageStream();
        await stream.RequestStream.WriteAsync(Connect(Scope("echo"), "Echo"));
        await Answer.NextAsync(stream.ResponseStream);
        return stream;
    }

    /// <summary>Sends messages and reads the stream to its end.</summary>
    public async Task<Answer> ConverseAsync(params StreamRequest[] messages)
    {
        using var stream = MessageStream();
        foreach (var message in messages)
        {
            try
            {
                await stream.RequestStream.WriteAsync(message);
            }
            catch (Exception failure) when (failure is RpcException or InvalidOperationException)
            {
                break;
            }
        }
        return await Answer.OfAsync(stream.ResponseStream);
    }

    public Metadata BrowserHeaders(int? ticket, int? sequence, bool halfClose = false)
    {
        var headers = Headers;
        if (ticket is not null)
            headers.Add("x-deephaven-stream-ticket", ticket.Value.ToString(CultureInfo.InvariantCulture));
        if (sequence is not null)
            headers.Add("x-deephaven-stream-sequence", sequence.Value.ToString(CultureInfo.InvariantCulture));
        if (halfClose)
            headers.Add("x-deephaven-stream-halfclose", "true");
        return headers;
    }

    public Task<Answer> NextAsync(int ticket, int sequence, StreamRequest? message = null, bool halfClose = false) =>
        Answer.OfAsync(Objects.NextMessageStreamAsync(message ?? Data("x"), BrowserHeaders(ticket, sequence, halfClose)));

    public async ValueTask DisposeAsync() => await CloseAsync();
}
