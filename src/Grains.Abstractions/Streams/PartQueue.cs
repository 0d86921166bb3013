using System.Collections.Immutable;

namespace Wharf.Grains.Streams;

/// <summary>The messages that a caller has yet to send, as parts. Not thread-safe.</summary>
internal sealed class PartQueue
{
    private const int MostParts = 1024;

    private readonly Queue<StreamPart> _parts = new();

    /// <summary>Whether no part is queued.</summary>
    public bool IsEmpty => _parts.Count == 0;

    /// <summary>Adds a message.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="references">The objects that the message refers to.</param>
    public void Enqueue(ReadOnlyMemory<byte> payload, ImmutableArray<ObjectReference> references)
    {
        StreamPart part;
        do
        {
            part = StreamParts.TakeNext(ref payload, references);
            _parts.Enqueue(part);
        }
        while (!part.IsLast);
    }

    /// <summary>Removes the parts of the next batch: at most <see cref="GrainLimits.BatchSize"/> bytes, unless it is a single part.</summary>
    /// <returns>The parts; empty if none is queued.</returns>
    public ImmutableArray<StreamPart> DequeueBatch()
    {
        var batch = ImmutableArray.CreateBuilder<StreamPart>();
        var bytes = 0;
        while (batch.Count < MostParts && _parts.TryPeek(out var part) && (batch.Count == 0 || bytes + part.Bytes.Length <= GrainLimits.BatchSize))
        {
            bytes += part.Bytes.Length;
            batch.Add(_parts.Dequeue());
        }

        return batch.DrainToImmutable();
    }
}
