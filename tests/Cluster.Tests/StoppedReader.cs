using Grpc.Core;
using Wharf.Client;

namespace Wharf.Cluster.Tests;

/// <summary>
/// A client that does not read any more costs its own stream and nothing else: not the streams of others, on its own connection or another, and neither node memory, while far more is
/// sent to it than a stream's bounds would hold. How quick the others stay is measured in bench/.
/// </summary>
public sealed class StoppedReader
{
    private const long MayGrowBy = 64 * 1024 * 1024;

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task One_that_is_pushed_to_loses_its_stream_and_is_told_why(bool isOnSameNode, bool stopsConnection)
    {
        await using var nodes = await StartAsync(areBounded: true);
        await using var scene = await StoppedReaderScene.OpenAsync(nodes, isOnSameNode, stopsConnection);
        await scene.PushAsync(rounds: 64);
        Tell(scene);

        Assert.Equal("SlowConsumer", await scene.EndingsAsync(wait: true));
        Assert.InRange(scene.Pushed, 2 * MayGrowBy, long.MaxValue);
        Assert.InRange(scene.GrownBy, long.MinValue, MayGrowBy);
        Assert.Equal(StatusCode.ResourceExhausted, await ClusterCalls.FailureAsync(scene.ReadOnAsync));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_is_answered_is_not_listened_to_until_it_reads_and_then_has_every_answer(bool isOnSameNode)
    {
        await using var nodes = await StartAsync(areBounded: true);
        await using var scene = await StoppedReaderScene.OpenAsync(nodes, isOnSameNode);
        await scene.SayAsync(TimeSpan.FromSeconds(3), () => false);
        Tell(scene);

        Assert.InRange(scene.Said, 1, MayGrowBy);
        Assert.InRange(scene.GrownBy, long.MinValue, MayGrowBy);
        Assert.Equal(await scene.ReadAllAsync(), scene.Said);
    }

    // What the other tests see is what the bounds do.
    [Fact]
    public async Task Without_bounds_it_would_cost_memory()
    {
        await using var nodes = await StartAsync(areBounded: false);
        await using (var pushed = await StoppedReaderScene.OpenAsync(nodes, isOnSameNode: false))
        {
            await pushed.PushAsync(rounds: 64);
            Tell(pushed);
            Assert.Equal("", await pushed.EndingsAsync(wait: false));
            Assert.InRange(pushed.GrownBy, MayGrowBy, long.MaxValue);
        }

        await using var answered = await StoppedReaderScene.OpenAsync(nodes, isOnSameNode: false);
        await answered.SayAsync(TimeSpan.FromMinutes(1), () => answered.Said > 3 * MayGrowBy);
        Tell(answered);
        Assert.InRange(answered.GrownBy, MayGrowBy, long.MaxValue);
    }

    private static async Task<Nodes> StartAsync(bool areBounded)
    {
        Nodes.Require();
        var nodes = new Nodes();
        nodes.SettingsOfB["Wharf__Fields__feed__Type"] = "Feed";
        if (!areBounded)
        {
            foreach (var bound in new[] { "Streams__MaxMessages", "Streams__MaxBytes", "Gateway__StreamQueueMessages", "Gateway__StreamQueueBytes", "Gateway__StreamWindowBytes" })
                nodes.Settings[$"Wharf__{bound}"] = $"{1024 * 1024 * 1024}";
        }

        await nodes.InitializeAsync();
        return nodes;
    }

    private static void Tell(StoppedReaderScene scene) => TestContext.Current.TestOutputHelper?.WriteLine(
        $"memory grew by {scene.GrownBy / 1024 / 1024} MiB; {scene.Pushed / 1024 / 1024} MiB were pushed to the stopped reader, {scene.Said / 1024 / 1024} MiB said by it");
}
