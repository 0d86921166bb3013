using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Wharf.Client;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using StatusCode = Grpc.Core.StatusCode;
using Ticket = Wharf.Protocol.Grpc.Ticket;
using TypedTicket = Wharf.Protocol.Grpc.TypedTicket;

namespace Wharf.Security.Authorization;

/// <summary>A session that sends requests of any RPC, and returns how the call ended.</summary>
internal sealed class RequestSession : IAsyncDisposable
{
    private const int Table = 1;
    private const int Echo = 2;

    private readonly Session _session;

    private RequestSession(Session session) => _session = session;

    public RequestDefaults Defaults { get; } = new(Table, Echo);

    /// <summary>Logs in, and makes the exports that requests refer to.</summary>
    public static async Task<RequestSession> OpenAsync(GuardedServer server)
    {
        var session = await server.ConnectAsync();
        var cancelled = GuardedServer.Cancelled;
        await new TableService.TableServiceClient(session.CallInvoker).EmptyTableAsync(new EmptyTableRequest { ResultId = Export(Table), Size = 1 }, cancellationToken: cancelled);
        await new SessionService.SessionServiceClient(session.CallInvoker).ExportFromTicketAsync(
            new ExportRequest { SourceId = new Ticket { Ticket_ = ByteString.CopyFromUtf8("s/echo") }, ResultId = Export(Echo) }, cancellationToken: cancelled);
        return new RequestSession(session);
    }

    /// <summary>Makes one call of an RPC.</summary>
    /// <param name="method">The RPC.</param>
    /// <param name="request">The request under test; it follows the messages without which it would not be read.</param>
    /// <param name="connects">Whether the request itself opens a stream.</param>
    public Task<StatusCode> CallAsync(MethodDescriptor method, IMessage request, bool connects) => method.Name switch
    {
        nameof(ObjectService.ObjectServiceClient.MessageStream) => SendAsync(method, [], connects ? [request] : [Connect(), request]),
        nameof(ObjectService.ObjectServiceClient.OpenMessageStream) => SendAsync(method, Headers(Defaults.NewExport(), 0), [request]),
        nameof(ObjectService.ObjectServiceClient.NextMessageStream) => SendToBrowserStreamAsync(method, request),
        _ => SendAsync(method, [], [request]),
    };

    /// <summary>Makes one call without a session.</summary>
    public static Task<StatusCode> CallWithoutSessionAsync(CallInvoker calls, MethodDescriptor method, IMessage request) => SendAsync(calls, method, [], [request]);

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private static Ticket Export(int id) => new() { Ticket_ = RequestDefaults.BytesOf(id) };

    private static StreamRequest Connect() =>
        new() { Connect = new ConnectRequest { SourceId = new TypedTicket { Ticket = Export(Echo), Type = RequestDefaults.EchoType } } };

    private static Metadata Headers(int export, int sequence) => new()
    {
        { WireHeaders.StreamTicket, export.ToString(System.Globalization.CultureInfo.InvariantCulture) },
        { WireHeaders.StreamSequence, sequence.ToString(System.Globalization.CultureInfo.InvariantCulture) },
    };

    // The status of the message is that of its own call, or of the stream that it was sent to.
    private async Task<StatusCode> SendToBrowserStreamAsync(MethodDescriptor method, IMessage request)
    {
        var open = method.Service.FindMethodByName(nameof(ObjectService.ObjectServiceClient.OpenMessageStream));
        int export = Defaults.NewExport();
        var stream = SendAsync(open, Headers(export, 0), [Connect()]);
        var sent = await SendAsync(method, Headers(export, 1), [request]);
        var last = Headers(export, 2);
        last.Add(WireHeaders.StreamHalfClose, "1");
        await SendAsync(method, last, [new StreamRequest()]);
        var end = await stream;
        return sent == StatusCode.OK ? end : sent;
    }

    private Task<StatusCode> SendAsync(MethodDescriptor method, Metadata headers, IMessage[] requests) => SendAsync(_session.CallInvoker, method, headers, requests);

    // On the wire all calls are streams of messages, so one form of call serves all.
    private static async Task<StatusCode> SendAsync(CallInvoker calls, MethodDescriptor method, Metadata headers, IMessage[] requests)
    {
        var bytes = Marshallers.Create(static (byte[] message) => message, static message => message);
        var any = new Method<byte[], byte[]>(MethodType.DuplexStreaming, method.Service.FullName, method.Name, bytes, bytes);
        using var call = calls.AsyncDuplexStreamingCall(any, host: null, new CallOptions(headers, DateTime.UtcNow.AddSeconds(60), GuardedServer.Cancelled));
        try
        {
            await WriteAsync(call.RequestStream, requests);
            while (await call.ResponseStream.MoveNext(GuardedServer.Cancelled))
            {
            }

            return StatusCode.OK;
        }
        catch (RpcException ended)
        {
            return ended.StatusCode;
        }
    }

    private static async Task WriteAsync(IClientStreamWriter<byte[]> writer, IMessage[] requests)
    {
        try
        {
            foreach (var request in requests)
                await writer.WriteAsync(request.ToByteArray());
            await writer.CompleteAsync();
        }
        catch (Exception early) when (early is RpcException or InvalidOperationException)
        {
            // The call ended before all was sent; its status is read below.
        }
    }
}
