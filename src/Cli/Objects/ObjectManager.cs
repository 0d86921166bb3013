using Wharf.Client;

namespace Wharf.Cli.Objects;

/// <summary>Opens the built-in object of the server that creates and deletes named objects.</summary>
internal static class ObjectManager
{
    /// <summary>Opens the object, which is found by its type.</summary>
    /// <exception cref="CommandException">The server has no such object.</exception>
    public static async Task<RpcClient<INamedObjects>> OpenAsync(Session session, CancellationToken cancellationToken)
    {
        var field = (await session.ListFieldsAsync(cancellationToken)).FirstOrDefault(static field => field.Ticket.Type == INamedObjects.TypeName)
            ?? throw new CommandException($"this server has no object '{INamedObjects.Name}' of type {INamedObjects.TypeName}, which manages other objects", ExitCodes.NotFound);
        return await session.OpenAsync<INamedObjects>(field.Ticket, cancellationToken);
    }
}
