using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Sessions;
using Wharf.Grains;
using Wharf.Grains.Streams;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Streams;

/// <summary>Reassembles the messages of an object and writes them to the client. It exports the objects of their references to the client's session.</summary>
internal sealed class StreamOutlet(CallSession session, string streamId)
{
    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    private readonly List<ReadOnlyMemory<byte>> _pieces = [];

    /// <summary>Writes parts to a client.</summary>
    /// <param name="writer">The client.</param>
    /// <param name="first">The number of the first part.</param>
    /// <param name="parts">The parts.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public async Task WriteAsync(IAsyncStreamWriter<Wire.StreamResponse> writer, long first, ReadOnlyMemory<StreamPart> parts, CancellationToken cancellationToken)
    {
        for (int index = 0; index < parts.Length; index++)
        {
            if (await ReadAsync(parts.Span[index], first + index, cancellationToken) is not { } data)
                continue;
            // Flush after the last message of a batch only.
            writer.WriteOptions = index < parts.Length - 1 ? Buffered : WriteOptions.Default;
            await writer.WriteUnlessStoppedAsync(new Wire.StreamResponse { Data = data }, cancellationToken);
        }
    }

    /// <summary>Adds a part.</summary>
    /// <returns>The message that it completes, or null.</returns>
    public async ValueTask<Wire.ServerData?> ReadAsync(StreamPart part, long number, CancellationToken cancellationToken)
    {
        if (!part.IsLast)
        {
            _pieces.Add(part.Bytes);
            return null;
        }
        var data = new Wire.ServerData { Payload = Join(part.Bytes) };
        if (!part.References.IsDefaultOrEmpty)
            await ExportAsync(part.References, number, data, cancellationToken);
        return data;
    }

    private ByteString Join(ReadOnlyMemory<byte> last)
    {
        if (_pieces.Count == 0)
            return UnsafeByteOperations.UnsafeWrap(last);
        var whole = new byte[_pieces.Sum(piece => piece.Length) + last.Length];
        int offset = 0;
        foreach (var piece in _pieces)
        {
            piece.CopyTo(whole.AsMemory(offset));
            offset += piece.Length;
        }
        last.CopyTo(whole.AsMemory(offset));
        _pieces.Clear();
        return UnsafeByteOperations.UnsafeWrap(whole);
    }

    private async Task ExportAsync(ImmutableArray<ObjectReference> references, long number, Wire.ServerData data, CancellationToken cancellationToken)
    {
        var ids = await session.Grain.ExportObjectsAsync(
            references, string.Create(CultureInfo.InvariantCulture, $"{streamId}/{number}"), cancellationToken);
        for (int index = 0; index < references.Length; index++)
        {
            data.ExportedReferences.Add(new Wire.TypedTicket
            {
                Ticket = Tickets.ToWire(Tickets.OfExport(ids[index])),
                Type = references[index].TypeName,
            });
        }
    }
}
