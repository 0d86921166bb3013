using System.Collections.Immutable;
using Grpc.Core;
using Wharf.Gateway.Errors;
using Wharf.Grains.Sharing;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Streams;

/// <summary>Reads the messages of a browser's stream in their order, whichever gateway received them.</summary>
internal sealed class BrowserStreamReader(IBrowserStreamGrain stream, int first) : IAsyncStreamReader<Wire.StreamRequest>
{
    private int _next = first;
    private ImmutableArray<BrowserMessage> _messages = [];
    private int _index;

    public Wire.StreamRequest Current { get; private set; } = new();

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        while (_index == _messages.Length)
        {
            _messages = await GrainCallRetry.RetryOnceAsync((stream, _next), static (state, token) => state.stream.PullAsync(state._next, token), cancellationToken);
            _index = 0;
        }
        var message = _messages[_index++];
        _next = message.Sequence + 1;
        if (message.HalfClose)
            return false;
        Current = BrowserStreamMessages.Parse(message.Request);
        return true;
    }
}
