using CsCheck;

namespace Wharf.Security.Fuzzing;

/// <summary>The choices of one input, which follow from the seed and the index of the input alone.</summary>
internal sealed class FuzzRandom(int seed, long index)
{
    private readonly Random _random = new(HashOf(seed, index));
    private readonly PCG _generators = new((uint)index, (ulong)(uint)seed);

    /// <summary>The index of the input.</summary>
    public long Index => index;

    public int Next(int end) => _random.Next(end);

    public int Next(int first, int end) => _random.Next(first, end);

    public ulong NextBits() => (ulong)_random.NextInt64(long.MinValue, long.MaxValue);

    /// <summary>Returns true once in as many times as given.</summary>
    public bool Once(int times) => _random.Next(times) == 0;

    public T Pick<T>(params ReadOnlySpan<T> values) => values[_random.Next(values.Length)];

    public byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Returns a value of a generator of CsCheck.</summary>
    public T Of<T>(Gen<T> generator) => generator.Generate(_generators, null, out _);

    // HashCode differs from process to process.
    private static int HashOf(int seed, long index)
    {
        ulong mixed = ((ulong)(uint)seed << 32) ^ (ulong)index;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)(mixed ^ (mixed >> 31));
    }
}
