using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Wharf.Client;
using Wharf.Processes;
using Wharf.Protocol.Grpc;
using TypedTicket = Wharf.Protocol.Grpc.TypedTicket;

namespace Wharf.Cluster.Tests.SingleNode;

/// <summary>The protocol without the client's manners.</summary>
internal static class Wire
{
    public static Credentials Login { get; } = Credentials.PreSharedKey(ServerProcess.Psk);

    public static TypedTicket Scope(string name, string type) => Typed(Encoding.UTF8.GetBytes($"s/{name}"), type);

    public static TypedTicket Typed(byte[] ticket, string type) => new() { Ticket = new Ticket { Ticket_ = ByteString.CopyFrom(ticket) }, Type = type };

    public static StreamRequest Connect(TypedTicket source) => new() { Connect = new ConnectRequest { SourceId = source } };

    public static StreamRequest Data(byte[] payload, params IEnumerable<TypedTicket> references)
    {
        var data = new ClientData { Payload = UnsafeByteOperations.UnsafeWrap(payload) };
        data.References.AddRange(references);
        return new StreamRequest { Data = data };
    }

    /// <summary>Opens a message stream on a named object and reads the first message, after which it is known to be open.</summary>
    public static async Task<AsyncDuplexStreamingCall<StreamRequest, StreamResponse>> OpenAsync(CallInvoker invoker, TypedTicket source, CancellationToken cancellationToken)
    {
        var call = new ObjectService.ObjectServiceClient(invoker).MessageStream(cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(Connect(source), cancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(cancellationToken));
        return call;
    }

    /// <summary>The status with which a call ends, read to its end.</summary>
    public static async Task<Status> EndAsync<T>(IAsyncStreamReader<T> responses, CancellationToken cancellationToken)
    {
        try
        {
            while (await responses.MoveNext(cancellationToken))
            {
            }

            return Status.DefaultSuccess;
        }
        catch (RpcException end)
        {
            return end.Status;
        }
    }

    /// <summary>The status with which a call ends.</summary>
    public static async Task<Status> EndAsync<T>(AsyncUnaryCall<T> call)
    {
        try
        {
            await call;
            return Status.DefaultSuccess;
        }
        catch (RpcException end)
        {
            return end.Status;
        }
    }

}
