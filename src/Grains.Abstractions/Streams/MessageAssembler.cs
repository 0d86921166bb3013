namespace Wharf.Grains.Streams;

/// <summary>Reassembles messages from their parts.</summary>
internal sealed class MessageAssembler
{
    private List<ReadOnlyMemory<byte>>? _parts;
    private long _length;

    /// <summary>Adds the next part.</summary>
    /// <param name="part">The part.</param>
    /// <returns>The payload of the message if the part is its last; otherwise null.</returns>
    public ReadOnlyMemory<byte>? Add(StreamPart part)
    {
        // A message of one part is not copied.
        if (part.IsLast && _parts is null)
            return part.Bytes;
        (_parts ??= []).Add(part.Bytes);
        _length += part.Bytes.Length;
        if (!part.IsLast)
            return null;

        var payload = GC.AllocateUninitializedArray<byte>(checked((int)_length));
        var position = 0;
        foreach (var bytes in _parts)
        {
            bytes.Span.CopyTo(payload.AsSpan(position));
            position += bytes.Length;
        }

        Clear();
        return payload;
    }

    /// <summary>Discards the parts of an incomplete message.</summary>
    public void Clear()
    {
        _parts = null;
        _length = 0;
    }
}
