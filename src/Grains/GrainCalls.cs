using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Wharf.Grains.Nodes;
using Wharf.Grains.Objects;
using Wharf.Grains.Sharing;
using Wharf.Grains.Tables;

namespace Wharf.Grains;

/// <summary>
/// Calls from grain to grain that may be repeated without doing anything twice; they are, when the network or a node failed. What is on this node is held and let go of without one.
/// </summary>
internal sealed partial class GrainCalls(IGrainFactory grains, IObjectsHere here, TimeProvider time, ILogger logger)
{
    private const int Attempts = 4;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public IGrainFactory Grains => grains;

    public ILogger Logger => logger;

    /// <summary>The grain that answers for a live object.</summary>
    public IHeldGrain HeldGrain(ObjectReference reference) => reference.Kind == ObjectKind.Table
        ? grains.GetGrain<ITableGrain>(reference.ObjectId)
        : grains.GetGrain<IPluginObjectGrain>(reference.ObjectId);

    /// <summary>Holds an object; one without a grain needs no holding.</summary>
    public async Task HoldAsync(ObjectReference reference, string holder, TimeSpan? lease, CancellationToken cancellationToken)
    {
        if (!reference.IsLive)
            return;
        if (here.Find(reference) is { } held)
            held.Hold(holder, reference.Epoch, lease);
        else
            await RepeatAsync(token => HeldGrain(reference).HoldAsync(holder, reference.Epoch, lease, token), cancellationToken);
    }

    /// <summary>Lets an object go if it is on this node.</summary>
    /// <returns>Whether it is.</returns>
    public bool TryLetGoHere(ObjectReference reference, string holder)
    {
        if (here.Find(reference) is not { } held)
            return false;
        held.LetGo(holder);
        return true;
    }

    /// <summary>Lets an object go. When its node cannot be reached there is nothing to be let go either: the object went with it.</summary>
    public async Task LetGoAsync(ObjectReference reference, string holder)
    {
        if (!reference.IsLive || TryLetGoHere(reference, holder))
            return;
        try
        {
            await RepeatAsync(token => HeldGrain(reference).LetGoAsync(holder, token), CancellationToken.None);
        }
        catch (Exception failed)
        {
            LogNotLetGo(logger, holder, reference.ObjectId, failed);
        }
    }

    /// <summary>Lets go of tables of one node.</summary>
    public async Task LetGoOfTablesAsync(string node, ImmutableArray<TableHold> holds)
    {
        try
        {
            await RepeatAsync(token => grains.GetGrain<INodeGrain>(node).LetGoOfTablesAsync(holds, token), CancellationToken.None);
        }
        catch (FaultException gone) when (gone.Fault.Code == FaultCode.DataLoss)
        {
            // The tables went with it.
        }
        catch (Exception unknown) when (!Faults.IsTransient(unknown))
        {
            // A node of the version before, which only knows of one at a time.
            foreach (var hold in holds)
                await LetGoAsync(new ObjectReference(hold.ObjectId, ObjectKind.Table, ObjectReference.TableType, 0), hold.Holder);
        }
        catch (Exception failed)
        {
            LogTablesNotLetGo(logger, holds.Length, node, failed);
        }
    }

    /// <summary>Frees a shared ticket. When that does not come about, whoever uses the ticket finds its publisher gone.</summary>
    public async Task WithdrawAsync(string sharedId, SharedTarget target)
    {
        try
        {
            await RepeatAsync(token => grains.GetGrain<ISharedTicketGrain>(sharedId).WithdrawAsync(target, token), CancellationToken.None);
        }
        catch (Exception failed)
        {
            LogNotWithdrawn(logger, target.SessionId, target.ExportId, failed);
        }
    }

    /// <inheritdoc cref="RepeatAsync{TState, T}"/>
    public Task<T> RepeatAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RepeatAsync(call, static (call, token) => new ValueTask<T>(call(token)), cancellationToken);

    /// <summary>Makes a call again when it failed on its way, on whatever thread that is known: plugin code, whose threads may all be taken, waits for calls as well.</summary>
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

    [LoggerMessage(LogLevel.Warning, "The shared ticket of export {ExportId} of session {SessionId} could not be freed")]
    private static partial void LogNotWithdrawn(ILogger logger, string sessionId, int exportId, Exception exception);

    [LoggerMessage(LogLevel.Warning, "{Count} tables of the node {Node} could not be let go of")]
    private static partial void LogTablesNotLetGo(ILogger logger, int count, string node, Exception exception);

    [LoggerMessage(LogLevel.Warning, "{Holder} could not let go of {ObjectId}")]
    private static partial void LogNotLetGo(ILogger logger, string holder, string objectId, Exception exception);
}
