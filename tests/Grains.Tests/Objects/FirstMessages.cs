using Microsoft.Extensions.Logging;
using Wharf.Grains.Streams;
using Wharf.Plugins;

namespace Wharf.Grains.Tests.Objects;

/// <summary>Clients wait for a first message, so an object type that sends none causes a warning.</summary>
public sealed class FirstMessages
{
    [Fact]
    public async Task A_stream_without_a_first_message_causes_a_warning_with_its_type_and_id()
    {
        await using var node = new Node();
        var live = node.Live(new Probe { OnConnect = static (_, _) => ValueTask.CompletedTask });

        var stream = await new TestStream(live, "silent-1").ConnectAsync();

        Assert.True(stream.Last!.IsConnected);
        // The warning is logged after the answer and before the next turn.
        await live.Context.PostAsync(static _ => ValueTask.CompletedTask).WaitAsync(Limits.Test);
        var warning = Assert.Single(node.Log.At(LogLevel.Warning));
        Assert.Contains("type Probe sent no message", warning, StringComparison.Ordinal);
        Assert.Contains("stream silent-1", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_is_null_is_an_invalid_argument_with_an_entry_in_the_log()
    {
        await using var node = new Node();

        var stream = await new TestStream(node.Live(new Snapshot(Snapshot.Nothing)), type: "Snapshot").ConnectAsync();

        Assert.Equal(Grains.FaultCode.InvalidArgument, stream.End!.Fault!.Code);
        Assert.StartsWith("the type Snapshot returned no message (error id ", stream.End.Fault.Message, StringComparison.Ordinal);
        Assert.Contains(stream.End.Fault.ErrorId!, Assert.Single(node.Log.At(LogLevel.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_has_a_first_message_or_failed_causes_no_warning()
    {
        await using var node = new Node();
        var live = node.Live(new Probe());
        await new TestStream(live, "polite").ConnectAsync();
        var failing = node.Live(new Probe { OnConnect = static (_, _) => throw new PluginException("not you") });
        await new TestStream(failing, "refused").ConnectAsync();
        var closing = node.Live(new Probe
        {
            OnConnect = static (stream, _) =>
            {
                stream.Close();
                return ValueTask.CompletedTask;
            },
        });
        Assert.Equal(StreamEndReason.PluginClosed, (await new TestStream(closing, "closed").ConnectAsync()).End!.Reason);
        await closing.Context.PostAsync(static _ => ValueTask.CompletedTask).WaitAsync(Limits.Test);

        Assert.Empty(node.Log.At(LogLevel.Warning));
    }
}
