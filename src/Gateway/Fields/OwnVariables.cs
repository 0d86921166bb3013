using System.Collections.Immutable;
using Grpc.Core;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Errors;
using Wharf.Gateway.Streams;
using Wharf.Grains.Fields;
using Wharf.Grains.Sessions;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Fields;

/// <summary>Combines the variables in the own scope of an anonymous session with the shared fields. An own variable hides a shared one of the same name.</summary>
/// <param name="session">The session.</param>
/// <param name="visible">Selects the shared fields that the session may see.</param>
/// <param name="pause">The pause between two messages of changes.</param>
/// <param name="time">The clock.</param>
internal sealed class OwnVariables(CallSession session, VisibleFields visible, TimeSpan pause, TimeProvider time)
{
    private Dictionary<string, FieldDescription> _own = [];
    private long _version;

    /// <summary>Returns whether a session may have its own scope.</summary>
    public static bool MayExist(CallSession? session) => session is { Caller.Scheme: LoginSchemes.Anonymous };

    /// <summary>Adds the own variables of a session to the shared fields.</summary>
    public static async Task<ImmutableArray<FieldDescription>> AddAsync(
        ImmutableArray<FieldDescription> shared, CallSession? session, CancellationToken cancellationToken)
    {
        if (!MayExist(session))
            return shared;
        var own = (await ReadAsync(session!.Grain, version: 0, cancellationToken)).Fields;
        return [.. shared.ExceptBy(own.Select(static variable => variable.Ticket), static other => other.Ticket), .. own.Where(IsListed)];
    }

    /// <summary>Sends the shared and the own fields, and their changes, until the call ends.</summary>
    public async Task SendAsync(FieldSubscription shared, IServerStreamWriter<Wire.FieldsChangeUpdate> responses, CancellationToken stopped)
    {
        Advance(await ReadAsync(stopped));
        var first = Unhidden(await visible.FilterAsync(shared.First, stopped));
        await responses.WriteUnlessStoppedAsync(new FieldListChanges([.. first.Created, .. _own.Values], [], []).Message, stopped);
        var nextShared = shared.NextAsync(stopped).AsTask();
        var nextOwn = ReadAsync(stopped);
        while (true)
        {
            await Task.WhenAny(nextShared, nextOwn);
            if (nextOwn.IsCompleted)
            {
                var changes = Advance(await nextOwn);
                nextOwn = changes.IsEmpty ? ReadAsync(stopped) : ReadLaterAsync(stopped);
                await SendAsync(changes, responses, stopped);
            }

            if (nextShared.IsCompleted)
            {
                var changes = Unhidden(await visible.FilterAsync(await nextShared, stopped));
                nextShared = shared.NextAsync(stopped).AsTask();
                await SendAsync(changes, responses, stopped);
            }
        }
    }

    private static async Task SendAsync(FieldListChanges changes, IServerStreamWriter<Wire.FieldsChangeUpdate> responses, CancellationToken stopped)
    {
        if (!changes.IsEmpty)
            await responses.WriteUnlessStoppedAsync(changes.Message, stopped);
    }

    private static bool IsListed(FieldDescription variable) => variable.Object.TypeName.Length > 0;

    private static Task<FieldList> ReadAsync(ISessionGrain session, long version, CancellationToken cancellationToken) => GrainCallRetry.RetryOnceAsync(
        (session, version), static (state, token) => state.session.ReadVariablesAsync(state.version, token), cancellationToken);

    private Task<FieldList> ReadAsync(CancellationToken cancellationToken) => ReadAsync(session.Grain, _version, cancellationToken);

    private async Task<FieldList> ReadLaterAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(pause, time, cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    private FieldListChanges Advance(FieldList list)
    {
        _version = list.Version;
        var before = _own;
        _own = list.Fields.Where(IsListed).ToDictionary(static variable => variable.Ticket);
        return new FieldListChanges(
            [.. _own.Values.Where(variable => !before.ContainsKey(variable.Ticket))],
            [.. _own.Values.Where(variable => before.TryGetValue(variable.Ticket, out var old) && old != variable)],
            [.. before.Values.Where(variable => !_own.ContainsKey(variable.Ticket))]);
    }

    private FieldListChanges Unhidden(FieldListChanges shared) =>
        _own.Count == 0 ? shared : new FieldListChanges([.. Unhidden(shared.Created)], [.. Unhidden(shared.Updated)], [.. Unhidden(shared.Removed)]);

    private IEnumerable<FieldDescription> Unhidden(ImmutableArray<FieldDescription> shared) => shared.Where(other => !_own.ContainsKey(other.Ticket));
}
