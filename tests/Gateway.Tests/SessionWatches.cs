using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Drain;
using Wharf.Gateway.Hosting;
using Wharf.Gateway.Sessions;
using Wharf.Grains;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Tests;

/// <summary>One wait for a session's end serves all of its streams.</summary>
public sealed class SessionWatches : IDisposable
{
    private readonly GatewayDrain _drain = new();
    private readonly SessionWatch _watch;
    private readonly Waits _waits;
    private readonly CallSession _session;

    public SessionWatches()
    {
        _watch = new SessionWatch(_drain, Options.Create(new GatewayOptions()), new FakeTimeProvider(), NullLogger<SessionWatch>.Instance);
        var grain = DispatchProxy.Create<ISessionGrain, Waits>();
        _waits = (Waits)(object)grain;
        _session = new CallSession(new RecentSession(grain, new CallerIdentity("ann", "session-1", "psk"), tokens: null!));
    }

    public void Dispose()
    {
        _watch.Dispose();
        _drain.Dispose();
    }

    [Fact]
    public async Task Streams_one_after_another_share_a_wait_as_streams_side_by_side_do()
    {
        _watch.Open(_session, default).Dispose();
        var first = await _waits.NextAsync();
        using (_watch.Open(_session, default))
        using (_watch.Open(_session, default))
        {
        }
        Assert.Equal(1, _waits.Count);
        Assert.False(first.Cancelled.IsCancellationRequested);
    }

    [Fact]
    public async Task A_wait_that_is_over_is_renewed_for_an_open_stream_and_for_no_other()
    {
        var stream = _watch.Open(_session, default);
        (await _waits.NextAsync()).End.SetResult(null);
        var second = await _waits.NextAsync();
        stream.Dispose();
        second.End.SetResult(null);
        await Fires(second.Cancelled);
        Assert.Equal(2, _waits.Count);

        using var later = _watch.Open(_session, default);
        await _waits.NextAsync();
    }

    [Fact]
    public async Task An_end_reaches_the_stream_that_joined_an_old_wait()
    {
        _watch.Open(_session, default).Dispose();
        var wait = await _waits.NextAsync();
        using var stream = _watch.Open(_session, default);
        Assert.False(stream.Stopped.IsCancellationRequested);
        wait.End.SetResult(SessionEndReason.Closed);
        await Fires(stream.Stopped);
        Assert.Equal(StreamEndReason.SessionEnded, stream.EndReason);
    }

    [Fact]
    public async Task An_end_that_no_stream_sees_is_not_kept_for_the_next()
    {
        _watch.Open(_session, default).Dispose();
        var wait = await _waits.NextAsync();
        wait.End.SetResult(SessionEndReason.Closed);
        await Fires(wait.Cancelled);
        using var stream = _watch.Open(_session, default);
        Assert.False(stream.Stopped.IsCancellationRequested);
        await _waits.NextAsync();
    }

    [Fact]
    public async Task A_wait_that_failed_is_not_made_again_for_nobody()
    {
        _watch.Open(_session, default).Dispose();
        var wait = await _waits.NextAsync();
        wait.End.SetException(new TimeoutException());
        await Fires(wait.Cancelled);
        Assert.Equal(1, _waits.Count);
        using var stream = _watch.Open(_session, default);
        await _waits.NextAsync();
    }

    [Fact]
    public async Task A_drain_gives_up_the_waits_that_no_stream_needs()
    {
        _watch.Open(_session, default).Dispose();
        var wait = await _waits.NextAsync();
        Assert.False(wait.Cancelled.IsCancellationRequested);
        await _drain.BeginAsync(new HashSet<string>());
        Assert.True(wait.Cancelled.IsCancellationRequested);
    }

    private static async Task Fires(CancellationToken fires)
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (fires.Register(fired.SetResult))
            await fired.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    /// <summary>A session of which only the end is waited for.</summary>
    public class Waits : DispatchProxy
    {
        private readonly System.Threading.Channels.Channel<Wait> _waits = System.Threading.Channels.Channel.CreateUnbounded<Wait>();
        private int _count;

        /// <summary>How often the end was waited for.</summary>
        public int Count => Volatile.Read(ref _count);

        /// <summary>The next wait.</summary>
        public async Task<Wait> NextAsync() => await _waits.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod?.Name != nameof(ISessionGrain.AwaitEndAsync))
                throw new NotSupportedException(targetMethod?.Name);
            Interlocked.Increment(ref _count);
            var wait = new Wait(new TaskCompletionSource<SessionEndReason?>(TaskCreationOptions.RunContinuationsAsynchronously), (CancellationToken)args![0]!);
            _waits.Writer.TryWrite(wait);
            return wait.End.Task;
        }
    }

    public sealed record Wait(TaskCompletionSource<SessionEndReason?> End, CancellationToken Cancelled);
}
