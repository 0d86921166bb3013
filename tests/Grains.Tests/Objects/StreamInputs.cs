using CsCheck;
using Wharf.Grains.Streams;

namespace Wharf.Grains.Tests.Objects;

/// <summary>The input of a stream against a list of its messages.</summary>
public sealed class StreamInputs
{
    private static readonly Gen<(int Parts, bool Takes, bool Completes)[]> Steps = Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Bool).Array[1, 40];

    [Fact]
    public void Messages_are_taken_in_order_and_counted_until_they_are_handled() => Steps.Sample(
        static steps =>
        {
            var input = new StreamInput<Message>();
            var running = new Queue<Message>();
            var next = 0;
            var open = 0;
            long unhandledBytes = 0;
            foreach (var (parts, takes, completes) in steps)
            {
                // A message may be completed by a later step.
                for (var n = 1; n <= parts; n++)
                {
                    var part = new StreamPart(new byte[10], [], IsLast: n == parts && takes);
                    unhandledBytes += 10;
                    open++;
                    if (input.Receive(part, isCounted: true) is not { } message)
                        continue;
                    Assert.Equal(10 * open, message.Payload.Length);
                    input.Add(new Message(message.Index, input.Received, message.Payload.Length));
                    open = 0;
                }

                if (takes && input.TryTake(out var taken))
                {
                    Assert.Equal(next++, taken.Index);
                    running.Enqueue(taken);
                }

                if (completes && running.TryDequeue(out var handled))
                {
                    input.Complete(handled.End, handled.Bytes);
                    unhandledBytes -= handled.Bytes;
                    Assert.InRange(input.Handled, handled.End, input.Received);
                }

                Assert.Equal(unhandledBytes, input.Bytes);
                Assert.False(input.TryTakeHalfClose());
            }
        },
        iter: 2_000);

    [Fact]
    public void The_half_close_is_taken_once_after_all_messages()
    {
        var input = new StreamInput<Message>();
        Receive(input, isLast: true);
        input.HalfClose();
        Assert.True(input.HasPending);
        Assert.False(input.TryTakeHalfClose());
        Assert.True(input.TryTake(out _));
        Assert.True(input.TryTakeHalfClose());
        Assert.False(input.TryTakeHalfClose());
        Assert.False(input.HasPending);
    }

    [Fact]
    public void Parts_of_an_incomplete_message_count_as_handled_only_without_an_unhandled_message()
    {
        var input = new StreamInput<Message>();
        Receive(input, isLast: true);
        Receive(input, isLast: false);
        input.CountPartsAsHandled();
        Assert.Equal(0, input.Handled);
        Assert.True(input.TryTake(out var message));
        input.Complete(message.End, message.Bytes);
        Assert.Equal(2, input.Handled);
    }

    [Fact]
    public void A_discarded_input_has_no_messages_and_no_bytes()
    {
        var input = new StreamInput<Message>();
        Receive(input, isLast: true);
        Receive(input, isLast: false);
        var discarded = new List<Message>();
        input.Discard(discarded.Add);
        Assert.Single(discarded);
        Assert.Equal(0, input.Bytes);
        Assert.False(input.TryTake(out _));
        // The incomplete message is discarded, too.
        Assert.Equal(5, input.Receive(new StreamPart(new byte[5], [], IsLast: true), isCounted: false)?.Payload.Length);
        Assert.Equal(0, input.Bytes);
    }

    private static void Receive(StreamInput<Message> input, bool isLast)
    {
        if (input.Receive(new StreamPart(new byte[10], [], isLast), isCounted: true) is { } message)
            input.Add(new Message(message.Index, input.Received, message.Payload.Length));
    }

    private sealed record Message(long Index, long End, int Bytes);
}
