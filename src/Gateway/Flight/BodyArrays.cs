namespace Wharf.Gateway.Flight;

/// <summary>
/// Reuses the arrays of long bodies whose upload failed. They are large objects: as garbage, they start a background collection of all generations for every few uploads, and while
/// such collections follow each other the generation of the young objects is not compacted. The references are weak, so that the next full collection frees what no upload has taken.
/// </summary>
internal sealed class BodyArrays
{
    private const int MaxArrays = 64;

    private readonly Lock _gate = new();
    private readonly (int Length, WeakReference<byte[]> Array)[] _returned = [.. Enumerable.Range(0, MaxArrays).Select(static _ => (0, new WeakReference<byte[]>(null!)))];
    private int _next;

    /// <summary>The arrays of this process.</summary>
    public static BodyArrays Shared { get; } = new();

    /// <summary>Returns an array of exactly this length, with any content.</summary>
    public byte[] Rent(int length)
    {
        lock (_gate)
        {
            foreach (ref var returned in _returned.AsSpan())
            {
                if (returned.Length != length)
                    continue;
                returned.Length = 0;
                if (returned.Array.TryGetTarget(out var array))
                {
                    returned.Array.SetTarget(null!);
                    return array;
                }
            }
        }
        return GC.AllocateUninitializedArray<byte>(length);
    }

    /// <summary>Takes an array back that is neither read nor written any more. The oldest one is left to the collector when there are too many.</summary>
    public void Return(byte[] array)
    {
        lock (_gate)
        {
            ref var oldest = ref _returned[_next];
            _next = (_next + 1) % MaxArrays;
            oldest.Length = array.Length;
            oldest.Array.SetTarget(array);
        }
    }
}
