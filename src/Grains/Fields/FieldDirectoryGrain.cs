using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Storage;
using Wharf.Grains.Logs;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;

namespace Wharf.Grains.Fields;

/// <summary>
/// The named fields of the cluster. The directory holds their objects. It recreates a configured field whose object was lost, under the same name with a
/// greater epoch. The names are stored, so that they do not end with the node of the directory.
/// </summary>
[Reentrant]
[GrainType("wharf.field-directory")]
internal sealed partial class FieldDirectoryGrain : Grain, IFieldDirectoryGrain, IIncomingGrainCallFilter
{
    private readonly FieldTable _fields = new();
    private readonly Signal _changed = new();
    private readonly ObjectTypeOffers _offers = new();
    private readonly SequentialActions _changes = new();
    private readonly FieldCreator _creator;
    private readonly FieldFile _file;
    private readonly FieldWriter _writer;
    private readonly FieldReader _reader;
    private readonly FieldCounts _counts = new();
    private readonly FieldPolicy _policy;
    private readonly RetryingCalls _calls;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Task? _loading;
    private bool _isReplaced;

    public FieldDirectoryGrain(
        IGrainContext context,
        IGrainFactory grains,
        [FromKeyedServices(FieldStorage.Name)] IGrainStorage storage,
        ILocalObjects localObjects,
        IOptions<SessionOptions> limits,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger<FieldDirectoryGrain>();
        (_time, _logger) = (time, logger);
        _calls = new RetryingCalls(grains, localObjects, time, logger);
        _creator = new FieldCreator(grains, _offers);
        _file = new FieldFile(new FieldRecords(storage, context.GrainId, time), _offers, logger);
        _writer = new FieldWriter(_file, _fields, _changed.Set, OnReplaced, time, logger);
        _policy = new FieldPolicy(_counts, limits.Value, LimitedLogger.OfDenials(loggers, time));
        _reader = new FieldReader(_file.Writer, _fields, _file.Pages);
    }

    /// <summary>
    /// Reads the records before the first call. After a failure in <see cref="Grain.OnActivateAsync"/>, Orleans would reject all calls for some seconds.
    /// </summary>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await (_loading ??= LoadAsync());
        await context.Invoke();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _writer.Dispose();
        return Task.CompletedTask;
    }

    public async Task OfferAsync(string node, ImmutableArray<string> typeNames, CancellationToken cancellationToken)
    {
        _offers.Offer(node, typeNames);
        // The first record is written even if nothing has changed, to detect a store that has lost its data; the names are written to it again.
        await _writer.FlushAsync();
        foreach (var waiting in _fields.All.Where(field => FieldPolicy.Waits(field) && typeNames.Contains(field.Configuration!.TypeName)).ToArray())
            await CreateWaitingAsync(waiting.Configuration!, cancellationToken);
    }

    public async Task ConfigureAsync(ImmutableArray<FieldConfiguration> fields, CancellationToken cancellationToken)
    {
        foreach (var field in fields)
            FieldNames.Parse(field.Ticket).RequireValid();

        var missing = new List<string>();
        foreach (var field in fields.Select(static field => field with { Owner = FieldOwners.Configuration }))
        {
            if (!FieldPolicy.HasConfigured(_fields.Find(field.Ticket)))
            {
                try
                {
                    await CreateObjectAsync(field).WaitAsync(cancellationToken);
                    continue;
                }
                catch (FaultException waits) when (waits.Fault.Code == FaultCode.NotFound)
                {
                    missing.Add(waits.Fault.Message);
                }
            }

            await ChangeAsync(
                field.Ticket, stored => StoredField.AreEqual(stored?.Configuration, field) ? stored : new StoredField(field.Ticket, stored?.Field, field));
        }

        if (missing.Count > 0)
            throw new FaultException(FaultCode.NotFound, string.Join("; ", missing));
    }

    public Task<ObjectReference> CreateAsync(FieldConfiguration field, CancellationToken cancellationToken) => CreateAsync(field, FieldClaim.Unknown, cancellationToken);

    public async Task<ObjectReference> CreateAsync(FieldConfiguration field, FieldClaim claim, CancellationToken cancellationToken)
    {
        var names = FieldNames.Parse(field.Ticket).RequireValid();
        var created = ObjectReference.Null;
        await _changes.RunAsync(field.Ticket, async () =>
        {
            // A name that waits for a node with its type is also taken.
            if (_fields.Find(field.Ticket) is not null || _creator.IsCreating(field.Ticket))
                throw new FaultException(FaultCode.AlreadyExists, $"There is an object '{names.FieldName}' already");
            using var place = _policy.DemandCreate(claim);
            created = await CreateObjectAsync(field with { Owner = claim.Owner });
        }).WaitAsync(cancellationToken);
        return created;
    }

    public async Task<ObjectReference> ResolveAsync(string ticket, string holder, TimeSpan? lease, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_fields.Find(ticket)?.Object is not { } reference)
            {
                await CreateObjectAsync(_fields.Find(ticket)?.Configuration ?? throw NotFound(ticket)).WaitAsync(cancellationToken);
                continue;
            }

            try
            {
                await _calls.HoldAsync(reference, holder, lease, cancellationToken);
                return reference;
            }
            catch (FaultException) when (_fields.Find(ticket)?.Object != reference)
            {
                // Another object has replaced it; resolve that one.
            }
            catch (FaultException lost) when (lost.Fault.Code == FaultCode.DataLoss && _fields.Find(ticket)?.Configuration is { } configuration)
            {
                LogRecreating(_logger, ticket, reference.ObjectId);
                await CreateObjectAsync(configuration).WaitAsync(cancellationToken);
            }
        }
    }

    public Task SetAsync(string ticket, ObjectReference reference, CancellationToken cancellationToken) => SetAsync(ticket, reference, FieldClaim.Unknown, cancellationToken);

    public Task SetAsync(string ticket, ObjectReference reference, FieldClaim claim, CancellationToken cancellationToken)
    {
        var variable = FieldNames.ToVariable(ticket, reference);
        return _changes.RunAsync(ticket, () => PutAsync(variable, claim, cancellationToken));
    }

    public Task DemandFreeAsync(string ticket, FieldClaim claim, CancellationToken cancellationToken)
    {
        _policy.DemandFree(ticket, _fields.Find(ticket), claim);
        return Task.CompletedTask;
    }

    public Task<bool> RemoveAsync(string ticket, CancellationToken cancellationToken) => RemoveAsync(ticket, FieldClaim.Unknown, cancellationToken);

    public async Task<bool> RemoveAsync(string ticket, FieldClaim claim, CancellationToken cancellationToken)
    {
        var removed = false;
        await _changes.RunAsync(ticket, async () =>
        {
            var (before, after) = await ChangeAsync(ticket, stored => _policy.Remove(ticket, stored, claim));
            if (before?.Object is not { } reference || after is not null)
                return;
            removed = true;
            await _calls.ReleaseAsync(reference, Holder.OfField(ticket));
        });
        return removed;
    }

    public async Task<FieldList> ReadAsync(long version, CancellationToken cancellationToken)
    {
        await LongPoll.UntilAsync(() => _fields.Version != version || _isReplaced ? _fields : null, () => _changed.Next, _time, cancellationToken);
        return _fields.Read();
    }

    public async Task<FieldUpdates> FollowAsync(FieldPosition position, bool waits, CancellationToken cancellationToken)
    {
        if (waits)
            await LongPoll.UntilAsync(() => !_reader.IsCurrent(position) || _isReplaced ? _reader : null, () => _changed.Next, _time, cancellationToken);
        return _reader.Read(position);
    }

    public Task<bool> HasApplicationAsync(string applicationId, CancellationToken cancellationToken) => Task.FromResult(_fields.HasApplication(applicationId));

    public Task<ObjectReference?> LookupAsync(string ticket, CancellationToken cancellationToken) => Task.FromResult(_fields.Find(ticket)?.Object);

    /// <summary>Reads the records. A failure fails all calls that wait for them and deactivates this grain; the next call activates it again.</summary>
    private async Task LoadAsync()
    {
        try
        {
            var version = await _file.LoadAsync(CancellationToken.None);
            _fields.Restore(_file.Pages.All.SelectMany(static page => page.Fields.Values), version);
            foreach (var field in _fields.All)
                _counts.Move(null, field);
            DelayDeactivation(TimeSpan.MaxValue);
        }
        catch (Exception failed)
        {
            DeactivateOnIdle();
            if (failed is InconsistentStateException)
                throw FieldWriter.DirectoryMoving();
            LogLoadFailed(_logger, failed);
            throw new FaultException(FaultCode.Unavailable, "The named objects cannot be read: the store of the cluster does not answer");
        }
    }

    /// <summary>Creates the object of a field that waited for a node with its type. A failure is logged; it does not fail the call of the node.</summary>
    private async Task CreateWaitingAsync(FieldConfiguration field, CancellationToken cancellationToken)
    {
        try
        {
            await CreateObjectAsync(field).WaitAsync(cancellationToken);
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
        {
            LogWaitingFailed(_logger, field.Ticket, failed);
        }
    }

    /// <summary>Creates the object of a configured field and stores it; concurrent callers wait for the same object.</summary>
    private Task<ObjectReference> CreateObjectAsync(FieldConfiguration field) => _creator.CreateAsync(field, reference =>
    {
        var names = FieldNames.Parse(field.Ticket);
        var description = names.IsScope ? FieldNames.ScopeDescription : field.Description;
        var created = new FieldDescription(field.Ticket, names.ApplicationId, field.ApplicationName, names.FieldName, description, reference) { Owner = field.Owner };
        return PutHeldAsync(created, _ => new StoredField(field.Ticket, created, field));
    });

    /// <summary>Holds the new object before the old one is released, and completes both before the next change of the field.</summary>
    private async Task PutAsync(FieldDescription variable, FieldClaim claim, CancellationToken cancellationToken)
    {
        // Check before the object is held, and again when the change is made.
        var before = _fields.Find(variable.Ticket);
        _policy.Put(variable, before, claim);
        if (before?.Object != variable.Object)
            await _calls.HoldAsync(variable.Object, Holder.OfField(variable.Ticket), lease: null, cancellationToken);
        await PutHeldAsync(variable, stored => _policy.Put(variable, stored, claim));
    }

    /// <summary>Stores a field whose object is already held, and then releases the replaced object, or the new one if it cannot be stored.</summary>
    private async Task PutHeldAsync(FieldDescription field, Func<StoredField?, StoredField> put)
    {
        var released = field.Object;
        try
        {
            var (before, _) = await ChangeAsync(field.Ticket, stored => put(stored) is var after && StoredField.AreEqual(after, stored) ? stored : after);
            released = before?.Object;
        }
        finally
        {
            if (released is not null && _fields.Find(field.Ticket)?.Object != released)
                await _calls.ReleaseAsync(released, Holder.OfField(field.Ticket));
        }
    }

    /// <summary>Makes a change. The counts include it from the moment at which it is accepted.</summary>
    private async Task<(StoredField? Before, StoredField? After)> ChangeAsync(string ticket, Func<StoredField?, StoredField?> update)
    {
        (StoredField? Before, StoredField? After) counted = default;
        try
        {
            return await _writer.ChangeAsync(ticket, stored =>
            {
                counted = (stored, update(stored));
                _counts.Move(counted.Before, counted.After);
                return counted.After;
            });
        }
        catch
        {
            _counts.Move(counted.After, counted.Before);
            throw;
        }
    }

    /// <summary>Deactivates this grain after another activation has taken over its records.</summary>
    private void OnReplaced()
    {
        LogReplaced(_logger);
        _isReplaced = true;
        _changed.Set();
        DeactivateOnIdle();
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

    [LoggerMessage(2502, LogLevel.Warning, "Failed to create the object of the field {Ticket} on the node that offers its type; the field still waits")]
    private static partial void LogWaitingFailed(ILogger logger, string ticket, Exception exception);

    [LoggerMessage(2503, LogLevel.Warning, "The object {ObjectId} of the field {Ticket} was lost; recreating it")]
    private static partial void LogRecreating(ILogger logger, string ticket, string objectId);

    [LoggerMessage(2504, LogLevel.Warning, "Failed to read the named fields from the store; the next call reads them again")]
    private static partial void LogLoadFailed(ILogger logger, Exception exception);

    [LoggerMessage(2505, LogLevel.Warning, "Another activation of the directory has taken over the named fields; deactivating this one")]
    private static partial void LogReplaced(ILogger logger);
}
