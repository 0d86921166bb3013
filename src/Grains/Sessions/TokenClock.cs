namespace Wharf.Grains.Sessions;

/// <summary>
/// The lifetime of a session's token. A token is replaced when it is used after a fifth of its lifetime; earlier uses extend neither the token nor the session.
/// A session ends with its newest token; older tokens stay valid until their own deadlines, which they contain.
/// </summary>
internal sealed class TokenClock
{
    private readonly TimeSpan _life;
    private readonly DateTimeOffset _end;

    /// <param name="life">The lifetime of a token.</param>
    /// <param name="now">The current time.</param>
    /// <param name="end">The latest deadline of a token; null for no limit.</param>
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
