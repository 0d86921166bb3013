using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using Wharf.Gateway.Errors;
using Wharf.Grains;

namespace Wharf.Gateway.Edge;

/// <summary>The request of a stream without a session: it limits the length of each message, and counts the buffered bytes.</summary>
/// <param name="inner">The request.</param>
/// <param name="limit">The maximum length of a message, in bytes.</param>
/// <param name="call">The call, which may have exceeded its time limit.</param>
internal sealed class LimitedMessages(PipeReader inner, int limit, UnauthenticatedCall call) : PipeReader
{
    private const int HeaderBytes = 5;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => Check(await inner.ReadAsync(cancellationToken));

    public override bool TryRead(out ReadResult result)
    {
        if (!inner.TryRead(out result))
            return false;
        result = Check(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    // The reader of gRPC consumes one message at a time, so the buffer begins with a message.
    private ReadResult Check(ReadResult read)
    {
        try
        {
            if (read.IsCanceled && call.IsOver)
                throw new FaultException(UnauthenticatedCall.Over);
            if (read.Buffer.Length >= HeaderBytes && LengthOf(read.Buffer) is var length && length > limit)
            {
                throw new FaultException(
                    FaultCode.ResourceExhausted, string.Create(CultureInfo.InvariantCulture, $"A message without a session has at most {limit} bytes (found: {length})"));
            }

            call.Part.Hold(Math.Min(read.Buffer.Length, limit + HeaderBytes));
            return read;
        }
        catch (FaultException refused)
        {
            inner.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            throw GatewayErrors.ToRpcException(refused.Fault);
        }
    }

    private static long LengthOf(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        buffer.Slice(0, HeaderBytes).CopyTo(header);
        return BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
    }
}
