using System.Collections.Immutable;
using CsCheck;
using Orleans.Runtime;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Streams;

namespace Wharf.Grains.Tests.Objects;

/// <summary>The caller's side of the stream protocol against an object whose calls get lost.</summary>
public sealed class StreamClients
{
    private static readonly int[] Sizes = [0, 1, 100, GrainLimits.PartSize - 1, GrainLimits.PartSize, GrainLimits.PartSize + 1, (3 * GrainLimits.PartSize) + 7];

    private static readonly Gen<int[]> Messages = Gen.Int[0, Sizes.Length - 1].Select(static index => Sizes[index]).Array[1, 8];

    private static readonly Gen<Loss[]> Losses = Gen.Frequency((3, Gen.Const(Loss.None)), (1, Gen.Const(Loss.OfRequest)), (1, Gen.Const(Loss.OfAnswer))).Array[0, 40];

    private enum Loss
    {
        None,
        OfRequest,
        OfAnswer,
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_message_arrives_once_and_in_order_although_calls_are_lost() =>
        Gen.Select(Messages, Losses, Gen.Int[1, 3 * GrainLimits.PartSize]).Sample(
            (sizes, losses, window) =>
            {
                var echo = new EchoObject(losses);
                var sent = sizes.Select(Payload).ToArray();
                var received = Exchange(new StreamClient(echo, "stream", 1, static failure => failure is TimeoutException), sent, window);
                return sent.Length == received.Count && sent.Zip(received, static (one, other) => one.Span.SequenceEqual(other.Span)).All(static same => same);
            },
            iter: 400,
            threads: 1);

    [Fact]
    public async Task A_lost_call_fails_without_a_retry()
    {
        var client = new StreamClient(new EchoObject([Loss.OfAnswer]), "stream", 1, static _ => false);
        client.Accept(await client.ConnectAsync("Echo", Caller, Cancelled));
        await Assert.ThrowsAsync<TimeoutException>(() => client.PullAsync(1, Cancelled));
    }

    [Fact]
    public async Task A_lost_silo_fails_without_a_retry()
    {
        var echo = new EchoObject([Loss.OfRequest]) { Failure = new SiloUnavailableException() };
        var client = new StreamClient(echo, "stream", 1, static _ => true);
        client.Accept(await client.ConnectAsync("Echo", Caller, Cancelled));
        await Assert.ThrowsAsync<SiloUnavailableException>(() => client.PullAsync(1, Cancelled));
        Assert.Equal(1, echo.Calls);
    }

    [Fact]
    public void Batches_hold_the_messages_within_the_bounds() => Messages.Sample(
        sizes =>
        {
            var queue = new PartQueue();
            var sent = sizes.Select(Payload).ToArray();
            foreach (var payload in sent)
                queue.Enqueue(payload, [ObjectReference.Null]);
            var received = new List<ReadOnlyMemory<byte>>();
            var assembler = new MessageAssembler();
            while (!queue.IsEmpty)
            {
                var batch = queue.DequeueBatch();
                Assert.All(batch, static part => Assert.InRange(part.Bytes.Length, 0, GrainLimits.PartSize));
                Assert.All(batch, static part => Assert.Equal(part.IsLast ? 1 : 0, part.References.Length));
                Assert.InRange(batch.Sum(static part => part.Bytes.Length), 0, GrainLimits.BatchSize);
                received.AddRange(batch.Select(assembler.Add).OfType<ReadOnlyMemory<byte>>());
            }

            Assert.Equal(sent.Select(static payload => payload.ToArray()), received.Select(static payload => payload.ToArray()));
        },
        iter: 300,
        threads: 1);

    [Fact]
    public async Task A_long_stream_sends_to_its_own_grain_until_that_does_not_answer()
    {
        var echo = new EchoObject([]);
        var own = new StreamGrainDouble(echo);
        var client = new StreamClient(echo, "stream", 1, static failure => failure is TimeoutException) { GetStreamGrain = () => own };
        client.Accept(await client.ConnectAsync("Echo", Caller, Cancelled));
        for (var n = 1; n <= 5; n++)
        {
            client.Accept(await client.SendAsync([new StreamPart(Payload(n), [], IsLast: true)], halfClose: false, Cancelled));
            Assert.Equal(n >= 4, client.HasStreamGrain);
        }

        Assert.Equal(2, own.Calls);
        own.IsBlocked = true;
        client.Accept(await client.SendAsync([new StreamPart(Payload(6), [], IsLast: true)], halfClose: true, Cancelled));
        Assert.False(client.HasStreamGrain);
        Assert.Equal(6, client.Received);
        Assert.True(client.IsHalfClosed);
        Assert.False(client.CanSend);
    }

    [Fact]
    public void Missing_output_is_an_error_unless_the_stream_has_ended()
    {
        var client = new StreamClient(new EchoObject([]), "stream", 1, static _ => true);
        StreamPart part = new(Payload(1), [], IsLast: true);
        Assert.Equal(2, client.Accept(new StreamOutput(0, [part, part], 0, true, null)).Length);
        Assert.Equal(1, client.Accept(new StreamOutput(1, [part, part], 0, true, null)).Length);
        Assert.Equal(0, client.Accept(new StreamOutput(0, [part], 0, true, null)).Length);
        Assert.Equal(3, client.Received);
        Assert.Equal(FaultCode.DataLoss, Assert.Throws<FaultException>(() => client.Accept(new StreamOutput(4, [part], 0, true, null))).Fault.Code);
        Assert.Equal(0, client.Accept(new StreamOutput(4, [], 0, true, new StreamEnd(StreamEndReason.SlowConsumer, null))).Length);
        Assert.Equal(StreamEndReason.SlowConsumer, client.End?.Reason);
    }

    private static CallerIdentity Caller { get; } = new("ann", "session", "Basic");

    private static ReadOnlyMemory<byte> Payload(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    private static List<ReadOnlyMemory<byte>> Exchange(StreamClient client, ReadOnlyMemory<byte>[] messages, int window)
    {
        var queue = new PartQueue();
        foreach (var message in messages)
            queue.Enqueue(message, []);
        var received = new List<ReadOnlyMemory<byte>>();
        var assembler = new MessageAssembler();
        Accept(client.ConnectAsync("Echo", Caller, CancellationToken.None));
        for (var calls = 0; received.Count < messages.Length && calls < 1_000; calls++)
        {
            if (client.CanSend)
            {
                var batch = queue.DequeueBatch();
                Accept(client.SendAsync(batch, halfClose: queue.IsEmpty, CancellationToken.None));
            }
            else
            {
                Accept(client.PullAsync(window, CancellationToken.None));
            }
        }

        return received;

        void Accept(Task<StreamOutput> call)
        {
            Assert.True(call.IsCompleted);
            foreach (var part in client.Accept(call.GetAwaiter().GetResult()).Span)
            {
                if (assembler.Add(part) is { } payload)
                    received.Add(payload);
            }
        }
    }

    /// <summary>Returns each message. A batch is handled when the caller has received all replies to it.</summary>
    private sealed class EchoObject(Loss[] losses) : IPluginObjectGrain
    {
        private readonly OutputLog _log = new(new StreamLimits());
        private readonly MessageAssembler _assembler = new();
        private long _received;
        private bool _hasFailed;

        public int Calls { get; private set; }

        public Exception Failure { get; init; } = new TimeoutException();

        public Task<StreamOutput> ConnectAsync(StreamConnect connect, CancellationToken cancellationToken = default) => Task.FromResult(Output(0));

        public Task<StreamOutput> SendAsync(StreamBatch batch, CancellationToken cancellationToken = default) => CallAsync(() =>
        {
            Assert.True(batch.FirstSequence <= _received);
            foreach (var part in batch.Parts.Skip((int)(_received - batch.FirstSequence)))
            {
                _received++;
                if (_assembler.Add(part) is { } payload)
                    _log.Append(payload, part.References, []);
            }

            _log.Acknowledge(batch.Acknowledged);
            return Output(GrainLimits.PartSize);
        });

        public Task<StreamOutput> PullAsync(StreamPull pull, CancellationToken cancellationToken = default) => CallAsync(() =>
        {
            _log.Acknowledge(pull.Acknowledged);
            return Output(pull.Window);
        });

        public Task DisconnectAsync(string streamId, StreamEndReason reason, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> GetWaitsForAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task HoldAsync(string holder, long epoch, TimeSpan? lease, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task LetGoAsync(string holder, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<ObjectDescription> DescribeAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        private StreamOutput Output(int window)
        {
            var parts = _log.Read(window);
            var handled = _log.First + parts.Length == _log.Next ? _received : 0;
            return new StreamOutput(_log.First, parts, handled, IsConnected: true, End: null);
        }

        // A retry is not lost.
        private async Task<StreamOutput> CallAsync(Func<StreamOutput> call)
        {
            var loss = _hasFailed ? Loss.None : losses.ElementAtOrDefault(Calls);
            Calls++;
            _hasFailed = loss != Loss.None;
            if (loss == Loss.OfRequest)
                throw Failure;
            var output = call();
            return loss == Loss.OfAnswer ? throw Failure : await Task.FromResult(output);
        }
    }

    private sealed class StreamGrainDouble(EchoObject echo) : IStreamGrain
    {
        public int Calls { get; private set; }

        public bool IsBlocked { get; set; }

        public async ValueTask<StreamOutput> SendAsync(StreamBatch batch, CancellationToken cancellationToken = default)
        {
            Calls++;
            return IsBlocked ? throw new TimeoutException() : await echo.SendAsync(batch, cancellationToken);
        }
    }
}
