using System.Buffers.Binary;
using System.Diagnostics;

namespace Wharf.Plugins.Pusher;

/// <summary>The streams of an object. The type is serial, so no lock is needed.</summary>
public sealed class PusherObject
{
    public List<IMessageStream> Streams { get; } = [];

    /// <summary>The number of messages of each round for streams that do not receive one.</summary>
    public Dictionary<IMessageStream, int> Shares { get; } = [];
}

/// <summary>
/// On each message, sends a message of the same length to all streams, which begins with the time at which it was sent. A message of four bytes instead sets the number
/// of messages that the stream receives in each such round.
/// </summary>
public sealed class PusherType() : BidirectionalObjectType<PusherObject>("Pusher")
{
    /// <inheritdoc/>
    public override ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken) => ValueTask.FromResult<object>(new PusherObject());

    /// <inheritdoc/>
    protected override ValueTask<IMessageHandler> ConnectAsync(PusherObject instance, IMessageStream stream, CancellationToken cancellationToken)
    {
        stream.Send(ReadOnlyMemory<byte>.Empty);
        instance.Streams.Add(stream);
        return ValueTask.FromResult<IMessageHandler>(new PusherHandler(instance, stream));
    }

    private sealed class PusherHandler(PusherObject pusher, IMessageStream stream) : IMessageHandler
    {
        public ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken)
        {
            if (message.Payload.Length == sizeof(int))
            {
                pusher.Shares[stream] = BinaryPrimitives.ReadInt32LittleEndian(message.Payload.Span);
                return ValueTask.CompletedTask;
            }

            foreach (IMessageStream each in pusher.Streams)
            {
                for (int left = pusher.Shares.GetValueOrDefault(each, 1); left > 0; left--)
                    Push(each, message.Payload.Length);
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask OnClosedAsync(CloseReason reason, CancellationToken cancellationToken)
        {
            pusher.Streams.Remove(stream);
            pusher.Shares.Remove(stream);
            return ValueTask.CompletedTask;
        }

        private static void Push(IMessageStream stream, int bytes)
        {
            byte[] payload = new byte[bytes];
            BinaryPrimitives.WriteInt64LittleEndian(payload, Stopwatch.GetTimestamp());
            try
            {
                stream.Send(payload);
            }
            catch (StreamClosedException)
            {
                // The stream has ended, but OnClosedAsync has not been called yet.
            }
        }
    }
}
