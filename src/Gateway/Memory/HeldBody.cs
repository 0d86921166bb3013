using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Wharf.Gateway.Errors;
using Wharf.Grains;
using Wharf.Tables;

namespace Wharf.Gateway.Memory;

/// <summary>
/// The body of a request, whose unread bytes are charged to the caller. The reader reports the unread bytes by two positions, so that reads and short messages have no extra cost.
/// </summary>
internal sealed class HeldBody(PipeReader inner, Func<QueueCharge> open) : PipeReader, IRequestBodyPipeFeature, IDisposable
{
    private const int FreeBytes = 32 * 1024;

    private readonly Lock _gate = new();
    private QueueCharge? _charge;
    private bool _isClosed, _isRefused;

    PipeReader IRequestBodyPipeFeature.Reader => this;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        // Throw here and not in AdvanceTo, which the reader calls in its finally blocks.
        return _isRefused ? throw GatewayErrors.ToRpcException(new Fault(FaultCode.ResourceExhausted, _charge!.Refusal)) : inner.ReadAsync(cancellationToken);
    }

    public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var held = Distance(consumed, examined);
        inner.AdvanceTo(consumed, examined);
        if (held > FreeBytes || _charge is not null)
            Hold(held);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _charge?.Close();
        }
    }

    private void Hold(long bytes)
    {
        lock (_gate)
        {
            if (!_isClosed)
                _isRefused = !(_charge ??= open()).TrySet(bytes);
        }
    }

    private static long Distance(SequencePosition consumed, SequencePosition examined) =>
        consumed.GetObject() is ReadOnlySequenceSegment<byte> first && examined.GetObject() is ReadOnlySequenceSegment<byte> last
            ? last.RunningIndex + examined.GetInteger() - first.RunningIndex - consumed.GetInteger()
            : 0;
}
