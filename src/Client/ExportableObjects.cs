using System.Runtime.CompilerServices;
using Grpc.Core;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;

namespace Wharf.Client;

/// <summary>A named object on the server.</summary>
/// <param name="Ticket">The ticket of the object, and its type.</param>
/// <param name="Name">The field's name.</param>
/// <param name="Description">A description by the owner of the field; may be empty.</param>
/// <param name="ApplicationId">The application that it belongs to, <c>scope</c> for a variable of the scope.</param>
/// <param name="ApplicationName">That application's name; empty for the scope.</param>
public sealed record Field(TypedTicket Ticket, string Name, string Description, string ApplicationId, string ApplicationName);

/// <summary>Changes of the named objects.</summary>
/// <param name="Created">New fields; in the first message, all of them.</param>
/// <param name="Updated">Fields that were assigned another object.</param>
/// <param name="Removed">Fields that were removed, as they were before.</param>
public sealed record FieldChanges(IReadOnlyList<Field> Created, IReadOnlyList<Field> Updated, IReadOnlyList<Field> Removed);

/// <summary>
/// The named objects of the server, which any session can use by their names. They can be listed once or watched for changes.
/// </summary>
public sealed class ExportableObjects
{
    private const int NamesInAdvice = 10;

    private readonly ApplicationService.ApplicationServiceClient _applications;

    internal ExportableObjects(CallInvoker invoker) => _applications = new(invoker);

    /// <summary>Lists the named objects.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The fields, in the order of the server; fields of different applications can have the same name.</returns>
    /// <exception cref="WharfException">The session has ended, or the server cannot be reached.</exception>
    public async Task<IReadOnlyList<Field>> ListAsync(CancellationToken cancellationToken = default)
    {
        await foreach (var first in WatchAsync(cancellationToken).ConfigureAwait(false))
            return first.Created;
        throw new WharfException("the server ended the list of fields without sending it");
    }

    /// <summary>Lists the named objects, then each change, until the caller stops or the session ends.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The changes; the first contains all fields.</returns>
    /// <exception cref="WharfException">The session has ended, or the server cannot be reached.</exception>
    public async IAsyncEnumerable<FieldChanges> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var call = _applications.ListFields(new(), cancellationToken: cancellationToken);
        while (true)
        {
            try
            {
                if (!await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
                    yield break;
            }
            catch (RpcException failed)
            {
                throw WharfException.From(failed, ticket: null);
            }
            var update = call.ResponseStream.Current;
            yield return new(Read(update.Created), Read(update.Updated), Read(update.Removed));
        }
    }

    /// <summary>Finds a named object.</summary>
    /// <param name="name">The name of a variable, or <c>app/{application}/field/{name}</c>.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The ticket of the object, and its type.</returns>
    /// <exception cref="WharfException">There is no such object (NOT_FOUND); the advice lists existing names.</exception>
    public async Task<TypedTicket> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var fields = await ListAsync(cancellationToken).ConfigureAwait(false);
        return Find(fields, name) ?? throw new WharfException(
            StatusCode.NotFound, $"no object is named '{name}'", TicketOf(name), fields.Count == 0
                ? "the server has no named objects"
                : "existing names: " + string.Join(", ", fields.Take(NamesInAdvice).Select(field => field.Name))
                    + (fields.Count > NamesInAdvice ? ", ..." : ""));
    }

    /// <summary>Waits until an object has the name; returns immediately if one has it already.</summary>
    /// <param name="name">The name, as in <see cref="FindAsync"/>.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The ticket of the object, and its type.</returns>
    /// <exception cref="WharfException">The session ended first.</exception>
    public async Task<TypedTicket> WaitForAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        await foreach (var changes in WatchAsync(cancellationToken).ConfigureAwait(false))
            if ((Find(changes.Created, name) ?? Find(changes.Updated, name)) is { } found)
                return found;
        throw new WharfException(
            StatusCode.Unavailable, $"the server ended the list of fields before an object was named '{name}'", TicketOf(name),
            StatusAdvice.Of(StatusCode.Unavailable));
    }

    private static TypedTicket? Find(IEnumerable<Field> fields, string name)
    {
        var ticket = TicketOf(name);
        return fields.FirstOrDefault(field => field.Ticket.Ticket.Equals(ticket))?.Ticket;
    }

    internal static Protocol.Ticket TicketOf(string name) =>
        name.StartsWith("app/", StringComparison.Ordinal) && Protocol.Ticket.TryParseCanonical(name, out var application)
            ? application
            : new ScopeTicket(name);

    private static IReadOnlyList<Field> Read(IEnumerable<FieldInfo> fields) =>
        [.. fields.Select(
            field => new Field(
                TypedTicket.FromWire(field.TypedTicket), field.FieldName, field.FieldDescription, field.ApplicationId,
                field.ApplicationName))];
}
