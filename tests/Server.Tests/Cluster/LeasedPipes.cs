using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;
using Wharf.Grains.Nodes;
using Wharf.Server.Cluster.Lease;

namespace Wharf.Server.Tests.Cluster;

/// <summary>What other nodes send to a node, and receive of it.</summary>
public sealed class LeasedPipes : IDisposable
{
    private static readonly byte[] Bytes = [1, 2, 3];

    private readonly FakeTimeProvider _time = new();
    private readonly Pipe _in = new();
    private readonly Pipe _out = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly MembershipLease _lease;
    private readonly IDuplexPipe _leased;

    public LeasedPipes()
    {
        _lease = new MembershipLease(_time);
        _leased = new Duplex(_in.Reader, _out.Writer).Lease(_lease, _closed.Token);
        _lease.Renew(_time.GetTimestamp());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _lease.Dispose();
        _closed.Dispose();
    }

    [Fact]
    public async Task Bytes_are_received_and_sent_while_the_lease_is_held()
    {
        await _in.Writer.WriteAsync(Bytes, Token);
        Assert.Equal(Bytes.Length, (await _leased.Input.ReadAsync(Token)).Buffer.Length);
        await _leased.Output.WriteAsync(Bytes, Token);
        Assert.True(_out.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Bytes_wait_until_the_lease_is_held_again()
    {
        _time.Advance(MembershipLease.Duration);
        await _in.Writer.WriteAsync(Bytes, Token);
        var read = _leased.Input.ReadAsync(Token).AsTask();
        var write = _leased.Output.WriteAsync(Bytes, Token).AsTask();
        Assert.False(read.IsCompleted);
        Assert.False(write.IsCompleted);
        Assert.False(_out.Reader.TryRead(out _));

        _lease.Renew(_time.GetTimestamp());
        Assert.Equal(Bytes.Length, (await read.WaitAsync(TimeSpan.FromSeconds(30), Token)).Buffer.Length);
        await write.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.True(_out.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_node_that_was_declared_lost_reads_and_sends_nothing()
    {
        _time.Advance(MembershipLease.Duration);
        await _in.Writer.WriteAsync(Bytes, Token);
        var read = _leased.Input.ReadAsync(Token).AsTask();
        _lease.Lose();
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => read);
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => _leased.Output.WriteAsync(Bytes, Token).AsTask());
        Assert.False(_out.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_connection_that_closes_does_not_wait()
    {
        _time.Advance(MembershipLease.Duration);
        var write = _leased.Output.WriteAsync(Bytes, Token).AsTask();
        await _closed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
