using System.Collections.Immutable;
using System.Text;
using Wharf.Grains;
using Wharf.Grains.Streams;
using Wharf.Plugins;

namespace Wharf.Grains.Tests.Objects;

public sealed class Streams
{
    private static readonly byte[] Large = [.. Enumerable.Range(0, 1_000_000).Select(static n => (byte)n)];

    [Fact]
    public async Task A_message_is_answered_in_the_call_that_brought_it()
    {
        await using var node = new Node();
        var stream = await new TestStream(node.Live(new Probe())).ConnectAsync();
        Assert.Equal([""], stream.Received);

        var output = await stream.SendAsync("a", "b", "c");

        Assert.Equal(["", "a", "b", "c"], stream.Received);
        Assert.Equal(3, output.Handled);
        Assert.Null(output.End);
    }

    [Fact]
    public async Task A_repeated_batch_is_not_handled_twice()
    {
        await using var node = new Node();
        var probe = new Probe();
        var live = node.Live(probe);
        var stream = await new TestStream(live).ConnectAsync();
        await stream.SendAsync("a");

        var again = new StreamBatch(
            stream.Id, live.Reference.Epoch, 0, [new StreamPart("a"u8.ToArray(), [], true), new StreamPart("b"u8.ToArray(), [], true)], false, 2);
        await live.FindStream(stream.Id, live.Reference.Epoch).SendAsync(again, default).WaitAsync(Limits.Test);

        Assert.Equal(["a", "b"], probe.Seen);
    }

    [Fact]
    public async Task A_batch_with_a_gap_before_it_is_refused()
    {
        await using var node = new Node();
        var live = node.Live(new Probe());
        var stream = await new TestStream(live).ConnectAsync();
        var gap = new StreamBatch(stream.Id, live.Reference.Epoch, 3, [new StreamPart("a"u8.ToArray(), [], true)], false, 0);

        var refused = await Assert.ThrowsAsync<FaultException>(() => live.FindStream(stream.Id, live.Reference.Epoch).SendAsync(gap, default));

        Assert.Equal(FaultCode.Internal, refused.Fault.Code);
    }

    [Fact]
    public async Task A_long_message_travels_in_parts_both_ways()
    {
        await using var node = new Node();
        var got = new TaskCompletionSource<ReadOnlyMemory<byte>>();
        var probe = new Probe
        {
            OnMessage = (stream, message, _) =>
            {
                got.TrySetResult(message.Payload);
                stream.Send(message.Payload);
                return ValueTask.CompletedTask;
            },
        };
        var stream = await new TestStream(node.Live(probe)).ConnectAsync();
        var parts = Large.Chunk(GrainLimits.PartSize).Select(static bytes => new StreamPart(bytes, [], false)).ToImmutableArray();
        parts = parts.SetItem(parts.Length - 1, parts[^1] with { IsLast = true });

        var output = await stream.Start(halfClose: false, parts).WaitAsync(Limits.Test);
        var back = output.Parts;
        while (!back[^1].IsLast)
            back = back.AddRange((await stream.StartPull().WaitAsync(Limits.Test)).Parts);

        Assert.True((await got.Task).Span.SequenceEqual(Large));
        Assert.All(back, static part => Assert.True(part.Bytes.Length <= GrainLimits.PartSize));
        Assert.Equal(Large, back.SelectMany(static part => part.Bytes.ToArray()));
    }

    [Fact]
    public async Task A_pull_waits_for_what_is_sent_later()
    {
        await using var node = new Node();
        var probe = new Probe();
        var stream = await new TestStream(node.Live(probe)).ConnectAsync();
        var pull = stream.StartPull();
        Assert.False(pull.IsCompleted);

        probe.Streams[0].Send("later"u8.ToArray());

        stream.Take(await pull.WaitAsync(Limits.Test));
        Assert.Equal(["", "later"], stream.Received);
    }

    [Fact]
    public async Task A_pull_that_nothing_comes_for_returns_after_ten_seconds()
    {
        await using var node = new Node();
        var stream = await new TestStream(node.Live(new Probe())).ConnectAsync();
        var pull = stream.StartPull();

        node.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(pull.IsCompleted);
        node.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty((await pull.WaitAsync(Limits.Test)).Parts);
    }

    [Fact]
    public async Task A_batch_takes_over_from_a_pull_and_no_part_comes_twice()
    {
        await using var node = new Node();
        var stream = await new TestStream(node.Live(new Probe())).ConnectAsync();
        var pull = stream.StartPull();

        await stream.SendAsync("a");

        Assert.Empty((await pull.WaitAsync(Limits.Test)).Parts);
        Assert.Equal(["", "a"], stream.Received);
    }

    [Fact]
    public async Task Output_of_a_batch_that_is_not_done_comes_after_two_milliseconds()
    {
        await using var node = new Node();
        var go = new TaskCompletionSource();
        var sent = new TaskCompletionSource();
        var probe = new Probe
        {
            OnMessage = async (stream, _, _) =>
            {
                stream.Send("early"u8.ToArray());
                sent.SetResult();
                await go.Task;
            },
        };
        var stream = await new TestStream(node.Live(probe)).ConnectAsync();

        var call = stream.Start(false, "x");
        await sent.Task.WaitAsync(Limits.Test);
        Assert.False(call.IsCompleted);
        node.Time.Advance(TimeSpan.FromMilliseconds(2));

        var output = stream.Take(await call.WaitAsync(Limits.Test));
        Assert.Equal(["", "early"], stream.Received);
        Assert.Equal(0, output.Handled);
        go.SetResult();
        Assert.Equal(1, (await stream.PullAsync()).Handled);
    }

    [Fact]
    public async Task A_serial_object_handles_one_message_at_a_time_over_all_its_streams()
    {
        await using var node = new Node();
        var probe = new Probe();
        var live = node.Live(probe);
        var streams = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => new TestStream(live, "s" + n).ConnectAsync()));
        probe.OnMessage = static async (_, _, _) => await Task.Yield();

        await Task.WhenAll(streams.Select(static stream => stream.SendAsync([.. Enumerable.Range(0, 50).Select(static n => n.ToString())])));

        Assert.Equal(400, probe.Seen.Count);
        Assert.Equal(1, probe.MostAtOnce);
    }

    [Fact]
    public async Task The_streams_of_a_concurrent_object_run_side_by_side_and_each_in_order()
    {
        await using var node = new Node();
        using var together = new Barrier(2);
        var probe = new ConcurrentProbe
        {
            OnMessage = (_, _, _) =>
            {
                // Only two handlers at once get past this.
                Assert.True(together.SignalAndWait(Limits.Test, CancellationToken.None));
                return ValueTask.CompletedTask;
            },
        };
        var live = node.Live(probe);
        var one = await new TestStream(live, "one", "ConcurrentProbe").ConnectAsync();
        var two = await new TestStream(live, "two", "ConcurrentProbe").ConnectAsync();

        await Task.WhenAll(one.SendAsync("1", "2", "3"), two.SendAsync("a", "b", "c"));

        Assert.Equal(2, probe.MostAtOnce);
        Assert.Equal(["1", "2", "3"], probe.Seen.Where(static text => char.IsDigit(text[0])));
        Assert.Equal(["a", "b", "c"], probe.Seen.Where(static text => char.IsLetter(text[0])));
    }

    [Fact]
    public async Task The_caller_is_known_to_the_plugin()
    {
        await using var node = new Node();
        var probe = new Probe();
        Caller? caller = null;
        probe.OnMessage = (_, message, _) =>
        {
            caller = message.Caller;
            return ValueTask.CompletedTask;
        };
        var stream = await new TestStream(node.Live(probe)).ConnectAsync();
        await stream.SendAsync("x");

        Assert.Equal(new Caller("alice", "session-1", "Basic"), caller);
        Assert.Equal(caller, probe.Streams[0].Caller);
    }

    [Fact]
    public async Task A_fetch_only_object_sends_one_message_and_closes()
    {
        await using var node = new Node();
        var stream = await new TestStream(node.Live(new Snapshot("now")), type: "Snapshot").ConnectAsync();

        while (stream.End is null)
            await stream.PullAsync();

        Assert.Equal(["now for alice"], stream.Received);
        Assert.Equal(new StreamEnd(StreamEndReason.PluginClosed, null), stream.End);
    }

    [Fact]
    public async Task An_alias_connects_and_another_name_does_not()
    {
        await using var node = new Node();
        var live = node.Live(new Probe());
        await new TestStream(live, "s1", "tests.Probe").ConnectAsync();

        var other = await Assert.ThrowsAsync<FaultException>(() => new TestStream(live, "s2", "probe").ConnectAsync());
        var untyped = await Assert.ThrowsAsync<FaultException>(() => new TestStream(node.Live(new object()), "s3", "Probe").ConnectAsync());

        Assert.Equal(FaultCode.FailedPrecondition, other.Fault.Code);
        Assert.Equal(FaultCode.NotFound, untyped.Fault.Code);
    }

    [Fact]
    public async Task A_message_for_another_epoch_is_refused()
    {
        await using var node = new Node();
        var live = node.Live(new Probe());
        var connect = new StreamConnect("s1", "Probe", live.Reference.Epoch - 1, new CallerIdentity("a", "b", "c"));

        var refused = Assert.Throws<FaultException>(() => { _ = live.ConnectAsync(connect, default); });

        Assert.Equal(FaultCode.Unavailable, refused.Fault.Code);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Sending_on_an_ended_stream_throws()
    {
        await using var node = new Node();
        var probe = new Probe();
        await new TestStream(node.Live(probe)).ConnectAsync();
        probe.Streams[0].Close();

        Assert.Throws<StreamClosedException>(() => probe.Streams[0].Send("x"u8.ToArray()));
        probe.Streams[0].Close();
    }

    [Fact]
    public async Task A_message_beyond_the_cap_is_refused_and_the_stream_goes_on()
    {
        await using var node = new Node(static limits => limits.MaxMessageBytes = 200_000);
        var probe = new Probe();
        var stream = await new TestStream(node.Live(probe)).ConnectAsync();

        var refused = Assert.Throws<ArgumentException>(() => probe.Streams[0].Send(new byte[200_001]));
        Assert.Contains("200001 bytes", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"at most {200_000 - 65_536}, which is Wharf:Streams:MaxMessageBytes without its envelope", refused.Message, StringComparison.Ordinal);
        probe.Streams[0].Send(new byte[200_000 - 65_536]);

        await stream.SendAsync("still there");
        Assert.Equal("still there", stream.Received[^1]);
        Assert.Equal(3, stream.Received.Count);
    }
}
