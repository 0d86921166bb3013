using System.CommandLine;
using Wharf.Cli.Connection;

namespace Wharf.Cli.Login;

/// <summary><c>wharf logout</c>.</summary>
internal static class LogoutCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var command = new Command("logout", "Forget the login at a server.");
        command.SetAction(result =>
        {
            var address = connection.RequireAddress(result);
            terminal.Note(connection.Store.Remove(address) ? $"Forgot the login at {address}" : $"There was no login at {address}");
            return ExitCodes.Success;
        });
        return command;
    }
}
