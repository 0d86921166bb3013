using System.Collections.Immutable;
using Wharf.Grains;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Streams;

/// <summary>Cuts what queued up into batches: long messages into parts, and no more at once than one grain call may carry.</summary>
internal sealed class BatchBuilder(StreamInbox inbox)
{
    private const int MostParts = 1024;

    private readonly List<StreamPart> _parts = [];
    private InboundMessage? _current;
    private int _offset;

    /// <summary>Whether a message has gone in part.</summary>
    public bool IsInMessage => _current is not null;

    /// <summary>Takes the next batch; messages that cannot go yet stay where they are.</summary>
    public ImmutableArray<StreamPart> Take()
    {
        var parts = _parts;
        int bytes = 0;
        while (parts.Count < MostParts && (_current is not null || inbox.TryTake(out _current)))
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
