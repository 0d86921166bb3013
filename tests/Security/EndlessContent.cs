using System.Net;

namespace Wharf.Security;

/// <summary>The body of a request that begins and does not end before the test does.</summary>
internal sealed class EndlessContent : HttpContent
{
    private readonly byte[] _start;
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EndlessContent(params byte[] start)
    {
        _start = start;
        Headers.ContentType = new("application/grpc");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(_start);
        await stream.FlushAsync();
        await _end.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        _end.TrySetResult();
        base.Dispose(disposing);
    }
}
