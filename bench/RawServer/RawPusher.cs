using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Bench;

/// <summary>On each message, sends a message of the same length to all streams, which begins with the time at which it was sent. Each stream has a queue.</summary>
internal static class RawPusher
{
    private static ImmutableList<Channel<StreamResponse>> s_streams = [];

    public static async Task RunAsync(IAsyncStreamReader<StreamRequest> requests, IServerStreamWriter<StreamResponse> responses, CancellationToken cancellationToken)
    {
        var queue = Channel.CreateBounded<StreamResponse>(10_000);
        ImmutableInterlocked.Update(ref s_streams, static (all, one) => all.Add(one), queue);
        var writing = WriteAsync(queue.Reader, responses);
        try
        {
            await foreach (var request in requests.ReadAllAsync(cancellationToken))
                Push(request.Data.Payload.Length);
        }
        finally
        {
            ImmutableInterlocked.Update(ref s_streams, static (all, one) => all.Remove(one), queue);
            queue.Writer.Complete();
            await writing;
        }
    }

    private static void Push(int bytes)
    {
        foreach (var stream in s_streams)
        {
            var payload = new byte[bytes];
            BinaryPrimitives.WriteInt64LittleEndian(payload, Stopwatch.GetTimestamp());
            stream.Writer.TryWrite(new StreamResponse { Data = new ServerData { Payload = UnsafeByteOperations.UnsafeWrap(payload) } });
        }
    }

    private static async Task WriteAsync(ChannelReader<StreamResponse> queue, IServerStreamWriter<StreamResponse> responses)
    {
        await foreach (var response in queue.ReadAllAsync())
            await responses.WriteAsync(response);
    }
}
