using System.CommandLine;
using System.Text;
using Spectre.Console;
using Wharf.Cli.Connection;
using Wharf.Client;
using Wharf.Protocol;

namespace Wharf.Cli.Login;

/// <summary><c>wharf login</c>: tries a login and keeps it. Secrets come from the keyboard or standard input, never from the command line, which other users can read.</summary>
internal static class LoginCommand
{
    public static Command Create(Terminal terminal, ServerConnection connection)
    {
        var user = new Option<string?>("--user", "-u") { Description = "Log in by this name and a password; without it, by the server's pre-shared key.", HelpName = "name" };
        var anonymous = new Option<bool>("--anonymous") { Description = "Log in without a name, if the server allows it." };
        var command = new Command("login", "Log in and remember it, in a file that only you can read. The key or password is asked for, or read from standard input.") { user, anonymous };
        command.SetAction(async (result, cancellationToken) =>
        {
            var address = connection.RequireAddress(result);
            var login = result.GetValue(anonymous) ? new StoredLogin(LoginSchemes.Anonymous, "") : Read(terminal, result.GetValue(user));
            Credentials credentials;
            try
            {
                credentials = CredentialStore.ToCredentials(login);
            }
            catch (ArgumentException wrong)
            {
                throw new CommandException($"no server takes this: {wrong.Message}", ExitCodes.Usage);
            }

            await using (var session = await Session.ConnectAsync(address, credentials, cancellationToken: cancellationToken))
                connection.Store.Put(address, login);
            terminal.Note($"Logged in at {address}; kept in {connection.Store.File}");
            return ExitCodes.Success;
        });
        return command;
    }

    private static StoredLogin Read(Terminal terminal, string? user)
    {
        if (user?.Contains(':', StringComparison.Ordinal) == true)
            throw new CommandException("a user's name has no colon", ExitCodes.Usage);
        var secret = terminal.IsInputRedirected
            ? terminal.In.ReadLine()
            : terminal.ErrorScreen.Prompt(new TextPrompt<string>(user is null ? "Pre-shared key:" : $"Password of {Markup.Escape(user)}:").Secret().AllowEmpty());
        if (string.IsNullOrEmpty(secret))
            throw new CommandException("there is no key or password on standard input", ExitCodes.Usage);
        return user is null
            ? new StoredLogin(LoginSchemes.PreSharedKey, secret)
            : new StoredLogin(LoginSchemes.Basic, Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}")));
    }
}
