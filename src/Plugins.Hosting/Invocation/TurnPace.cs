namespace Wharf.Plugins.Hosting;

/// <summary>
/// Whether the handlers of an object type may run on the server's own threads, where their messages come in: they may until one of them holds up its thread, by
/// computing or by waiting. Then they are given the plugins' own threads for a while, longer each time.
/// </summary>
/// <remarks>A hop to another thread and back is what an exchange of short messages would mostly wait for.</remarks>
public sealed class TurnPace
{
    /// <summary>A thread may also be held up by the just-in-time compiler, or by a machine that has other things to do: the first time costs little.</summary>
    private static readonly TimeSpan ShortestProbation = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestProbation = TimeSpan.FromMinutes(10);

    /// <summary>Trust that lasted so many times longer than the probation before it wipes the slate clean.</summary>
    private const int Forgiven = 10;

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private TimeSpan _probation;
    private long _slowUntil;

    /// <summary>Begins with trust.</summary>
    /// <param name="time">The clock.</param>
    public TurnPace(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
    }

    /// <summary>Whether a turn that begins now may run on a thread of the server's own.</summary>
    internal bool IsBrisk => Volatile.Read(ref _slowUntil) is var until && (until == 0 || _time.GetTimestamp() >= until);

    /// <summary>A handler has held up the thread that it was lent.</summary>
    internal void HeldUp()
    {
        lock (_gate)
        {
            if (!IsBrisk)
                return;
            var isForgiven = _probation == TimeSpan.Zero || _time.GetElapsedTime(_slowUntil) > Forgiven * _probation;
            _probation = isForgiven ? ShortestProbation : 2 * _probation < LongestProbation ? 2 * _probation : LongestProbation;
            Volatile.Write(ref _slowUntil, _time.GetTimestamp() + (long)(_probation.TotalSeconds * _time.TimestampFrequency));
        }
    }
}
