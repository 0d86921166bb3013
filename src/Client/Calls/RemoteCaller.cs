using System.Runtime.CompilerServices;
using Wharf.Plugins;
using Wharf.Protocol;
using Wharf.Rpc;

namespace Wharf.Client;

/// <summary>
/// Calls the methods of one object: in order on one stream or, if the object is concurrent, each on an idle stream, up to a maximum number
/// of streams. A method that returns a sequence has its own stream, so that a slow reader does not delay other calls. A stream that failed
/// is replaced by the next call.
/// </summary>
internal sealed class RemoteCaller(Session session, RemoteObject target, bool isConcurrent) : RpcCaller
{
    private const int MaxStreams = 16;

    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly List<CallStream> _streams = [];
    private readonly CancellationTokenSource _disposed = new();

    public override IServerObject Target => target;

    // Cached, because every call passes it.
    private Func<FormatException, Exception> ContractMismatch => field ??=
        wrong => new WharfException(
            StatusCode.Internal, wrong.Message, target.Reference.Ticket,
            "is it an object of this contract's type, and of the same version?", wrong);

    /// <summary>Opens the first stream, which fails if the object does not exist or is of another type.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken) =>
        (await AcquireAsync(cancellationToken).ConfigureAwait(false)).Release();

    public override async Task<RpcAnswer> CallAsync(RpcRequest request, bool takesReferences, CancellationToken cancellationToken)
    {
        var references = request.References.Count == 0 ? [] : request.References.Select(RemoteObject.ReferenceOf).ToArray();
        using var limit = session.StartCall(cancellationToken);
        try
        {
            var stream = await AcquireAsync(limit.Token).ConfigureAwait(false);
            try
            {
                return await ReadAsync(
                    await stream.CallAsync(request, references, limit.Token).ConfigureAwait(false), takesReferences, limit.Token)
                    .ConfigureAwait(false);
            }
            finally
            {
                stream.Release();
            }
        }
        catch (OperationCanceledException cancelled) when (limit.Token.IsCancellationRequested)
        {
            throw limit.Failure(cancelled, target.Reference.Ticket);
        }
    }

    public override async IAsyncEnumerable<RpcAnswer> StreamAsync(
        RpcRequest request, bool takesReferences, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        var references = request.References.Select(RemoteObject.ReferenceOf).ToArray();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        var stream = await CallStream.OpenStreamAsync(session, target.Reference, either.Token).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            await stream.SendAsync(request.ToBytes(), references, either.Token).ConfigureAwait(false);
            while (await stream.ReadAsync(either.Token).ConfigureAwait(false) is { } message)
            {
                var answer = await ReadAsync(message, takesReferences, either.Token).ConfigureAwait(false);
                if (!answer.IsItem)
                {
                    await answer.DisposeAsync().ConfigureAwait(false);
                    yield break;
                }
                yield return answer;
            }
        }
        throw CallStream.Ended(target.Reference);
    }

    public override RpcCaller To(IServerObject other, bool isSideBySide) => new RemoteCaller(session, (RemoteObject)other, isSideBySide);

    public override async ValueTask DisposeAsync()
    {
        CallStream[] streams;
        if (_disposed.IsCancellationRequested)
            return;
        await _disposed.CancelAsync().ConfigureAwait(false);
        await _opening.WaitAsync().ConfigureAwait(false);
        streams = [.. _streams];
        _streams.Clear();
        _opening.Release();
        foreach (var stream in streams)
            await stream.DisposeAsync().ConfigureAwait(false);
        await target.DisposeAsync().ConfigureAwait(false);
    }

    // A returned stream counts the call from here on, so that the next call takes it into account.
    private async Task<CallStream> AcquireAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
            _streams.RemoveAll(stream => !stream.IsOpen);
            var free = isConcurrent && _streams.Count < MaxStreams
                ? _streams.Find(stream => stream.Load == 0)
                : _streams.MinBy(stream => stream.Load);
            if (free is null)
                _streams.Add(free = await CallStream.OpenAsync(session, target.Reference, cancellationToken).ConfigureAwait(false));
            free.Reserve();
            return free;
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<RpcAnswer> ReadAsync(ServerMessage message, bool takesReferences, CancellationToken cancellationToken)
    {
        var isTaken = false;
        try
        {
            var answer = RpcAnswer.Read(
                message.Payload, takesReferences ? await OpenAsync(message.References, cancellationToken).ConfigureAwait(false) : [],
                ContractMismatch);
            if (answer.Error is not null)
                throw new WharfException((StatusCode?)answer.Status ?? StatusCode.Unknown, answer.Error, target.Reference.Ticket);
            isTaken = takesReferences;
            return answer;
        }
        finally
        {
            // The references were not handed to the caller.
            if (!isTaken)
                await RemoteObject.ReleaseAsync(session, message.References).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<IServerObject>> OpenAsync(IReadOnlyList<TypedTicket> references, CancellationToken cancellationToken)
    {
        if (references.Count == 0)
            return [];
        var opened = new IServerObject[references.Count];
        for (var index = 0; index < opened.Length; index++)
            opened[index] = references[index] is { Type: WireNames.TableType } table
                ? await session.OpenTableAsync(table.Ticket, cancellationToken).ConfigureAwait(false)
                : new RemoteObject(session, references[index]);
        return opened;
    }
}
