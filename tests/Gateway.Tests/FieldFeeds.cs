using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans;
using Wharf.Gateway.Drain;
using Wharf.Gateway.Fields;
using Wharf.Gateway.Hosting;
using Wharf.Grains;
using Wharf.Grains.Fields;

namespace Wharf.Gateway.Tests;

/// <summary>The one feed of a gateway behind all streams that list the fields.</summary>
public sealed class FieldFeeds : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly TimeWithTimers _time = new();
    private readonly GatewayDrain _drain = new();
    private readonly FakeDirectory _directory = new();
    private readonly FieldFeed _feed;

    public FieldFeeds()
    {
        var grains = DispatchProxy.Create<IGrainFactory, OneGrain>();
        ((OneGrain)(object)grains).Grain = _directory;
        _feed = new FieldFeed(grains, _drain, Options.Create(new GatewayOptions()), _time, NullLogger<FieldFeed>.Instance);
    }

    public void Dispose() => _drain.Dispose();

    [Fact]
    public async Task All_streams_share_one_waiting_call_and_one_message()
    {
        _directory.Set("a", "1");
        var subscriptions = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => SubscribeAsync()));
        Assert.All(subscriptions, subscription => Assert.Same(subscriptions[0].First.Message, subscription.First.Message));
        var calls = _directory.Calls;

        _directory.Set("b", "1");
        var changes = await Task.WhenAll(subscriptions.Select(NextAsync));
        Assert.Equal("b", Assert.Single(changes[0].Created).FieldName);
        Assert.All(changes, change => Assert.Same(changes[0].Message, change.Message));
        Assert.InRange(_directory.Calls, calls, calls + 2);
        Assert.InRange(_directory.Waiting, 0, 1);
    }

    [Fact]
    public async Task Changes_soon_after_a_message_are_gathered_until_its_time_has_passed()
    {
        using var subscription = await SubscribeAsync();
        _directory.Set("first", "1");
        Assert.Equal("first", Assert.Single((await NextAsync(subscription)).Created).FieldName);

        _directory.Set("second", "1");
        await _time.Delayed.Task.WaitAsync(Limit);
        _directory.Set("third", "1");
        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.True(subscription.IsWaiting);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["second", "third"], (await NextAsync(subscription)).Created.Select(static field => field.FieldName));

        // After a longer pause, a change is sent at once.
        await _directory.UntilWaitingAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        _directory.Set("fourth", "1");
        Assert.Equal("fourth", Assert.Single((await NextAsync(subscription)).Created).FieldName);
    }

    [Fact]
    public async Task A_new_stream_begins_with_what_the_others_have_not_been_sent_yet()
    {
        using var first = await SubscribeAsync();
        _directory.Set("a", "1");
        await NextAsync(first);
        _directory.HoldWaiting = true;
        _directory.Set("b", "1");
        using var second = await SubscribeAsync();
        Assert.Equal(["a", "b"], second.First.Created.Select(static field => field.FieldName).Order(StringComparer.Ordinal));
        Assert.Equal("b", Assert.Single((await NextAsync(first)).Created).FieldName);
        Assert.True(second.IsWaiting);
    }

    [Fact]
    public async Task The_feed_ends_after_its_last_stream()
    {
        var subscription = await SubscribeAsync();
        await _directory.UntilWaitingAsync();
        subscription.Dispose();
        _directory.Set("a", "1");
        await _directory.UntilIdleAsync();
        var calls = _directory.Calls;
        _directory.Set("b", "1");
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal(calls, _directory.Calls);

        using var next = await SubscribeAsync();
        Assert.Equal(["a", "b"], next.First.Created.Select(static field => field.FieldName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Streams_stay_open_while_the_directory_does_not_answer()
    {
        using var subscription = await SubscribeAsync();
        await _directory.UntilWaitingAsync();
        _directory.Fails = true;
        _directory.Set("a", "1");
        await Assert.ThrowsAsync<TimeoutException>(SubscribeAsync);
        _directory.Restart();
        _directory.Fails = false;
        var next = NextAsync(subscription);
        while (!next.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("a", Assert.Single((await next).Created).FieldName);
    }

    private static async Task<FieldListChanges> NextAsync(FieldSubscription subscription)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await subscription.NextAsync(limit.Token);
    }

    private async Task<FieldSubscription> SubscribeAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        return await _feed.SubscribeAsync(limit.Token);
    }

    /// <summary>A clock that reports the first delay.</summary>
    private sealed class TimeWithTimers : FakeTimeProvider
    {
        public TaskCompletionSource Delayed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime > TimeSpan.Zero)
                Delayed.TrySetResult();
            return timer;
        }
    }

    /// <summary>A factory for one grain.</summary>
    public class OneGrain : DispatchProxy
    {
        public object? Grain { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Grain;
    }

    /// <summary>A directory in memory.</summary>
    private sealed class FakeDirectory : IFieldDirectoryGrain
    {
        private readonly Lock _lock = new();
        private readonly List<FieldDescription> _changes = [];
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private string _life = "1";
        private long _waitingVersion;

        public int Calls { get; private set; }

        public int Waiting { get; private set; }

        public bool HoldWaiting { get; set; }

        public bool Fails { get; set; }

        public void Restart() => _life += "1";

        public void Set(string name, string id)
        {
            lock (_lock)
            {
                _changes.Add(new FieldDescription("scope/" + name, "scope", "", name, "", new ObjectReference(id, ObjectKind.PluginObject, "Echo", 1)));
                if (HoldWaiting)
                    return;
                var changed = _changed;
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed.SetResult();
            }
        }

        /// <summary>Waits until the feed waits for the next change.</summary>
        public Task UntilWaitingAsync() => UntilAsync(() => Waiting == 1 && _waitingVersion == _changes.Count);

        /// <summary>Waits until nobody waits.</summary>
        public Task UntilIdleAsync() => UntilAsync(() => Waiting == 0);

        public async Task<FieldUpdates> FollowAsync(FieldPosition position, bool waits, CancellationToken cancellationToken)
        {
            Task? change = null;
            lock (_lock)
            {
                Calls++;
                var isCurrent = position.Directory == _life && position.Version == _changes.Count;
                if (waits && isCurrent)
                {
                    Waiting++;
                    _waitingVersion = position.Version;
                    change = _changed.Task;
                }
            }

            if (change is not null)
            {
                await change.WaitAsync(cancellationToken);
                lock (_lock)
                    Waiting--;
            }

            if (Fails)
                throw new TimeoutException();
            lock (_lock)
            {
                var isStart = position.Directory != _life;
                return new FieldUpdates(
                    new FieldPosition(_life, _changes.Count), isStart, [.. _changes.Skip(isStart ? 0 : (int)position.Version)], [], HasMore: false);
            }
        }

        public Task OfferAsync(string node, ImmutableArray<string> typeNames, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ConfigureAsync(ImmutableArray<FieldConfiguration> fields, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ObjectReference> CreateAsync(FieldConfiguration field, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ObjectReference> CreateAsync(FieldConfiguration field, FieldClaim claim, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ObjectReference> ResolveAsync(string ticket, string holder, TimeSpan? lease, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetAsync(string ticket, ObjectReference reference, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetAsync(string ticket, ObjectReference reference, FieldClaim claim, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task DemandFreeAsync(string ticket, FieldClaim claim, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> RemoveAsync(string ticket, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> RemoveAsync(string ticket, FieldClaim claim, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> HasApplicationAsync(string applicationId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<FieldList> ReadAsync(long version, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ObjectReference?> LookupAsync(string ticket, CancellationToken cancellationToken) => throw new NotSupportedException();

        private async Task UntilAsync(Func<bool> condition)
        {
            while (true)
            {
                lock (_lock)
                {
                    if (condition())
                        return;
                }

                await Task.Delay(1, TestContext.Current.CancellationToken);
            }
        }
    }
}
