namespace Wharf.Gateway.Authentication;

/// <summary>Limits failed logins per client address and authentication scheme within a fixed window.</summary>
/// <param name="failuresPerMinute">The number of failures after which a window refuses all logins.</param>
/// <param name="time">The clock that ends windows.</param>
internal sealed class LoginThrottle(int failuresPerMinute, TimeProvider time)
{
    /// <summary>The length of a window, from its first failure.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private const int MaxKeys = 10_000;
    // Addresses beyond MaxKeys share one count.
    private static readonly (string Address, string Scheme) Others = ("", "");

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Address, string Scheme), Count> _counts = [];

    /// <summary>Returns whether logins are refused without a check until the window ends.</summary>
    public bool IsExhausted(string address, string scheme)
    {
        lock (_lock)
            return (Current((address, scheme)) ?? (_counts.Count >= MaxKeys ? Current(Others) : null)) is { } count && count.Failures >= failuresPerMinute;
    }

    /// <summary>Counts a failed or refused login.</summary>
    public LoginFailure Fail(string address, string scheme)
    {
        lock (_lock)
        {
            var key = (address, scheme);
            var count = Current(key);
            if (count is null)
            {
                if (_counts.Count >= MaxKeys)
                    RemoveExpired();
                if (_counts.Count >= MaxKeys)
                    key = Others;
                count = Current(key) ?? (_counts[key] = new Count(time.GetTimestamp()));
            }

            // The count stops at the limit, so that it cannot overflow.
            if (count.Failures < failuresPerMinute)
            {
                count.Failures++;
                return LoginFailure.Counted;
            }

            if (count.IsReported)
                return LoginFailure.Throttled;
            count.IsReported = true;
            return LoginFailure.ThrottledFirst;
        }
    }

    private Count? Current((string, string) key) => _counts.TryGetValue(key, out var count) && time.GetElapsedTime(count.Since) < Window ? count : null;

    private void RemoveExpired()
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

        public bool IsReported { get; set; }
    }
}

/// <summary>The effect of a failed login on its window.</summary>
internal enum LoginFailure
{
    /// <summary>The failure is within the limit.</summary>
    Counted,

    /// <summary>The first refusal beyond the limit in this window; the audit log records it.</summary>
    ThrottledFirst,

    /// <summary>A further refusal beyond the limit; the audit log omits it.</summary>
    Throttled,
}
