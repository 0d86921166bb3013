namespace Wharf.Security.Fuzzing;

/// <summary>Removes from an input whatever its fault does not need.</summary>
internal static class FuzzMinimizer
{
    private const int MostTries = 300;

    /// <summary>Returns the smallest input found that has the same fault alone; null if the input does not have it alone.</summary>
    /// <param name="input">The input.</param>
    /// <param name="hasFault">Sends an input alone and returns whether it has the fault.</param>
    public static async Task<FuzzInput?> MinimizeAsync(FuzzInput input, Func<FuzzInput, Task<bool>> hasFault)
    {
        if (!await hasFault(input))
            return null;
        int tries = 0;
        bool isSmaller = true;
        while (isSmaller && tries < MostTries)
        {
            isSmaller = false;
            foreach (var candidate in Candidates(input))
            {
                if (++tries >= MostTries)
                    break;
                if (!await hasFault(candidate))
                    continue;
                input = candidate;
                isSmaller = true;
                break;
            }
        }

        return input;
    }

    private static IEnumerable<FuzzInput> Candidates(FuzzInput input)
    {
        if (input.Wire != FuzzWire.Http2)
            yield return input with { Wire = FuzzWire.Http2 };
        if (input.Ending != FuzzEnding.Complete)
            yield return input with { Ending = FuzzEnding.Complete };
        for (int n = 0; n < input.Headers.Length; n++)
            yield return input with { Headers = [.. input.Headers[..n], .. input.Headers[(n + 1)..]] };
        for (int n = 0; n < input.Frames.Length; n++)
            yield return input with { Frames = [.. input.Frames[..n], .. input.Frames[(n + 1)..]] };
        for (int n = 0; n < input.Frames.Length; n++)
        {
            byte[] frame = input.Frames[n];
            for (int size = frame.Length / 2; size > 0; size /= 2)
            {
                for (int at = 5; at + size <= frame.Length; at += size)
                {
                    byte[] shorter = [.. frame[..at], .. frame[(at + size)..]];
                    // The length of an undamaged frame follows its message.
                    if (Length(frame) == frame.Length - 5)
                        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(shorter.AsSpan(1), shorter.Length - 5);
                    yield return input with { Frames = [.. input.Frames[..n], shorter, .. input.Frames[(n + 1)..]] };
                }
            }
        }
    }

    private static int Length(byte[] frame) => frame.Length < 5 ? -1 : System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(1));
}
