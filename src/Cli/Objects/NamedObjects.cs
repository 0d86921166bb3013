using Wharf.Client;

namespace Wharf.Cli.Objects;

/// <summary>The server's built-in object by which named objects are made and removed.</summary>
internal static class NamedObjects
{
    /// <summary>Opens it, whatever its name is.</summary>
    /// <exception cref="CommandException">The server has no such object.</exception>
    public static async Task<RpcClient<INamedObjects>> OpenAsync(Session session, CancellationToken cancellationToken)
    {
        var field = (await session.ListFieldsAsync(cancellationToken)).FirstOrDefault(static field => field.Ticket.Type == INamedObjects.TypeName)
            ?? throw new CommandException($"this server has no object '{INamedObjects.Name}' of type {INamedObjects.TypeName}, by which others are managed", ExitCodes.NotFound);
        return await session.OpenAsync<INamedObjects>(field.Ticket, cancellationToken);
    }
}
