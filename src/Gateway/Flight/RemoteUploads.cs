using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Orleans.Runtime;
using Wharf.Gateway.Authentication;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Flight;

/// <summary>Forwards uploads to a node, frame by frame.</summary>
internal sealed class RemoteUploads(NodeChannels nodes, NodeTickets tickets)
{
    private static readonly Method<FlightFrame, Wire.PutResult> DoPut = new(
        MethodType.DuplexStreaming,
        Wire.FlightService.Descriptor.FullName,
        nameof(Wire.FlightService.FlightServiceBase.DoPut),
        FlightFrameMarshaller.Instance,
        Marshallers.Create(static result => result.ToByteArray(), Wire.PutResult.Parser.ParseFrom));

    /// <summary>Creates the last message of a node, which contains the object id of the stored table.</summary>
    public static Wire.PutResult Stored(string objectId) => new() { AppMetadata = ByteString.CopyFromUtf8(objectId) };

    /// <inheritdoc cref="ITableBytes.StoreAsync"/>
    public async Task<ObjectReference> StoreAsync(
        SiloAddress node, IAsyncStreamReader<FlightFrame> frames, FlightFrame first, Func<Task> acknowledge, string holder, CancellationToken cancellationToken)
    {
        var channel = await nodes.FindAsync(node, cancellationToken) ?? throw NodeChannels.Unreachable();
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var headers = new Metadata { { NodeTickets.Header, tickets.WriteStore(holder) } };
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(DoPut, null, new CallOptions(headers, cancellationToken: cut.Token));
        var sending = SendAsync(frames, first, call.RequestStream, cut);
        try
        {
            string? stored = null;
            while (await call.ResponseStream.MoveNext(cut.Token))
            {
                if (call.ResponseStream.Current.AppMetadata is { IsEmpty: false } objectId)
                    stored = objectId.ToStringUtf8();
                else
                    await acknowledge();
            }

            return stored is not null && ObjectId.TryParse(stored, out var id)
                ? new ObjectReference(stored, ObjectKind.Table, ObjectReference.TableType, id.Epoch)
                : throw NodeChannels.Unreachable();
        }
        catch (Exception failed) when (failed is RpcException or ObjectDisposedException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // A failure of the client's stream is the cause of the failure of the node's call.
            if (sending.IsFaulted)
                await sending;
            throw nodes.Explain(node, channel, failed);
        }
        finally
        {
            await cut.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task SendAsync(
        IAsyncStreamReader<FlightFrame> frames, FlightFrame first, IClientStreamWriter<FlightFrame> node, CancellationTokenSource cut)
    {
        try
        {
            await node.WriteAsync(first, cut.Token);
            while (await frames.MoveNext(cut.Token))
            {
                if (frames.Current.Descriptor is { } other && !other.Equals(first.Descriptor))
                    throw TableUploads.ChangesDescriptor();
                await node.WriteAsync(frames.Current, cut.Token);
            }

            await node.CompleteAsync();
        }
        catch (Exception failed) when (failed is not RpcException and not InvalidOperationException && !cut.IsCancellationRequested)
        {
            await cut.CancelAsync();
            throw;
        }
        catch (Exception) when (!cut.IsCancellationRequested)
        {
            // The node ended the call; the reader receives its status.
        }
    }
}
