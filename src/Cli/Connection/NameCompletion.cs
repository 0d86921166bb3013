using System.CommandLine;
using Grpc.Core;
using Wharf.Client;

namespace Wharf.Cli.Connection;

/// <summary>Completes the names of objects by asking the server.</summary>
internal static class NameCompletion
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Has an argument completed; a server that does not answer at once completes nothing.</summary>
    public static void Completes(this ServerConnection connection, Argument<string> argument) =>
        argument.CompletionSources.Add(context => Task.Run(() => NamesAsync(connection, context.ParseResult)).GetAwaiter().GetResult());

    private static async Task<IEnumerable<string>> NamesAsync(ServerConnection connection, ParseResult result)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await using var session = await connection.ConnectAsync(result, limit.Token);
            return (await session.ListFieldsAsync(limit.Token)).Select(static field => field.Name).Distinct().Order(StringComparer.Ordinal);
        }
        catch (Exception unanswered) when (unanswered is RpcException or CommandException or OperationCanceledException)
        {
            return [];
        }
    }
}
