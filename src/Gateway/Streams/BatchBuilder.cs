using System.Collections.Immutable;
using Wharf.Grains;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Streams;

/// <summary>Builds batches of queued messages. It splits long messages into parts, and limits a batch to the size of one grain call.</summary>
internal sealed class BatchBuilder(StreamInbox inbox)
{
    private const int MaxParts = 1024;

    private readonly List<StreamPart> _parts = [];
    private InboundMessage? _current;
    private int _offset;

    /// <summary>Whether a message was sent in part.</summary>
    public bool IsInMessage => _current is not null;

    /// <summary>Takes the next batch. Messages with unresolved references stay in the inbox.</summary>
    public ImmutableArray<StreamPart> Take()
    {
        var parts = _parts;
        int bytes = 0;
        while (parts.Count < MaxParts && (_current is not null || inbox.TryTake(out _current)))
        {
            var message = _current;
            int length = Math.Min(message.Payload.Length - _offset, GrainLimits.PartSize);
            if (parts.Count > 0 && bytes + length > GrainLimits.BatchSize)
                break;
            bool isLast = _offset + length == message.Payload.Length;
            parts.Add(new StreamPart(message.Payload.Slice(_offset, length), isLast ? message.References : [], isLast));
            bytes += length;
            _offset += length;
            if (isLast)
            {
                _current = null;
                _offset = 0;
            }
        }
        ImmutableArray<StreamPart> batch = [.. parts];
        parts.Clear();
        return batch;
    }
}
