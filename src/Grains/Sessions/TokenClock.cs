namespace Wharf.Grains.Sessions;

/// <summary>
/// How long a session's token is good. A token may be replaced once a fifth of its life has passed; until then neither it nor the session lives longer for being used.
/// The session lives as long as its newest token; older ones stay good until their own deadlines, which they carry themselves.
/// </summary>
internal sealed class TokenClock
{
    private readonly TimeSpan _life;
    private readonly DateTimeOffset _end;

    /// <param name="life">The time that a token is good.</param>
    /// <param name="now">The current time.</param>
    /// <param name="end">The time that no token outlives; null without a limit.</param>
    public TokenClock(TimeSpan life, DateTimeOffset now, DateTimeOffset? end = null)
    {
        _life = life;
        _end = end ?? DateTimeOffset.MaxValue;
        Issue(now);
    }

    public DateTimeOffset Issued { get; private set; }

    public DateTimeOffset Deadline { get; private set; }

    public bool HasExpired(DateTimeOffset now) => Deadline <= now;

    /// <summary>Uses the token.</summary>
    /// <returns>Whether a new one was issued.</returns>
    public bool Touch(DateTimeOffset now)
    {
        if (now - Issued < _life / 5)
            return false;
        Issue(now);
        return true;
    }

    private void Issue(DateTimeOffset now)
    {
        Issued = now;
        Deadline = _end - now > _life ? now + _life : _end;
    }
}
