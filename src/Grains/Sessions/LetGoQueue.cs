namespace Wharf.Grains.Sessions;

/// <summary>Lets go of objects beside everything else, a bounded number at a time: a session may end with a million exports.</summary>
internal sealed class LetGoQueue(GrainCalls calls)
{
    private const int Parallel = 64;

    private readonly Queue<(ObjectReference Reference, string Holder)> _waiting = new();
    private int _running;

    public void Add(ObjectReference reference, string holder)
    {
        _waiting.Enqueue((reference, holder));
        if (_running < Parallel)
            _ = PumpAsync();
    }

    private async Task PumpAsync()
    {
        _running++;
        while (_waiting.TryDequeue(out var next))
            await calls.LetGoAsync(next.Reference, next.Holder);
        _running--;
    }
}
