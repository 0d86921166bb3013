using System.Runtime.CompilerServices;
using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Client;

/// <summary>A named object on the server.</summary>
/// <param name="Ticket">What to connect to or fetch, and its type.</param>
/// <param name="Name">The field's name.</param>
/// <param name="Description">What it is, if its owner says so.</param>
/// <param name="ApplicationId">The application that it belongs to, <c>scope</c> for a variable of the scope.</param>
/// <param name="ApplicationName">That application's name; empty for the scope.</param>
public sealed record Field(TypedTicket Ticket, string Name, string Description, string ApplicationId, string ApplicationName);

/// <summary>What changed among the named objects.</summary>
/// <param name="Created">New fields; in the first message, all of them.</param>
/// <param name="Updated">Fields that name something else now.</param>
/// <param name="Removed">Fields that are gone, as they were.</param>
public sealed record FieldChanges(IReadOnlyList<Field> Created, IReadOnlyList<Field> Updated, IReadOnlyList<Field> Removed);

public sealed partial class Session
{
    /// <summary>Lists the named objects as they are now.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The fields.</returns>
    public async Task<IReadOnlyList<Field>> ListFieldsAsync(CancellationToken cancellationToken = default)
    {
        await foreach (var first in WatchFieldsAsync(cancellationToken).ConfigureAwait(false))
            return first.Created;
        throw new WharfException("the server ended the list of fields before it began");
    }

    /// <summary>Lists the named objects, then each change, until the caller stops or the session ends.</summary>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The changes; the first has all fields.</returns>
    public async IAsyncEnumerable<FieldChanges> WatchFieldsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var call = new ApplicationService.ApplicationServiceClient(CallInvoker).ListFields(new(), cancellationToken: cancellationToken);
        await foreach (var update in call.ResponseStream.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            yield return new(Read(update.Created), Read(update.Updated), Read(update.Removed));
    }

    private static IReadOnlyList<Field> Read(IEnumerable<FieldInfo> fields) =>
        [.. fields.Select(field => new Field(TypedTicket.FromWire(field.TypedTicket), field.FieldName, field.FieldDescription, field.ApplicationId, field.ApplicationName))];
}
