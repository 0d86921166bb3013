using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Wharf.Grains;

namespace Wharf.Gateway.Edge;

/// <summary>Waits for the one message of a request, so that a request that is too long, too slow or incomplete reaches no handler.</summary>
/// <param name="time">The clock.</param>
/// <param name="grace">The time before the rate applies.</param>
/// <param name="bytesPerSecond">The rate.</param>
internal sealed class RequestBody(TimeProvider time, TimeSpan grace, int bytesPerSecond)
{
    private const int HeaderBytes = 5;

    // The maximum time of a timer is limited.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Waits until the whole request has arrived. The handler then reads it from the request as usual.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">The maximum length of the message, in bytes.</param>
    /// <param name="timeout">The maximum time.</param>
    /// <param name="part">Counts the bytes of a call without a session.</param>
    /// <exception cref="FaultException">The request is too long, too slow, or not one message.</exception>
    /// <exception cref="BrokenCallException">The client ended the call.</exception>
    public async ValueTask WaitAsync(HttpRequest request, int limit, TimeSpan timeout, UnauthenticatedUse.Part? part)
    {
        var body = request.BodyReader;
        long began = time.GetTimestamp();
        long received = 0;
        var decoded = EncodedBody.Of(request.HttpContext);
        var overdue = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        try
        {
            while (true)
            {
                ReadResult read;
                try
                {
                    var reading = body.ReadAsync(overdue.Token);
                    if (!reading.IsCompleted)
                        overdue.CancelAfter(TimeSpan.FromTicks(Math.Clamp(TimeLeft(began, received, timeout).Ticks, 0, LongestWait.Ticks)));
                    read = await reading;
                }
                catch (OperationCanceledException) when (overdue.IsCancellationRequested)
                {
                    if (TimeLeft(began, received, timeout) <= TimeSpan.Zero)
                        throw new FaultException(FaultCode.DeadlineExceeded, "The request arrives too slowly");
                    overdue.Dispose();
                    overdue = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
                    continue;
                }
                catch (Exception broken) when (broken is IOException or OperationCanceledException or ObjectDisposedException)
                {
                    throw new BrokenCallException(broken);
                }
                catch (Exception unreadable) when (unreadable is FormatException or InvalidDataException or InvalidOperationException)
                {
                    throw new FaultException(FaultCode.InvalidArgument, "The body of the request is not base64");
                }

                bool isComplete = false;
                try
                {
                    var held = decoded is null ? read.Buffer : decoded.Append(read.Buffer);
                    received = held.Length;
                    Check(held, read.IsCompleted, limit, request);
                    part?.Hold(received);
                    isComplete = read.IsCompleted;
                }
                finally
                {
                    if (decoded is not null)
                        body.AdvanceTo(read.Buffer.End);
                    else if (!isComplete)
                        body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                }

                if (!isComplete)
                    continue;
                request.HttpContext.Features.Set<IRequestBodyPipeFeature>(decoded is null ? new ReceivedBody(body, read) : decoded);
                return;
            }
        }
        finally
        {
            overdue.Dispose();
        }
    }

    private TimeSpan TimeLeft(long began, long received, TimeSpan timeout)
    {
        var byRate = grace + TimeSpan.FromSeconds((double)received / bytesPerSecond);
        return (byRate < timeout ? byRate : timeout) - time.GetElapsedTime(began);
    }

    /// <summary>Checks the framing: a message has a flag, its length in four bytes, and its bytes.</summary>
    private static void Check(in ReadOnlySequence<byte> buffer, bool isCompleted, int limit, HttpRequest request)
    {
        if (buffer.Length >= HeaderBytes)
        {
            Span<byte> header = stackalloc byte[HeaderBytes];
            buffer.Slice(0, HeaderBytes).CopyTo(header);
            long length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
            if (length > limit)
                throw TooLong(length, limit);
            if (header[0] > 1 || buffer.Length > HeaderBytes + length || (isCompleted && buffer.Length < HeaderBytes + length))
                throw NotOneMessage();
            if (header[0] == 1 && request.Headers["grpc-encoding"].ToString() is "" or "identity")
                throw new FaultException(FaultCode.InvalidArgument, "The request is marked as compressed, but grpc-encoding names no compression");
        }
        else if (isCompleted)
        {
            throw NotOneMessage();
        }
    }

    private static FaultException TooLong(long length, int limit) => new(
        FaultCode.ResourceExhausted, string.Create(CultureInfo.InvariantCulture, $"The request has {length} bytes; this call accepts at most {limit}"));

    private static FaultException NotOneMessage() => new(FaultCode.InvalidArgument, "The request is not exactly one gRPC message");
}
