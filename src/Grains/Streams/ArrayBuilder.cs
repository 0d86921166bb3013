namespace Wharf.Grains.Streams;

/// <summary>Concatenates the parts of a message.</summary>
internal sealed class ArrayBuilder
{
    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private long _length;

    public void Add(ReadOnlyMemory<byte> part)
    {
        _parts.Add(part);
        _length += part.Length;
    }

    public ReadOnlyMemory<byte> ToMemory()
    {
        var whole = GC.AllocateUninitializedArray<byte>(checked((int)_length));
        var position = 0;
        foreach (var part in _parts)
        {
            part.Span.CopyTo(whole.AsSpan(position));
            position += part.Length;
        }

        return whole;
    }
}
