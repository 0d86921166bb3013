using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Wharf.Gateway.Nodes;
using Wharf.Grains;
using Wharf.Grains.Nodes;

namespace Wharf.Gateway.Tests.Nodes;

/// <summary>Calls and streams of a node that may not answer.</summary>
public sealed class LeasedCalls : IServerStreamWriter<string>, IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _written = [];
    private readonly MembershipLease _lease;
    private readonly LeasedWriter<string> _writer;

    public LeasedCalls()
    {
        _lease = new MembershipLease(_time);
        _lease.Renew(_time.GetTimestamp());
        _writer = new LeasedWriter<string>(this, _lease);
    }

    WriteOptions? IAsyncStreamWriter<string>.WriteOptions { get; set; }

    public void Dispose() => _lease.Dispose();

    [Fact]
    public async Task A_message_is_written_while_the_lease_is_held()
    {
        await _writer.WriteAsync("one");
        Assert.Equal(["one"], _written);
    }

    [Fact]
    public async Task A_message_waits_for_the_lease()
    {
        _time.Advance(MembershipLease.Duration);
        var writing = _writer.WriteAsync("one");
        Assert.Empty(_written);
        _lease.Renew(_time.GetTimestamp());
        await writing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(["one"], _written);
    }

    [Fact]
    public async Task A_message_of_a_node_that_was_declared_lost_is_not_written()
    {
        _time.Advance(MembershipLease.Duration);
        var writing = _writer.WriteAsync("one");
        _lease.Lose();
        Assert.Equal(FaultCode.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => writing)).Fault.Code);
        Assert.Empty(_written);
    }

    [Fact]
    public async Task A_call_is_served_while_the_lease_is_held() =>
        Assert.Equal("answer", await new LeaseInterceptor(_lease).UnaryServerHandler("request", new Context(), static (_, _) => Task.FromResult("answer")));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_whose_handler_outlasts_the_lease_is_answered_only_if_the_node_is_still_a_member(bool isMember)
    {
        var handling = new TaskCompletionSource<string>();
        var call = new LeaseInterceptor(_lease).UnaryServerHandler("request", new Context(), (_, _) => handling.Task);
        _time.Advance(MembershipLease.Duration);
        handling.SetResult("answer");
        Assert.False(call.IsCompleted);
        if (isMember)
            _lease.Renew(_time.GetTimestamp());
        else
            _lease.Lose();
        if (isMember)
            Assert.Equal("answer", await call.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        else
            Assert.Equal(FaultCode.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => call)).Fault.Code);
    }

    [Fact]
    public async Task A_call_to_a_node_that_was_declared_lost_does_not_reach_its_handler()
    {
        _lease.Lose();
        var call = new LeaseInterceptor(_lease).UnaryServerHandler<string, string>("request", new Context(), static (_, _) => throw new InvalidOperationException("it was handled"));
        Assert.Equal(FaultCode.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => call)).Fault.Code);
    }

    Task IAsyncStreamWriter<string>.WriteAsync(string message)
    {
        _written.Add(message);
        return Task.CompletedTask;
    }

    private sealed class Context : ServerCallContext
    {
        protected override string MethodCore => "/service/method";

        protected override string HostCore => "host";

        protected override string PeerCore => "peer";

        protected override DateTime DeadlineCore => DateTime.MaxValue;

        protected override Metadata RequestHeadersCore => [];

        protected override CancellationToken CancellationTokenCore => default;

        protected override Metadata ResponseTrailersCore => [];

        protected override Status StatusCore { get; set; }

        protected override WriteOptions? WriteOptionsCore { get; set; }

        protected override AuthContext AuthContextCore => new(null, []);

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
    }
}
