using System.CommandLine;
using Wharf.Cli.Connection;

namespace Wharf.Cli.Login;

/// <summary><c>wharf logout</c>.</summary>
internal static class LogoutCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var command = new Command("logout", "Delete the stored login of a server.");
        command.SetAction(result =>
        {
            var address = connection.RequireAddress(result);
            terminal.Note(connection.Store.Remove(address) ? $"Deleted the login of {address}" : $"No login of {address} is stored");
            return ExitCodes.Success;
        });
        return command;
    }
}
