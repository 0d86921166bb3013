using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using Wharf.Gateway.Edge;
using Wharf.Grains;

namespace Wharf.Gateway.Tests;

/// <summary>Tests how the request of a call with one message is read.</summary>
public sealed class RequestBodies
{
    private const int Limit = 1000;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    // What the test writes is read before it goes on.
    private readonly Pipe _pipe = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
    private readonly DefaultHttpContext _http = new();
    private readonly RequestBody _body;

    public RequestBodies()
    {
        _http.Features.Set<IRequestBodyPipeFeature>(new Body(_pipe.Reader));
        _body = new RequestBody(_time, Grace, bytesPerSecond: 10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Limit)]
    public async Task A_message_within_the_limit_stays_for_the_handler(int length)
    {
        await _pipe.Writer.WriteAsync(Message(length));
        await _pipe.Writer.CompleteAsync();

        await WaitAsync();

        var read = await _http.Request.BodyReader.ReadAsync();
        Assert.Equal(Message(length).Length, read.Buffer.Length);
        _http.Request.BodyReader.AdvanceTo(read.Buffer.End);
        Assert.True((await _http.Request.BodyReader.ReadAsync()).IsCompleted);
    }

    [Fact]
    public async Task A_message_that_has_arrived_is_read_although_the_client_has_gone_since()
    {
        var failing = new FailsLater(_pipe.Reader);
        _http.Features.Set<IRequestBodyPipeFeature>(new Body(failing));
        await _pipe.Writer.WriteAsync(Message(3));
        await _pipe.Writer.CompleteAsync();
        await WaitAsync();
        failing.HasFailed = true;

        Assert.Equal(Message(3).Length, (await _http.Request.BodyReader.ReadAsync()).Buffer.Length);
    }

    [Fact]
    public async Task A_message_beyond_the_limit_is_refused_by_its_length_alone()
    {
        await _pipe.Writer.WriteAsync(Message(Limit + 1).AsMemory(0, 5));

        Assert.Equal(FaultCode.ResourceExhausted, await FailureAsync(WaitAsync()));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 1 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 1, 2 })]
    [InlineData(new byte[] { 2, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[0])]
    public async Task Bytes_that_are_not_one_message_are_refused(byte[] bytes)
    {
        await _pipe.Writer.WriteAsync(bytes);
        await _pipe.Writer.CompleteAsync();

        Assert.Equal(FaultCode.InvalidArgument, await FailureAsync(WaitAsync()));
    }

    [Fact]
    public async Task A_request_that_never_comes_is_given_up_after_the_time_for_headers()
    {
        var waiting = WaitAsync();
        _time.Advance(Grace - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(FaultCode.DeadlineExceeded, await FailureAsync(waiting));
    }

    [Fact]
    public async Task Bytes_that_arrive_at_the_rate_extend_the_time_up_to_the_longest()
    {
        var waiting = WaitAsync();
        await _pipe.Writer.WriteAsync(Message(Limit).AsMemory(0, 5));
        for (int second = 0; second < 60; second++)
        {
            Assert.False(waiting.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(1));
            await _pipe.Writer.WriteAsync(new byte[10]);
        }

        Assert.Equal(FaultCode.DeadlineExceeded, await FailureAsync(waiting));
    }

    [Fact]
    public async Task A_message_of_a_stream_may_take_any_time_at_the_rate()
    {
        var waiting = WaitAsync(TimeSpan.MaxValue);
        await _pipe.Writer.WriteAsync(Message(Limit).AsMemory(0, 5));
        for (int second = 0; second < 100; second++)
        {
            Assert.False(waiting.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(1));
            await _pipe.Writer.WriteAsync(new byte[10]);
        }

        await _pipe.Writer.CompleteAsync();
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_client_that_goes_away_is_no_failure_of_the_server()
    {
        var waiting = WaitAsync();
        await _pipe.Writer.CompleteAsync(new IOException("The client reset the request stream."));

        await Assert.ThrowsAsync<BrokenCallException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private static byte[] Message(int length) => [0, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. new byte[length]];

    private static async Task<FaultCode> FailureAsync(Task waiting) =>
        (await Assert.ThrowsAsync<FaultException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30)))).Fault.Code;

    private Task WaitAsync(TimeSpan? timeout = null) => _body.WaitAsync(_http.Request, Limit, timeout ?? Longest, part: null).AsTask();

    /// <summary>The request of a call that is reset after it has arrived.</summary>
    private sealed class FailsLater(PipeReader inner) : PipeReader
    {
        public bool HasFailed { get; set; }

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            HasFailed ? throw new IOException("The client reset the request stream.") : inner.ReadAsync(cancellationToken);

        public override bool TryRead(out ReadResult result) => HasFailed ? throw new IOException("The client reset the request stream.") : inner.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }

    private sealed class Body(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }
}
