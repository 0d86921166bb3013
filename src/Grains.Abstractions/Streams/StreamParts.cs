using System.Collections.Immutable;

namespace Wharf.Grains.Streams;

/// <summary>Splits messages into parts of at most <see cref="GrainLimits.PartSize"/>.</summary>
internal static class StreamParts
{
    /// <summary>Takes the next part of a message. The last one contains the references.</summary>
    /// <param name="payload">The rest of the message, which becomes shorter by the part.</param>
    /// <param name="references">The references of the message.</param>
    /// <returns>The part.</returns>
    public static StreamPart TakeNext(ref ReadOnlyMemory<byte> payload, ImmutableArray<ObjectReference> references)
    {
        var rest = payload;
        if (rest.Length <= GrainLimits.PartSize)
        {
            payload = default;
            return new StreamPart(rest, references, IsLast: true);
        }

        payload = rest[GrainLimits.PartSize..];
        return new StreamPart(rest[..GrainLimits.PartSize], [], IsLast: false);
    }
}
