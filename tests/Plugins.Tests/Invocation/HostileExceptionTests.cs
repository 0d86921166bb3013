using System.Reflection;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Wharf.Plugins.Hosting;

namespace Wharf.Plugins.Tests.Invocation;

/// <summary>Tests that the error path tolerates exceptions whose members fail.</summary>
public sealed class HostileExceptionTests : IAsyncDisposable
{
    private const int ExceptionTextLimit = 64 * 1024;

    private readonly PluginPool _pool = TestPool.Create();
    private readonly StrictLogger _log = new();

    public static TheoryData<string> Names => HostileExceptions.Names;

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_queue_goes_on_after_an_exception_whose_members_fail(string name)
    {
        TurnQueue queue = new(_pool, new TurnLimits(), new FakeTimeProvider(), _log);
        TestTurn sync = new(_ => throw HostileExceptions.All[name]());
        TestTurn async = new(async _ =>
        {
            await Task.Yield();
            throw HostileExceptions.All[name]();
        });
        TestTurn next = new();
        queue.Enqueue(sync);
        queue.Enqueue(async);
        queue.Enqueue(next);

        foreach (TestTurn failed in (TestTurn[])[sync, async])
        {
            PluginFault fault = (await failed.Outcome.InTimeAsync())!;
            Assert.InRange(fault.Code, 2, 16);
            Assert.False(string.IsNullOrWhiteSpace(fault.Message));
            Assert.InRange(Encoding.UTF8.GetByteCount(fault.Message), 1, PluginGuard.MaxMessageBytes + 64);
            Assert.Equal(fault.Message, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(fault.Message)));
            if (fault.ErrorId is { } id)
                Assert.Contains(_log.Entries, entry => entry.Contains(id, StringComparison.Ordinal));
        }

        Assert.Null(await next.Outcome.InTimeAsync());
    }

    [Theory]
    [InlineData("message null")]
    [InlineData("message throws")]
    [InlineData("everything throws")]
    [InlineData("inside a wait")]
    [InlineData("inside reflection")]
    [InlineData("inside a static constructor")]
    public void An_exception_without_a_readable_message_is_an_invalid_argument_with_the_name_of_its_type(string name)
    {
        PluginFault fault = PluginGuard.ToFault(HostileExceptions.All[name](), _log);

        Assert.Equal(PluginFault.InvalidArgument, fault.Code);
        Assert.Equal($"{typeof(HostileExceptions.Hostile).FullName} (error id {fault.ErrorId})", fault.Message);
    }

    [Fact]
    public void A_deliberate_failure_without_a_readable_message_keeps_its_status()
    {
        PluginFault fault = PluginGuard.ToFault(HostileExceptions.All["deliberate, message throws"](), _log);

        Assert.Equal((int)PluginStatus.NotFound, fault.Code);
        Assert.Contains("HostilePluginException", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_allocation_of_a_plugin_is_exhaustion()
    {
        Assert.Equal((int)PluginStatus.ResourceExhausted, PluginGuard.ToFault(new OutOfMemoryException(), _log).Code);
        Assert.Equal((int)PluginStatus.NotFound, PluginGuard.ToFault(new PluginException(PluginStatus.NotFound, "gone", new OutOfMemoryException()), _log).Code);
        Assert.Equal(PluginFault.InvalidArgument, PluginGuard.ToFault(new InvalidOperationException("another failure"), _log).Code);
    }

    [Fact]
    public void A_status_that_is_no_failure_is_an_invalid_argument()
    {
        Assert.Equal(PluginFault.InvalidArgument, PluginGuard.ToFault(HostileExceptions.All["deliberate, no status"](), _log).Code);
        Assert.Equal(PluginFault.InvalidArgument, PluginGuard.ToFault(HostileExceptions.All["deliberate, unknown status"](), _log).Code);
    }

    [Fact]
    public void A_static_constructor_that_throws_reaches_the_caller_as_the_innermost_exception()
    {
        Exception thrown = Assert.Throws<TypeInitializationException>(static () => Broken.Value.ToString());

        Assert.StartsWith("the licence file is missing (error id ", PluginGuard.ToFault(thrown, _log).Message, StringComparison.Ordinal);
        Assert.Equal("the licence file is missing", PluginGuard.TextOf(new TargetInvocationException(new AggregateException(thrown))));
    }

    [Fact]
    public void A_lone_surrogate_is_replaced()
    {
        Assert.StartsWith("a\uFFFDb (error id ", PluginGuard.ToFault(HostileExceptions.All["half a surrogate pair"](), _log).Message, StringComparison.Ordinal);
        Assert.Equal("😀", PluginGuard.TextOf(new InvalidOperationException("😀")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_logger_of_plugins_writes_every_exception(string name)
    {
        new PluginLogger(_log).LogError(HostileExceptions.All[name](), "it failed");

        Assert.StartsWith("it failed ", Assert.Single(_log.Entries), StringComparison.Ordinal);
    }

    [Fact]
    public void A_logger_of_plugins_keeps_a_readable_exception()
    {
        InvalidOperationException thrown = new("the moon is full");
        new PluginLogger(_log).LogError(thrown, "it failed");

        Assert.Same(thrown, _log.Last);
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void A_log_reads_the_recursive_text_of_few_exceptions_only(int count, bool isRead)
    {
        int texts = 0;
        Exception chain = HostileExceptions.Nested(count - 1, static inner => new InvalidOperationException("outside", inner), new HostileExceptions.Hostile { TextOf = Text });

        new PluginLogger(_log).LogError(chain, "it failed");

        Assert.Equal(isRead, ReferenceEquals(chain, _log.Last));
        Assert.Equal(isRead, texts > 0);
        Assert.Contains("System.InvalidOperationException: outside", _log.Last!.ToString(), StringComparison.Ordinal);

        string Text()
        {
            texts++;
            return "the text";
        }
    }

    [Fact]
    public void A_log_entry_has_a_bounded_text_with_the_message_and_the_stack()
    {
        new PluginLogger(_log).LogError(Thrown(new string('x', 1_000_000)), "it failed");

        string text = _log.Last!.ToString();
        Assert.InRange(text.Length, 32_000, ExceptionTextLimit);
        Assert.StartsWith("System.InvalidOperationException: xxx", text, StringComparison.Ordinal);
        Assert.Contains(nameof(Thrown), text, StringComparison.Ordinal);

        Exception readable = Thrown(new string('x', 10_000));
        new PluginLogger(_log).LogError(readable, "it failed");
        Assert.Same(readable, _log.Last);
    }

    [Fact]
    public void Several_failures_with_one_status_and_message_are_that_failure()
    {
        static AggregateException Wait(PluginStatus status, string message) => new(new PluginException(status, message));

        PluginFault fault = PluginGuard.ToFault(new AggregateException(Wait(PluginStatus.FailedPrecondition, "a circle"), Wait(PluginStatus.FailedPrecondition, "a circle")), _log);
        Assert.Equal(new PluginFault((int)PluginStatus.FailedPrecondition, "a circle"), fault);

        Assert.Equal(
            PluginFault.InvalidArgument,
            PluginGuard.ToFault(new AggregateException(Wait(PluginStatus.FailedPrecondition, "a circle"), Wait(PluginStatus.NotFound, "a circle")), _log).Code);
        Assert.Equal(
            PluginFault.InvalidArgument,
            PluginGuard.ToFault(new AggregateException(Wait(PluginStatus.NotFound, "first"), Wait(PluginStatus.NotFound, "second")), _log).Code);
    }

    [Fact]
    public void The_message_of_wrappers_of_any_depth_is_that_of_the_innermost_exception() =>
        Assert.Equal("the innermost", PluginGuard.TextOf(HostileExceptions.All["a long chain of wrappers"]()));

    [Fact]
    public void The_message_of_many_exceptions_has_those_of_the_first_ones()
    {
        string text = PluginGuard.TextOf(HostileExceptions.All["a wide tree"]());

        Assert.StartsWith("number 0; number 1; ", text, StringComparison.Ordinal);
        Assert.EndsWith("number 31", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_logger_without_the_guard_fails_for_such_an_exception() =>
        Assert.ThrowsAny<Exception>(() => ((ILogger)_log).LogError(HostileExceptions.All["everything throws"](), "it failed"));

    [Fact]
    public async Task A_queue_goes_on_when_its_log_cannot_be_written()
    {
        TurnQueue queue = new(_pool, new TurnLimits(), new FakeTimeProvider(), new FailingLogger());
        TestTurn failing = new(_ => throw new InvalidOperationException("the moon is full"));
        TestTurn unreported = new() { OnCompleted = static () => throw new InvalidOperationException("nobody takes it") };
        TestTurn next = new();
        queue.Enqueue(failing);
        queue.Enqueue(unreported);
        queue.Enqueue(next);

        Assert.StartsWith("the moon is full", (await failing.Outcome.InTimeAsync())!.Message, StringComparison.Ordinal);
        Assert.Null(await next.Outcome.InTimeAsync());
    }

    private static InvalidOperationException Thrown(string message)
    {
        try
        {
            throw new InvalidOperationException(message);
        }
        catch (InvalidOperationException thrown)
        {
            return thrown;
        }
    }

    private static class Broken
    {
        public static readonly object Value = Read();

        private static object Read() => throw new FileNotFoundException("the licence file is missing");
    }

    /// <summary>Writes the text of the exception and its structured fields, as log providers do.</summary>
    private sealed class StrictLogger : ILogger
    {
        public List<string> Entries { get; } = [];

        public Exception? Last { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string entry = $"{formatter(state, exception)} {exception!.ToString().Length} {exception.Message.Length} {exception.StackTrace?.Length} {exception.Data.Count} {exception.Source}";
            lock (Entries)
                Entries.Add(entry);
            Last = exception;
        }
    }

    private sealed class FailingLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new IOException("the disk is full");
    }
}
