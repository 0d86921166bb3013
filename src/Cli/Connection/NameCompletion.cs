using System.CommandLine;
using Grpc.Core;
using Wharf.Cli.Completion;
using Wharf.Cli.Objects;
using Wharf.Client;

namespace Wharf.Cli.Connection;

/// <summary>Completes the names of objects and types by querying the server.</summary>
internal static class NameCompletion
{
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(1);

    /// <summary>Completes an argument with the names of objects. A server that does not answer within the limit adds no names.</summary>
    public static void CompleteObjectNames(this ServerConnection connection, Argument<string> argument) => connection.Complete(argument, ObjectsAsync);

    /// <summary>Completes an argument with the names of object types. A server that does not answer within the limit adds no names.</summary>
    public static void CompleteTypeNames(this ServerConnection connection, Argument<string> argument) => connection.Complete(argument, TypesAsync);

    private static void Complete(this ServerConnection connection, Argument<string> argument, Func<Session, CancellationToken, Task<IEnumerable<string>>> names) =>
        argument.CompleteNames(context => Task.Run(() => NamesAsync(connection, context.ParseResult, names)).GetAwaiter().GetResult());

    private static async Task<IEnumerable<string>> NamesAsync(
        ServerConnection connection, ParseResult result, Func<Session, CancellationToken, Task<IEnumerable<string>>> names)
    {
        using var limit = new CancellationTokenSource(QueryLimit);
        try
        {
            await using var session = await connection.ConnectAsync(result, limit.Token);
            return (await names(session, limit.Token)).Distinct().Order(StringComparer.Ordinal);
        }
        catch (Exception unanswered) when (unanswered is RpcException or CommandException or OperationCanceledException)
        {
            return [];
        }
    }

    private static async Task<IEnumerable<string>> ObjectsAsync(Session session, CancellationToken cancellationToken) =>
        (await session.ListFieldsAsync(cancellationToken)).Select(static field => field.Name);

    private static async Task<IEnumerable<string>> TypesAsync(Session session, CancellationToken cancellationToken)
    {
        await using var objects = await ObjectManager.OpenAsync(session, cancellationToken);
        return (await objects.Service.ListTypesAsync(cancellationToken)).Where(static type => type.CanCreate).Select(static type => type.Name);
    }
}
