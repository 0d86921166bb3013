using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Wharf.Gateway.Edge;

/// <summary>A request that has arrived completely. The handler can read it even if the client resets the call in the meantime.</summary>
/// <param name="inner">The reader of the request, which has been read and not advanced.</param>
/// <param name="received">The result of that read.</param>
internal sealed class ReceivedBody(PipeReader inner, ReadResult received) : PipeReader, IRequestBodyPipeFeature
{
    private bool _isRead;

    public PipeReader Reader => this;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_isRead)
            return inner.ReadAsync(cancellationToken);
        _isRead = true;
        return ValueTask.FromResult(received);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (_isRead)
            return inner.TryRead(out result);
        _isRead = true;
        result = received;
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}
