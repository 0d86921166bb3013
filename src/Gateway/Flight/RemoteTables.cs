using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Orleans.Runtime;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Errors;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Tables;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Flight;

/// <summary>Reads the tables of other nodes by Flight.</summary>
internal sealed class RemoteTables(NodeChannels nodes, NodeTickets tickets) : IRemoteTables
{
    private static readonly Method<Wire.Ticket, FlightFrame> DoGet = new(
        MethodType.ServerStreaming,
        Wire.FlightService.Descriptor.FullName,
        nameof(Wire.FlightService.FlightServiceBase.DoGet),
        Marshallers.Create(static ticket => ticket.ToByteArray(), Wire.Ticket.Parser.ParseFrom),
        FlightFrameMarshaller.Instance);

    /// <inheritdoc/>
    public async ValueTask<ArrowTable?> FetchAsync(string objectId, MemoryCharge? memory, CancellationToken cancellationToken)
    {
        if (await OpenAsync(objectId, cancellationToken) is not { } opened)
            return null;
        await using var frames = new FrameReader(opened.GetAsyncEnumerator(cancellationToken));
        return await frames.MoveNext(cancellationToken)
            ? await TableUploads.ReadAsync(frames, frames.Current, acknowledge: null, int.MaxValue, memory, cancellationToken, isUpload: false)
            : null;
    }

    /// <summary>Opens a table on the node of its id.</summary>
    /// <returns>The frames, which can be read once, or null if the table or its node is lost.</returns>
    /// <exception cref="FaultException">UNAVAILABLE: the node cannot be reached.</exception>
    public async ValueTask<IAsyncEnumerable<FlightFrame>?> OpenAsync(string objectId, CancellationToken cancellationToken)
    {
        if (!ObjectId.TryParse(objectId, out var id) || await nodes.FindAsync(id.Silo, cancellationToken) is not { } channel)
            return null;
        var bytes = tickets.WriteRead(objectId);
        var ticket = new Wire.Ticket { Ticket_ = UnsafeByteOperations.UnsafeWrap(bytes) };
        // The header has the ticket, too, so that the other node can admit the call before it reads the request.
        var headers = new Metadata { { NodeTickets.Header, bytes } };
        var reading = new Reading(nodes, id.Silo, channel, channel.CreateCallInvoker().AsyncServerStreamingCall(
            DoGet, null, new CallOptions(headers, cancellationToken: cancellationToken), ticket));
        // The other node has opened the table when it sends the first frame.
        try
        {
            if (await reading.NextAsync(cancellationToken))
                return reading.ReadAsync(cancellationToken);
        }
        catch (FaultException gone) when (gone.Fault.Code == FaultCode.DataLoss)
        {
        }
        catch
        {
            reading.Dispose();
            throw;
        }

        reading.Dispose();
        return null;
    }

    /// <summary>The open call that reads a table.</summary>
    private sealed class Reading(NodeChannels nodes, SiloAddress node, GrpcChannel channel, AsyncServerStreamingCall<FlightFrame> call) : IDisposable
    {
        public void Dispose() => call.Dispose();

        public async Task<bool> NextAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await call.ResponseStream.MoveNext(cancellationToken);
            }
            catch (Exception failed) when (failed is RpcException or ObjectDisposedException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw nodes.Explain(node, channel, failed);
            }
        }

        public async IAsyncEnumerable<FlightFrame> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            using (call)
            {
                do
                    yield return call.ResponseStream.Current;
                while (await NextAsync(cancellationToken));
            }
        }
    }

    /// <summary>Adapts frames to a gRPC stream reader.</summary>
    private sealed class FrameReader(IAsyncEnumerator<FlightFrame> frames) : IAsyncStreamReader<FlightFrame>, IAsyncDisposable
    {
        public FlightFrame Current => frames.Current;

        public Task<bool> MoveNext(CancellationToken cancellationToken) => frames.MoveNextAsync().AsTask();

        public ValueTask DisposeAsync() => frames.DisposeAsync();
    }
}
