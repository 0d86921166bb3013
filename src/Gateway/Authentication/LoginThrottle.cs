namespace Wharf.Gateway.Authentication;

/// <summary>Counts failed logins by address and way to log in. Whoever has the right credentials is never stopped here.</summary>
internal sealed class LoginThrottle(int failuresPerMinute, TimeProvider time)
{
    private const int MostKeys = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    // When there are too many addresses to tell apart, the rest share one count.
    private static readonly (string Address, string Scheme) Others = ("", "");

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Address, string Scheme), Count> _counts = [];

    /// <summary>Whether the next failure would be one too many.</summary>
    public bool IsExhausted(string address, string scheme)
    {
        lock (_lock)
            return Current((address, scheme)) is { } count && count.Failures >= failuresPerMinute;
    }

    /// <summary>Counts a failure.</summary>
    /// <returns>Whether it is one too many.</returns>
    public bool Fail(string address, string scheme)
    {
        lock (_lock)
        {
            var key = (address, scheme);
            var count = Current(key);
            if (count is null)
            {
                if (_counts.Count >= MostKeys)
                    Forget();
                if (_counts.Count >= MostKeys)
                    key = Others;
                count = Current(key) ?? (_counts[key] = new Count(time.GetTimestamp()));
            }
            return ++count.Failures > failuresPerMinute;
        }
    }

    private Count? Current((string, string) key) => _counts.TryGetValue(key, out var count) && time.GetElapsedTime(count.Since) < Window ? count : null;

    private void Forget()
    {
        foreach (var (key, count) in _counts)
        {
            if (time.GetElapsedTime(count.Since) >= Window)
                _counts.Remove(key);
        }
    }

    private sealed class Count(long since)
    {
        public long Since { get; } = since;

        public int Failures { get; set; }
    }
}
