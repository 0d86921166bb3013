using Microsoft.Extensions.Logging;
using Wharf.Grains;

namespace Wharf.Gateway.Authentication;

/// <summary>
/// Keeps the keys of the issuer. Logins share one reading at a time. Keys that could not be read anew are used until they are too old; then logins fail as UNAVAILABLE.
/// </summary>
/// <param name="read">Reads the keys.</param>
/// <param name="options">The ages of keys, and the time limit of a reading.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Receives failed readings.</param>
internal sealed partial class IssuerKeyCache(Func<CancellationToken, Task<IssuerKeys>> read, JwtOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>The shortest time between two readings that tokens with unknown keys cause.</summary>
    public static readonly TimeSpan ShortestRefresh = TimeSpan.FromSeconds(30);

    /// <summary>The time after a failed reading in which logins do not begin another one.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private static readonly Fault Unreachable = new(FaultCode.Unavailable, "The issuer of the token cannot be reached; try again later");

    private readonly Lock _lock = new();
    private IssuerKeys? _keys;
    private long _readAt;
    private long? _attemptedAt;
    private bool _hasFailed;
    private Task<IssuerKeys?>? _reading;

    /// <summary>Returns the keys.</summary>
    /// <exception cref="FaultException">UNAVAILABLE: there are none, and the issuer cannot be reached.</exception>
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

    /// <summary>Reads the keys again, because a token names one that is not among those.</summary>
    /// <returns>Newer keys, or null if there are none or they were read a moment ago.</returns>
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

    // Joins the reading that runs, or begins one unless the last began a moment ago.
    private Task<IssuerKeys?>? Begin(TimeSpan pause, bool onlyAfterFailure)
    {
        if (_reading is not null)
            return _reading;
        if (_attemptedAt is { } attempt && (_hasFailed || !onlyAfterFailure) && time.GetElapsedTime(attempt) < pause)
            return null;
        _attemptedAt = time.GetTimestamp();
        // The caller that begins it may leave; the others still wait.
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
