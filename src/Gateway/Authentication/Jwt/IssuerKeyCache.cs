using Microsoft.Extensions.Logging;
using Wharf.Grains;

namespace Wharf.Gateway.Authentication;

/// <summary>
/// Caches the keys of the issuer. Concurrent logins share one read. If a refresh fails, the cached keys are used until they reach their maximum age; then logins fail with UNAVAILABLE.
/// </summary>
/// <param name="read">Reads the keys.</param>
/// <param name="options">The ages of keys, and the time limit of a read.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The logger for reads.</param>
internal sealed partial class IssuerKeyCache(Func<CancellationToken, Task<IssuerKeys>> read, JwtOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>The minimum time between two reads that tokens with unknown keys cause.</summary>
    public static readonly TimeSpan ShortestRefresh = TimeSpan.FromSeconds(30);

    /// <summary>The time after a failed read during which logins do not start another one.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private static readonly Fault Unreachable = new(FaultCode.Unavailable, "The issuer of the token cannot be reached; try again later");

    private readonly Lock _lock = new();
    private IssuerKeys? _keys;
    private long _readAt;
    private long? _attemptedAt;
    private bool _hasFailed;
    private Task<IssuerKeys?>? _reading;

    /// <summary>Returns the keys.</summary>
    /// <exception cref="FaultException">UNAVAILABLE: no keys are cached, and the issuer cannot be reached.</exception>
    public async ValueTask<IssuerKeys> GetAsync(CancellationToken cancellationToken)
    {
        Task<IssuerKeys?>? reading;
        lock (_lock)
        {
            var age = _keys is null ? TimeSpan.MaxValue : time.GetElapsedTime(_readAt);
            reading = age >= options.KeyRefresh ? Begin(RetryDelay, onlyAfterFailure: true) : null;
            if (age < options.KeyLifetime)
                return _keys!;
        }

        var keys = reading is null ? null : await reading.WaitAsync(cancellationToken);
        return keys ?? throw new FaultException(Unreachable);
    }

    /// <summary>Reads the keys again because a token names a key that is not among the known ones.</summary>
    /// <returns>The newer keys, or null if the read fails or the last one was too recent.</returns>
    public async ValueTask<IssuerKeys?> RefreshAsync(IssuerKeys known, CancellationToken cancellationToken)
    {
        Task<IssuerKeys?>? reading;
        lock (_lock)
        {
            if (!ReferenceEquals(_keys, known))
                return _keys;
            reading = Begin(ShortestRefresh, onlyAfterFailure: false);
        }

        return reading is null ? null : await reading.WaitAsync(cancellationToken);
    }

    // Joins the current read, or starts one unless the last one started less than the pause ago.
    private Task<IssuerKeys?>? Begin(TimeSpan pause, bool onlyAfterFailure)
    {
        if (_reading is not null)
            return _reading;
        if (_attemptedAt is { } attempt && (_hasFailed || !onlyAfterFailure) && time.GetElapsedTime(attempt) < pause)
            return null;
        _attemptedAt = time.GetTimestamp();
        // The read does not use the token of the caller that starts it: other callers wait for it, too.
        var reading = Task.Run(ReadAsync);
        _reading = reading;
        return reading;
    }

    private async Task<IssuerKeys?> ReadAsync()
    {
        using var limit = new CancellationTokenSource(options.RequestTimeout, time);
        IssuerKeys? keys = null;
        Exception? failure = null;
        try
        {
            keys = await read(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception failed)
        {
            failure = failed;
        }

        bool wasFailing;
        lock (_lock)
        {
            wasFailing = _hasFailed;
            _hasFailed = failure is not null;
            _reading = null;
            if (keys is not null)
            {
                _keys = keys;
                _readAt = time.GetTimestamp();
            }
        }

        if (keys is not null)
            LogRead(keys.Keys.Count, keys.Issuer);
        else if (!wasFailing)
            LogFailed(failure!);
        return keys;
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "Read {Count} keys of the token issuer {Issuer}")]
    private partial void LogRead(int count, string issuer);

    [LoggerMessage(
        EventId = 3102, Level = LogLevel.Warning,
        Message = "Failed to read the keys of the token issuer (Wharf:Auth:Jwt); using the keys read before, if they are not too old, and retrying at later logins")]
    private partial void LogFailed(Exception failure);
}
