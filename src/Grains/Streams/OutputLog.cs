using System.Collections.Immutable;
using Wharf.Grains.Objects;

namespace Wharf.Grains.Streams;

/// <summary>
/// The output of an object on one stream that the gateway has not acknowledged: numbered parts, bounded in messages and bytes. Not thread-safe; guarded by the
/// lock of the stream.
/// </summary>
internal sealed class OutputLog(StreamLimits limits)
{
    private readonly Queue<Entry> _parts = new();
    private long _first;
    private int _messages;
    private long _bytes;

    private readonly record struct Entry(StreamPart Part, ImmutableArray<ObjectHold> Holds);

    /// <summary>The number of the first part that is not acknowledged.</summary>
    public long First => _first;

    /// <summary>The number of the next part.</summary>
    public long Next => _first + _parts.Count;

    /// <summary>The number of bytes that are not acknowledged.</summary>
    public long Bytes => _bytes;

    /// <summary>Whether the next batch of the stream must wait.</summary>
    public bool IsFull => _messages >= limits.MaxMessages || _bytes >= limits.MaxBytes;

    /// <summary>Returns whether unsolicited output would exceed the bound. A message of the maximum size always fits an empty log.</summary>
    public bool Overflows(int bytes) => _messages > 0 && (_messages + 1 > limits.MaxMessages || _bytes + bytes > limits.MaxBytes);

    /// <summary>Returns whether a reply would exceed the bound for the replies of one handler.</summary>
    public bool OverflowsHard(int bytes) => _messages > 0 && (_messages + 1 > 10L * limits.MaxMessages || _bytes + bytes > limits.MaxBytes + limits.MaxMessageBytes);

    /// <summary>Appends a message in parts.</summary>
    public void Append(ReadOnlyMemory<byte> payload, ImmutableArray<ObjectReference> references, ImmutableArray<ObjectHold> holds)
    {
        _messages++;
        _bytes += payload.Length;
        StreamPart part;
        do
        {
            part = StreamParts.TakeNext(ref payload, references);
            _parts.Enqueue(new Entry(part, part.IsLast ? holds : []));
        }
        while (!part.IsLast);
    }

    /// <summary>Removes the parts that the reader has received, and releases their references.</summary>
    /// <returns>Whether parts were removed.</returns>
    public bool Acknowledge(long below)
    {
        var first = _first;
        while (_first < below && _parts.TryDequeue(out var entry))
        {
            _first++;
            _bytes -= entry.Part.Bytes.Length;
            if (entry.Part.IsLast)
                _messages--;
            Release(entry.Holds);
        }

        return _first > first;
    }

    /// <summary>Reads parts without removing them.</summary>
    /// <param name="window">The maximum number of bytes; at least one part is returned unless this is 0.</param>
    public ImmutableArray<StreamPart> Read(int window)
    {
        if (_parts.Count == 0 || window <= 0)
            return [];
        var builder = ImmutableArray.CreateBuilder<StreamPart>(_parts.Count == 1 ? 1 : Math.Min(_parts.Count, 256));
        var bytes = 0;
        foreach (var entry in _parts)
        {
            bytes += entry.Part.Bytes.Length;
            if (builder.Count > 0 && bytes > window)
                break;
            builder.Add(entry.Part);
        }

        return builder.DrainToImmutable();
    }

    /// <summary>Removes all parts.</summary>
    public void Clear() => Acknowledge(long.MaxValue);

    private static void Release(ImmutableArray<ObjectHold> holds)
    {
        foreach (var hold in holds)
            hold.Release();
    }
}
