using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Streams;
using Wharf.Plugins;

namespace Wharf.Grains.Tests.Objects;

public sealed class Endings
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_half_close_ends_the_stream_after_everything_before_it()
    {
        await using var node = new Node();
        var probe = new Probe();
        var stream = await new TestStream(node.Live(probe)).ConnectAsync();

        stream.Take(await stream.Start(halfClose: true, "a", "b").WaitAsync(Limits.Test));
        while (stream.End is null)
            await stream.PullAsync();

        Assert.Equal(["", "a", "b"], stream.Received);
        Assert.Equal(new StreamEnd(StreamEndReason.ClientClosed, null), stream.End);
        await AssertClosedOnce(probe, CloseReason.ClientClosed);
    }

    [Theory]
    [InlineData(StreamEndReason.ClientCancelled, CloseReason.ClientCancelled)]
    [InlineData(StreamEndReason.SessionEnded, CloseReason.SessionEnded)]
    [InlineData(StreamEndReason.Shutdown, CloseReason.Shutdown)]
    public async Task The_gateway_ends_a_stream_with_its_reason_and_only_once(StreamEndReason reason, CloseReason told)
    {
        await using var node = new Node();
        var probe = new Probe();
        var live = node.Live(probe);
        var stream = await new TestStream(live).ConnectAsync();

        live.Disconnect(stream.Id, reason);
        live.Disconnect(stream.Id, StreamEndReason.Failed);

        await AssertClosedOnce(probe, told);
    }

    [Fact]
    public async Task A_plugin_that_closes_ends_the_stream_with_OK_after_what_it_sent()
    {
        await using var node = new Node();
        var probe = new Probe();
        var stream = await new TestStream(node.Live(probe)).ConnectAsync();

        probe.Streams[0].Send("last"u8.ToArray());
        probe.Streams[0].Close();
        await stream.PullAsync();

        Assert.Equal(["", "last"], stream.Received);
        Assert.Equal(new StreamEnd(StreamEndReason.PluginClosed, null), stream.End);
        await AssertClosedOnce(probe, CloseReason.PluginClosed);
    }

    [Fact]
    public async Task A_handler_that_throws_ends_the_stream_with_INVALID_ARGUMENT_and_its_message()
    {
        await using var node = new Node();
        var probe = new Probe { OnMessage = static (_, _, _) => throw new InvalidOperationException("no tea today") };
        var stream = await new TestStream(node.Live(probe)).ConnectAsync();

        await stream.SendAsync("x");

        Assert.Equal(StreamEndReason.Failed, stream.End!.Reason);
        Assert.Equal(FaultCode.InvalidArgument, stream.End.Fault!.Code);
        Assert.StartsWith("no tea today", stream.End.Fault.Message, StringComparison.Ordinal);
        await AssertClosedOnce(probe, CloseReason.Failed);
    }

    [Fact]
    public async Task A_connect_that_throws_ends_the_stream_and_the_plugin_hears_no_more_of_it()
    {
        await using var node = new Node();
        var probe = new Probe { OnConnect = static (_, _) => throw new PluginException(PluginStatus.PermissionDenied, "not you") };
        var live = node.Live(probe);
        var stream = await new TestStream(live).ConnectAsync();
        await new TestStream(live, "s2").ConnectAsync();

        Assert.Equal(new Fault(FaultCode.PermissionDenied, "not you"), stream.End!.Fault! with { ErrorId = null });
        Assert.Empty(probe.Closed);
    }

    [Fact]
    public async Task Messages_behind_a_failed_one_are_not_handled()
    {
        await using var node = new Node();
        var probe = new Probe { OnMessage = static (_, _, _) => throw new InvalidOperationException("first") };
        var stream = await new TestStream(node.Live(probe)).ConnectAsync();

        await stream.SendAsync("a", "b", "c");

        await AssertClosedOnce(probe, CloseReason.Failed);
        Assert.Equal(["a"], probe.Seen);
    }

    [Fact]
    public async Task A_client_that_does_not_read_loses_its_stream_and_nothing_else()
    {
        await using var node = new Node(static limits => limits.MaxMessages = 10);
        var probe = new Probe();
        var live = node.Live(probe);
        var slow = await new TestStream(live, "slow").ConnectAsync();
        var quick = await new TestStream(live, "quick").ConnectAsync();

        Assert.Throws<StreamClosedException>(() =>
        {
            for (var n = 0; n < 20; n++)
                probe.Streams[0].Send("push"u8.ToArray());
        });

        var end = await slow.StartPull(window: 0).WaitAsync(Limits.Test);
        Assert.Equal(StreamEndReason.SlowConsumer, end.End!.Reason);
        Assert.Equal(FaultCode.ResourceExhausted, end.End.Fault!.Code);
        await AssertClosedOnce(probe, CloseReason.SlowConsumer);
        await quick.SendAsync("fine");
        Assert.Equal(["", "fine"], quick.Received);
    }

    [Fact]
    public async Task A_reply_waits_by_not_taking_the_next_batch()
    {
        await using var node = new Node(static limits => limits.MaxMessages = 2);
        var probe = new Probe();
        probe.OnMessage = static (stream, message, _) =>
        {
            stream.Send(message.Payload);
            stream.Send(message.Payload);
            return ValueTask.CompletedTask;
        };
        var stream = await new TestStream(node.Live(probe)).ConnectAsync();

        // The connect's answer is not acknowledged yet; the log fills with the first message's replies.
        var output = await stream.Start(false, "a", "b").WaitAsync(Limits.Test).ContinueWith(static call => call.Result, TaskScheduler.Default);
        Assert.Null(output.End);
        while (output.Handled < 2)
        {
            stream.Take(output);
            output = await stream.StartPull().WaitAsync(Limits.Test);
        }

        stream.Take(output);
        Assert.Equal(["", "a", "a", "b", "b"], stream.Received);
    }

    [Fact]
    public async Task One_message_up_to_the_cap_always_fits()
    {
        await using var node = new Node(static limits => limits.MaxBytes = 1024);
        var probe = new Probe();
        var stream = await new TestStream(node.Live(probe)).ConnectAsync();
        await stream.SendAsync("read what was there");

        await stream.StartPullAcknowledging(probe, new byte[50_000]);

        Assert.Null(stream.End);
    }

    [Fact]
    public async Task A_gateway_that_falls_silent_is_given_up_on()
    {
        await using var node = new Node();
        var probe = new Probe();
        await new TestStream(node.Live(probe)).ConnectAsync();

        node.Time.Advance(TimeSpan.FromSeconds(30));
        node.Sweeper.Sweep();
        Assert.Empty(probe.Closed);
        node.Time.Advance(TimeSpan.FromSeconds(1));
        node.Sweeper.Sweep();

        await AssertClosedOnce(probe, CloseReason.NodeLost);
    }

    [Fact]
    public async Task A_node_that_stops_tells_every_plugin_and_disposes_its_objects()
    {
        await using var node = new Node();
        var probe = new Probe();
        var stream = await new TestStream(node.Live(probe)).ConnectAsync();

        await node.Drain.DrainAsync(Limits.Test, default);

        await AssertClosedOnce(probe, CloseReason.Shutdown);
        Assert.Equal(1, probe.Disposals);
        Assert.Null(stream.End);
    }

    [Fact]
    public async Task A_handler_over_its_time_ends_with_DEADLINE_EXCEEDED_and_the_plugin_is_told_when_it_has_returned()
    {
        await using var node = new Node(plugins: static options => options.TimeLimits["Probe"] = Limit);
        var stuck = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        var probe = new Probe
        {
            OnMessage = async (_, _, _) =>
            {
                entered.SetResult();
                await stuck.Task;
            },
        };
        var stream = await new TestStream(node.Live(probe)).ConnectAsync();
        var call = stream.Start(false, "x");
        await entered.Task.WaitAsync(Limits.Test);

        node.Time.Advance(Limit);
        stream.Take(await call.WaitAsync(Limits.Test));

        Assert.Equal(FaultCode.DeadlineExceeded, stream.End!.Fault!.Code);
        Assert.Empty(probe.Closed);
        stuck.SetResult();
        await AssertClosedOnce(probe, CloseReason.Failed);
    }

    internal static async Task AssertClosedOnce(Probe probe, CloseReason reason)
    {
        Assert.Equal(reason, await probe.Closings.Reader.ReadAsync().AsTask().WaitAsync(Limits.Test));
        Assert.Equal([reason], probe.Closed);
    }
}

internal static class ReadingExtensions
{
    /// <summary>Reads on while a plugin pushes a message that is larger than the log.</summary>
    public static async Task StartPullAcknowledging(this TestStream stream, Probe probe, byte[] message)
    {
        var pull = stream.StartPull();
        probe.Streams[0].Send(message);
        stream.Take(await pull.WaitAsync(Limits.Test));
    }
}
