using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Wharf.Grains.Nodes;
using Wharf.Grains.Objects;
using Wharf.Grains.Sharing;
using Wharf.Grains.Tables;

namespace Wharf.Grains;

/// <summary>
/// Idempotent calls between grains, which are retried after a failure of the network or a node. Objects of this node are held and released without a grain
/// call.
/// </summary>
internal sealed partial class RetryingCalls(IGrainFactory grains, ILocalObjects localObjects, TimeProvider time, ILogger logger)
{
    private const int Attempts = 4;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public IGrainFactory Grains => grains;

    public ILogger Logger => logger;

    /// <summary>Returns the grain of a live object.</summary>
    public IHeldGrain HeldGrain(ObjectReference reference) => reference.Kind == ObjectKind.Table
        ? grains.GetGrain<ITableGrain>(reference.ObjectId)
        : grains.GetGrain<IPluginObjectGrain>(reference.ObjectId);

    /// <summary>Holds an object; no effect for a reference without a grain.</summary>
    public async Task HoldAsync(ObjectReference reference, string holder, TimeSpan? lease, CancellationToken cancellationToken)
    {
        if (!reference.IsLive)
            return;
        if (localObjects.Find(reference) is { } held)
            held.Hold(holder, reference.Epoch, lease);
        else
            await RepeatAsync(token => HeldGrain(reference).HoldAsync(holder, reference.Epoch, lease, token), cancellationToken);
    }

    /// <summary>Releases an object if it is on this node.</summary>
    /// <returns>Whether the object is on this node.</returns>
    public bool TryReleaseLocal(ObjectReference reference, string holder)
    {
        if (localObjects.Find(reference) is not { } held)
            return false;
        held.Release(holder);
        return true;
    }

    /// <summary>Releases an object. If its node cannot be reached, the failure is logged: the object is lost with its node.</summary>
    public async Task ReleaseAsync(ObjectReference reference, string holder)
    {
        if (!reference.IsLive || TryReleaseLocal(reference, holder))
            return;
        try
        {
            await RepeatAsync(token => HeldGrain(reference).LetGoAsync(holder, token), CancellationToken.None);
        }
        catch (Exception failed)
        {
            LogReleaseFailed(logger, holder, reference.ObjectId, failed);
        }
    }

    /// <summary>Releases tables of one node.</summary>
    public async Task ReleaseTablesAsync(string node, ImmutableArray<TableHold> holds)
    {
        try
        {
            await RepeatAsync(token => grains.GetGrain<INodeGrain>(node).LetGoOfTablesAsync(holds, token), CancellationToken.None);
        }
        catch (FaultException gone) when (gone.Fault.Code == FaultCode.DataLoss)
        {
            // The tables are lost with the node.
        }
        catch (Exception unknown) when (!Faults.IsTransient(unknown))
        {
            // A node of the previous version supports only one table at a time.
            foreach (var hold in holds)
                await ReleaseAsync(new ObjectReference(hold.ObjectId, ObjectKind.Table, ObjectReference.TableType, 0), hold.Holder);
        }
        catch (Exception failed)
        {
            LogTableReleaseFailed(logger, holds.Length, node, failed);
        }
    }

    /// <summary>Frees a shared ticket. If this fails, users of the ticket find that its export is no longer published.</summary>
    public async Task WithdrawAsync(string sharedId, SharedTarget target)
    {
        try
        {
            await RepeatAsync(token => grains.GetGrain<ISharedTicketGrain>(sharedId).WithdrawAsync(target, token), CancellationToken.None);
        }
        catch (Exception failed)
        {
            LogWithdrawFailed(logger, target.SessionId, target.ExportId, failed);
        }
    }

    /// <inheritdoc cref="RepeatAsync{TState, T}"/>
    public Task<T> RepeatAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RepeatAsync(call, static (call, token) => new ValueTask<T>(call(token)), cancellationToken);

    /// <summary>
    /// Retries a call after a transient failure. Continues on any thread: plugin code may occupy all threads of the scheduler while it waits for calls, too.
    /// </summary>
    public async Task<T> RepeatAsync<TState, T>(TState state, Func<TState, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        var start = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(state, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failed) when (attempt < Attempts && Faults.IsTransient(failed) && time.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
                pause *= 2;
            }
        }
    }

    /// <inheritdoc cref="RepeatAsync{T}"/>
    public Task RepeatAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken) => RepeatAsync(
        async token =>
        {
            await call(token).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    [LoggerMessage(2511, LogLevel.Warning, "Failed to free the shared ticket of export {ExportId} of session {SessionId}")]
    private static partial void LogWithdrawFailed(ILogger logger, string sessionId, int exportId, Exception exception);

    [LoggerMessage(2512, LogLevel.Warning, "Failed to release {Count} tables of node {Node}")]
    private static partial void LogTableReleaseFailed(ILogger logger, int count, string node, Exception exception);

    [LoggerMessage(2513, LogLevel.Warning, "Failed to release {ObjectId} held by {Holder}")]
    private static partial void LogReleaseFailed(ILogger logger, string holder, string objectId, Exception exception);
}
