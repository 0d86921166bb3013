using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Wharf.Gateway.Authentication;
using Wharf.Grains.Logs;

namespace Wharf.Gateway.Tests;

/// <summary>Tests that calls cannot write the log at their rate.</summary>
public sealed class LimitedLogs : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1), Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly TestLog _log = new();
    private readonly LoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly DefectLog _defects;

    public LimitedLogs()
    {
        _loggers = new LoggerFactory([_log]);
        _logger = _loggers.CreateLogger("Test");
        _defects = new DefectLog(_time);
    }

    public void Dispose() => _loggers.Dispose();

    [Fact]
    public void The_first_lines_of_a_kind_are_written_then_one_in_each_interval()
    {
        var limiter = new LogLimiter(_time, first: 3, Minute, maxKinds: 10);
        var reports = new List<long>();
        Assert.Equal(3, Take(limiter, "a", 100, reports));
        Assert.Equal(3, Take(limiter, "b", 3, reports));
        Assert.Empty(reports);

        _time.Advance(Minute);
        Assert.Equal([97], reports);
        Assert.Equal(1, Take(limiter, "a", 10, reports));

        _time.Advance(Minute);
        Assert.Equal([97, 9], reports);
        _time.Advance(Hour);
        Assert.Equal([97, 9], reports);
        Assert.Equal(3, Take(limiter, "a", 3, reports));
    }

    [Fact]
    public void Kinds_beyond_the_limit_share_a_rate_until_others_have_rested()
    {
        var limiter = new LogLimiter(_time, first: 1, Minute, maxKinds: 2);
        var reports = new List<long>();
        Assert.Equal(2, Take(limiter, "a", 1, reports) + Take(limiter, "b", 1, reports));
        Assert.Equal(1, Enumerable.Range(0, 50).Sum(n => Take(limiter, $"more {n}", 1, reports)));

        _time.Advance(Minute);
        Assert.Equal([49], reports);
        _time.Advance(Minute);
        Assert.Equal(2, Take(limiter, "c", 1, reports) + Take(limiter, "d", 1, reports));
    }

    [Fact]
    public void A_refused_action_without_a_session_is_logged_ten_times_then_once_in_five_minutes()
    {
        var audit = new AuditLog(_loggers, _time);
        for (int n = 0; n < 1_000; n++)
            audit.Denied("", "", "read", $"scope/{n}");
        Assert.Equal(10, _log.Lines.Count);
        // Another action, and another principal, have their own lines.
        audit.Denied("", "", "list", "");
        audit.Denied("ann", "session", "read", "scope/secret");
        Assert.Equal(12, _log.Lines.Count);

        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Contains("990 lines of this kind are not in the log; the latest: A caller without a session may not read scope/999", _log.Lines.Last().Text, StringComparison.Ordinal);
        Assert.Equal(13, _log.Lines.Count);
    }

    [Fact]
    public void Accepted_logins_have_one_line_each_and_no_limit()
    {
        var audit = new AuditLog(_loggers, _time);
        for (int n = 0; n < 1_000; n++)
        {
            audit.LoggedIn("ann", "Basic", "::1", $"session{n}");
            audit.Closed("ann", $"session{n}");
        }

        Assert.Equal(1_000, _log.Lines.Count(static line => line.Level == LogLevel.Information));
        Assert.All(_log.Lines.Where(static line => line.Level != LogLevel.Information), static line => Assert.Equal(LogLevel.Debug, line.Level));
    }

    [Fact]
    public void An_hour_of_abuse_writes_less_than_a_megabyte()
    {
        var audit = new AuditLog(_loggers, _time);
        Exception[] defects = [Thrown(1), Thrown(2), Thrown(3)];
        string longest = $"scope/{new string('x', 256)}";
        for (int second = 0; second < Hour.TotalSeconds; second++)
        {
            for (int n = 0; n < 10; n++)
            {
                audit.Denied("", "", "read", longest);
                audit.Denied($"principal {n}", "session", "read", longest);
                audit.Refused("Basic", $"10.0.0.{n}");
                audit.WithoutRole($"principal {n}", "Basic", "10.0.0.1");
            }

            foreach (var defect in defects)
                _defects.Write(defect, _logger, errorId => LogDefect(_logger, defect, errorId));

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(_log.Lines.Sum(static line => line.Text.Length + 100), 100_000, 1_000_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{_log.Lines.Count} lines");
    }

    [Fact]
    public void A_defect_is_logged_with_its_stack_trace_and_its_repetitions_are_counted()
    {
        var ids = Enumerable.Range(0, 50).Select(_ => _defects.Write(Thrown(1), _logger, errorId => LogDefect(_logger, Thrown(1), errorId))).ToHashSet();
        var line = Assert.Single(_log.Lines);
        Assert.Contains(Assert.Single(ids), line.Text, StringComparison.Ordinal);
        Assert.Contains($"at {typeof(LimitedLogs).FullName}.{nameof(Throw)}", line.Text, StringComparison.Ordinal);

        // The same type at another place, and another type at the same place, are other defects.
        Assert.DoesNotContain(_defects.Write(Thrown(2), _logger, errorId => LogDefect(_logger, Thrown(2), errorId)), ids);
        Assert.DoesNotContain(_defects.Write(Thrown(3), _logger, errorId => LogDefect(_logger, Thrown(3), errorId)), ids);
        Assert.Equal(3, _log.Lines.Count);

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(4, _log.Lines.Count);
        Assert.Contains($"49 more failures have the error id {ids.Single()}", _log.Lines.Last().Text, StringComparison.Ordinal);

        var later = _defects.Write(Thrown(1), _logger, errorId => LogDefect(_logger, Thrown(1), errorId));
        Assert.DoesNotContain(later, ids);
        Assert.Contains(later, _log.Lines.Last().Text, StringComparison.Ordinal);
    }

    private static int Take(LogLimiter limiter, string kind, int count, List<long> reports) =>
        Enumerable.Range(0, count).Count(_ => limiter.TryTake(kind, reports.Add));

    private static InvalidOperationException Another() => new("another");

    private static Exception Thrown(int which)
    {
        try
        {
            if (which == 2)
                throw Another();
            Throw(which);
            throw new InvalidOperationException();
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Throw(int which)
    {
        if (which == 3)
            throw new NotSupportedException("a defect");
        throw Another();
    }

    private static void LogDefect(ILogger logger, Exception exception, string errorId) => logger.Log(LogLevel.Error, 1, errorId, exception, static (id, _) => $"Failed; the error id is {id}");
}
