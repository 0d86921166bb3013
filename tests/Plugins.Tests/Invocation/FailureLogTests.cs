using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Wharf.Plugins.Hosting;

namespace Wharf.Plugins.Tests.Invocation;

public sealed class FailureLogTests
{
    private readonly RecordingLogger _log = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FailureLog _failures;

    public FailureLogTests() => _failures = new FailureLog(_time);

    [Fact]
    public void The_first_failures_of_a_kind_have_an_entry_each()
    {
        var ids = Enumerable.Range(0, FailureLog.First).Select(_ => Fail().ErrorId!).ToList();

        Assert.Equal(FailureLog.First, ids.Distinct().Count());
        Assert.Equal(ids, Logged());
    }

    [Fact]
    public void Further_failures_go_under_an_id_that_the_log_has()
    {
        for (int count = 0; count < 10_000; count++)
            Assert.Contains(Fail().ErrorId!, Logged()[^1], StringComparison.Ordinal);

        Assert.Equal(FailureLog.First, _log.Entries.Count);
    }

    [Fact]
    public void A_minute_later_one_more_is_written_with_the_number_of_the_others()
    {
        for (int count = 0; count < FailureLog.First + 5; count++)
            Fail();
        _time.Advance(TimeSpan.FromMinutes(1));
        Fail();

        Assert.Equal(FailureLog.First + 1, _log.Entries.Count);
        Assert.Contains("5 earlier failures of this kind", _log.Entries[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_kind_does_not_silence_another()
    {
        for (int count = 0; count < 1000; count++)
            Fail();
        int before = _log.Entries.Count;

        Fail("Other");
        Fail("Noisy", new FormatException("another kind"));

        Assert.Equal(before + 2, _log.Entries.Count);
    }

    [Fact]
    public void An_hour_of_failures_of_every_kind_stays_under_a_megabyte()
    {
        long characters = 0;
        for (int second = 0; second < 3600; second++)
        {
            for (int type = 0; type < 50; type++)
                Fail("Type" + type, new InvalidOperationException(new string('x', 5000)));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        foreach (var (text, exception) in _log.Entries)
            characters += text.Length + exception!.ToString().Length;
        Assert.InRange(characters, 500_000, 1_000_000);
    }

    [Fact]
    public void A_failure_without_an_entry_of_its_kind_has_no_id()
    {
        for (int type = 0; type < 100; type++)
            Fail("Type" + type, new InvalidOperationException(new string('x', 5000)));

        var fault = Fail("Late");

        Assert.Null(fault.ErrorId);
        Assert.Equal("the moon is full", fault.Message);
    }

    private PluginFault Fail(string type = "Noisy", Exception? exception = null) =>
        PluginGuard.ToFault(exception ?? new InvalidOperationException("the moon is full"), _log, _failures, type, CancellationToken.None);

    private List<string> Logged() => [.. _log.Entries.Select(static entry => entry.Text.Split(' ')[^1])];
}
