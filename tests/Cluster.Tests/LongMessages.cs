using Grpc.Core;
using Wharf.Client;
using Wharf.Processes;

namespace Wharf.Cluster.Tests;

/// <summary>A message as long as the protocol allows goes from one node to the other and back, though what Orleans would send at once is less.</summary>
public sealed class LongMessages : IClassFixture<HeavyNodes>
{
    /// <summary>The longest message, envelope included.</summary>
    private const int Cap = 104_857_600;

    // Two fields in one another: each a tag, and a length of four bytes.
    private const int Envelope = 2 * (1 + 4);

    // What a plugin may leave for the envelope that its message gets.
    private const int PluginEnvelope = 64 * 1024;

    private readonly HeavyNodes _nodes;

    public LongMessages(HeavyNodes nodes)
    {
        Nodes.Require();
        _nodes = nodes;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_longest_message_is_echoed_and_one_that_is_longer_costs_its_own_stream_only(bool isOnSameNode)
    {
        await using var session = await Door(isOnSameNode).LoginAsync(Token);
        await using var witness = await session.OpenAsync(HeavyNodes.Echo, Token);
        var payload = new byte[Cap - PluginEnvelope];
        new Random(1).NextBytes(payload);
        await using (var echo = await session.OpenAsync(HeavyNodes.Echo, Token))
        {
            await echo.SendAsync(payload, cancellationToken: Token);
            Assert.True((await echo.ReadAsync(Token))!.Payload.Span.SequenceEqual(payload));
            await echo.SayAsync("and on", Token);
            Assert.Equal("and on", await echo.HearAsync(Token));
        }

        // To the byte: the plugin has this one, and it is its own reply that is too long.
        await using (var full = await session.OpenAsync(HeavyNodes.Echo, Token))
        {
            await full.SendAsync(new byte[Cap - Envelope], cancellationToken: Token);
            Assert.Equal(StatusCode.InvalidArgument, await ClusterCalls.FailureAsync(() => full.ReadAsync(Token)));
        }

        await using (var over = await session.OpenAsync(HeavyNodes.Echo, Token))
        {
            // Sending may find out first that the stream has ended; why, the reader is told.
            await Record.ExceptionAsync(() => over.SendAsync(new byte[Cap - Envelope + 1], cancellationToken: Token));
            Assert.Equal(StatusCode.ResourceExhausted, await ClusterCalls.FailureAsync(() => over.ReadAsync(Token)));
        }

        await witness.SayAsync("still here", Token);
        Assert.Equal("still here", await witness.HearAsync(Token));
    }

    // The echo that ships lives on either node: for one of the two it is on the other.
    [Fact]
    public async Task Both_nodes_have_the_longest_message_echoed_by_an_object_that_is_wherever_it_is()
    {
        var payload = new byte[Cap - PluginEnvelope];
        new Random(2).NextBytes(payload);
        foreach (var node in new[] { _nodes.A, _nodes.B })
        {
            await using var session = await node.LoginAsync(Token);
            await using var echo = await session.OpenAsync(ClusterCalls.Scope("echo", "Echo"), Token);
            await echo.SendAsync(payload, cancellationToken: Token);
            Assert.True((await echo.ReadAsync(Token))!.Payload.Span.SequenceEqual(payload));
        }
    }

    private ServerProcess Door(bool isOnSameNode) => isOnSameNode ? _nodes.B : _nodes.A;
}
