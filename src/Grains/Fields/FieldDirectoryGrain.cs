using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Storage;
using Wharf.Grains.Objects;

namespace Wharf.Grains.Fields;

/// <summary>
/// The named fields of the cluster. It holds what they hold; a configured field whose object was lost is made anew, as a later life of the same name. What it knows is stored, so
/// that the fields do not go with the node that it happens to be on.
/// </summary>
[Reentrant]
[GrainType("wharf.field-directory")]
internal sealed partial class FieldDirectoryGrain(
    [PersistentState("fields", FieldStorage.Name)] IPersistentState<StoredFields> stored, IObjectsHere here, TimeProvider time, ILogger<FieldDirectoryGrain> logger)
    : Grain, IFieldDirectoryGrain
{
    private readonly FieldTable _fields = new();
    private readonly Signal _changed = new();
    private readonly Dictionary<string, FieldConfiguration> _configured = [];
    private readonly Dictionary<string, Task<ObjectReference>> _making = [];
    private readonly ObjectMakers _makers = new();
    private readonly Turns _turns = new();
    private GrainCalls _calls = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _calls = new GrainCalls(GrainFactory, here, time, logger);
        if (stored.RecordExists)
        {
            _fields.Restore(new FieldList(stored.State.Version, stored.State.Fields));
            foreach (var field in stored.State.Configured)
                _configured[field.Ticket] = field;
            _makers.Restore(stored.State.Makers);
        }

        DelayDeactivation(TimeSpan.MaxValue);
        return Task.CompletedTask;
    }

    public async Task OfferAsync(string node, ImmutableArray<string> typeNames, CancellationToken cancellationToken)
    {
        _makers.Offer(node, typeNames);
        await StoreAsync();
        foreach (var field in _configured.Values.Where(field => typeNames.Contains(field.TypeName) && _fields.Find(field.Ticket) is null).ToArray())
            await MakeWaitingAsync(field, cancellationToken);
    }

    public async Task ConfigureAsync(ImmutableArray<FieldConfiguration> fields, CancellationToken cancellationToken)
    {
        foreach (var field in fields)
        {
            FieldNames.Parse(field.Ticket);
            _configured[field.Ticket] = field;
        }

        var waiting = new List<string>();
        foreach (var field in fields.Where(field => _fields.Find(field.Ticket) is null))
        {
            try
            {
                await MakeAsync(field).WaitAsync(cancellationToken);
            }
            catch (FaultException missing) when (missing.Fault.Code == FaultCode.NotFound)
            {
                waiting.Add(missing.Fault.Message);
            }
        }

        if (waiting.Count == 0)
            return;
        await StoreAsync();
        throw new FaultException(FaultCode.NotFound, string.Join("; ", waiting));
    }

    public async Task<ObjectReference> CreateAsync(FieldConfiguration field, CancellationToken cancellationToken)
    {
        var names = FieldNames.Parse(field.Ticket);
        var made = ObjectReference.Null;
        await _turns.RunAsync(field.Ticket, async () =>
        {
            // A name that waits for a node with its type is taken, too.
            if (_fields.Find(field.Ticket) is not null || !_configured.TryAdd(field.Ticket, field))
                throw new FaultException(FaultCode.AlreadyExists, $"There is an object '{names.FieldName}' already");
            try
            {
                made = await MakeAsync(field);
            }
            catch
            {
                _configured.Remove(field.Ticket);
                throw;
            }
        }).WaitAsync(cancellationToken);
        return made;
    }

    public async Task<ObjectReference> ResolveAsync(string ticket, string holder, TimeSpan? lease, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_fields.Find(ticket)?.Object is not { } reference)
            {
                await MakeAsync(_configured.GetValueOrDefault(ticket) ?? throw NotFound(ticket)).WaitAsync(cancellationToken);
                continue;
            }

            try
            {
                await _calls.HoldAsync(reference, holder, lease, cancellationToken);
                return reference;
            }
            catch (FaultException) when (_fields.Find(ticket)?.Object != reference)
            {
                // Another object has taken its place meanwhile: that one is meant.
            }
            catch (FaultException lost) when (lost.Fault.Code == FaultCode.DataLoss && _configured.TryGetValue(ticket, out var configuration))
            {
                LogMadeAnew(logger, ticket, reference.ObjectId);
                await MakeAsync(configuration).WaitAsync(cancellationToken);
            }
        }
    }

    public Task SetAsync(string ticket, ObjectReference reference, CancellationToken cancellationToken)
    {
        var names = FieldNames.Parse(ticket);
        if (!names.IsScope)
            throw new FaultException(FaultCode.FailedPrecondition, "Only scope variables can be set");
        if (reference.Kind == ObjectKind.Null)
            throw new FaultException(FaultCode.InvalidArgument, "A scope variable cannot be null");
        var field = new FieldDescription(ticket, names.ApplicationId, "", names.FieldName, FieldNames.ScopeDescription, reference);
        return _turns.RunAsync(ticket, () => PutAsync(field, cancellationToken));
    }

    public async Task<bool> RemoveAsync(string ticket, CancellationToken cancellationToken)
    {
        var removed = false;
        await _turns.RunAsync(ticket, async () =>
        {
            if (_fields.Remove(ticket) is not { } reference)
                return;
            removed = true;
            _configured.Remove(ticket);
            _changed.Set();
            await StoreAsync();
            await _calls.LetGoAsync(reference, HolderOf(ticket));
        });
        return removed;
    }

    public async Task<FieldList> ReadAsync(long version, CancellationToken cancellationToken)
    {
        await LongPoll.UntilAsync(() => _fields.Version != version ? _fields : null, () => _changed.Next, time, cancellationToken);
        return _fields.Read();
    }

    public Task<ObjectReference?> LookupAsync(string ticket, CancellationToken cancellationToken) => Task.FromResult(_fields.Find(ticket)?.Object);

    private static string HolderOf(string ticket) => $"field/{ticket}";

    /// <summary>Makes a field that waited for a node with its type. That it cannot be made is not that node's failure.</summary>
    private async Task MakeWaitingAsync(FieldConfiguration field, CancellationToken cancellationToken)
    {
        try
        {
            await MakeAsync(field).WaitAsync(cancellationToken);
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
        {
            LogStillWaits(logger, field.Ticket, failed);
        }
    }

    /// <summary>Makes a configured object; whoever asks meanwhile waits for the same one.</summary>
    private Task<ObjectReference> MakeAsync(FieldConfiguration field)
    {
        if (_making.TryGetValue(field.Ticket, out var making))
            return making;
        making = MakeOnceAsync(field);
        if (!making.IsCompleted)
            _making[field.Ticket] = making;
        return making;
    }

    private async Task<ObjectReference> MakeOnceAsync(FieldConfiguration field)
    {
        try
        {
            var names = FieldNames.Parse(field.Ticket);
            var reference = await CreateAsync(field);
            await PutHeldAsync(new FieldDescription(field.Ticket, names.ApplicationId, field.ApplicationName, names.FieldName, names.IsScope ? FieldNames.ScopeDescription : field.Description, reference));
            return reference;
        }
        catch (FaultException failed)
        {
            throw new FaultException(failed.Fault with { Message = $"The field {field.Ticket} could not be made: {failed.Fault.Message}" });
        }
        finally
        {
            _making.Remove(field.Ticket);
        }
    }

    private async Task<ObjectReference> CreateAsync(FieldConfiguration field)
    {
        var isMakerSilent = false;
        foreach (var node in _makers.Of(field.TypeName))
        {
            try
            {
                return await GrainFactory.GetGrain<IObjectFactoryGrain>($"{node}|{field.TypeName}").CreateAsync(HolderOf(field.Ticket), field.Arguments, CancellationToken.None);
            }
            catch (FaultException gone) when (gone.Fault.Code == FaultCode.Unavailable)
            {
                _makers.Forget(node);
            }
            catch (Exception lost) when (Faults.IsTransient(lost))
            {
                // It may be back, or be known as lost, when the next object is made; this one is made elsewhere.
                isMakerSilent = true;
            }
        }

        try
        {
            return await GrainFactory.GetGrain<IObjectFactoryGrain>(field.TypeName).CreateAsync(HolderOf(field.Ticket), field.Arguments, CancellationToken.None);
        }
        catch (FaultException missing) when (missing.Fault.Code == FaultCode.NotFound && isMakerSilent)
        {
            throw new FaultException(FaultCode.Unavailable, $"a node with the object type '{field.TypeName}' does not answer");
        }
    }

    /// <summary>Holds the new object before the old one is let go, and is through with both before the next change of the field.</summary>
    private async Task PutAsync(FieldDescription field, CancellationToken cancellationToken)
    {
        if (_fields.Find(field.Ticket)?.Object != field.Object)
            await _calls.HoldAsync(field.Object, HolderOf(field.Ticket), lease: null, cancellationToken);
        await PutHeldAsync(field);
    }

    private async Task PutHeldAsync(FieldDescription field)
    {
        var before = _fields.Set(field);
        _changed.Set();
        await StoreAsync();
        if (before is not null && before != field.Object)
            await _calls.LetGoAsync(before, HolderOf(field.Ticket));
    }

    private async Task StoreAsync()
    {
        stored.State = Snapshot();
        try
        {
            await stored.WriteStateAsync();
        }
        catch (InconsistentStateException changed)
        {
            // The store may have lost the record, instead of another activation having changed it. This activation has the names and writes them again.
            await stored.ReadStateAsync();
            if (stored.RecordExists)
                throw;
            LogLostRecord(logger, changed);
            stored.State = Snapshot();
            await stored.WriteStateAsync();
        }
        catch (Exception away) when (away is not FaultException)
        {
            LogNotStored(logger, away);
            throw new FaultException(FaultCode.Unavailable, "The named objects cannot be stored: the store of the cluster does not answer");
        }
    }

    private StoredFields Snapshot()
    {
        var fields = _fields.Read();
        return new StoredFields { Version = fields.Version, Fields = fields.Fields, Configured = [.. _configured.Values], Makers = _makers.All };
    }

    private FaultException NotFound(string ticket)
    {
        var names = FieldNames.Parse(ticket);
        return new FaultException(
            FaultCode.NotFound,
            names.IsScope ? $"There is no variable '{names.FieldName}' in the scope"
            : _fields.HasApplication(names.ApplicationId) ? $"The application '{names.ApplicationId}' has no field '{names.FieldName}'"
            : $"There is no application '{names.ApplicationId}'");
    }

    [LoggerMessage(LogLevel.Warning, "The field {Ticket} waited for a node with its type and could not be made there")]
    private static partial void LogStillWaits(ILogger logger, string ticket, Exception exception);

    [LoggerMessage(LogLevel.Warning, "The store has lost the named fields; writing them again")]
    private static partial void LogLostRecord(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Failed to store the named fields; the next change stores them")]
    private static partial void LogNotStored(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Warning, "The object {ObjectId} of the field {Ticket} was lost and is made anew")]
    private static partial void LogMadeAnew(ILogger logger, string ticket, string objectId);
}
